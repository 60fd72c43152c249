/* The welfare role's page of door lists. Who is recalled or late is told before all else; a list is
   opened only by its button, and no door is kept in this browser. */

import {ages, clockText, get, now, setClock} from './staff.js';
import {at, fill, make, put} from './deskdom.js';
import {isDrill, root, time, zone} from './hqalertsay.js';
import {ENDED, isLate, isTelling, listName} from './doorlists.js';
import {chosenArea, drawLists, forgetLists, listenToLists} from './welfaredoorlists.js';
import {closeList, drawOpened, listenToOpened, openList} from './welfaredooropened.js';

const LISTS = '/api/v1/headquarters/doors';
const RENEW_MS = 3e3;
const TITLE = document.title;
const NAMED = 4;

let lists = [];
let areas = [];
let leftOut = 0;
let lateSince = '';
let isOut = false;
let isKnown = false;
let told = 0;
let renewAges = () => {};

const behind = (text, ...more) => {
  const key = text + more.length;
  at('behind').hidden = !text;
  fill(at('behind'), key, () => [text, ...more]);
};

/* Without the sign-in nobody hears here of a recall: no door is left on the screen. */
const leave = () => {
  if (isOut) return;
  isOut = true;
  closeList();
  forgetLists();
  lists = [];
  drawAlarms();
  put(at('none'), '一覧は、サインインし直すと出ます。');
  at('none').hidden = false;
  at('shut').hidden = true;
  const link = make('a', {className: 'btn', href: `/signin?next=${encodeURIComponent(location.pathname)}`, textContent: 'サインイン'});
  behind('サインインし直してください。呼び戻しも、ここには届きません。', link);
};

const ALARMS = [
  ['呼び戻し', one => isLate(one) && one.recalled_at, 'すぐ電話し、全員戻るよう伝えてください。'],
  ['撤収時刻を過ぎた', one => isLate(one) && !one.recalled_at, '電話で、全員いるか、いまどこかを確かめてください。'],
  ...Object.entries(ENDED).map(([step, [word, act]]) => [word, one => isTelling(one) && one.ended === step, act]),
];

const names = due => due.slice(0, NAMED).map(one => `${one.team}（${listName(one)}）`).join('、')
  + (due.length > NAMED ? `、ほか${due.length - NAMED}班` : '');

/* One box for all of a kind: each team stands in the list below, the worst first. */
const alarm = (word, due, act) => {
  const drill = isDrill(due[0]);
  return make('div', {className: drill ? 'alarm drilled' : 'alarm'},
    make('p', {}, ...(drill ? [make('b', {className: 'drillmark', textContent: '訓練'}), ' '] : []),
      make('b', {textContent: `${word} ${due.length}班`}), `　${names(due)}`),
    make('p', {textContent: drill ? `これは訓練です。${act}` : act}));
};

const alarmsOf = due => [false, true].flatMap(drill => ALARMS.map(([word, is, act]) =>
  [word, due.filter(one => isDrill(one) === drill && is(one)), act])).filter(([, found]) => found.length);

const drawAlarms = () => {
  const found = alarmsOf(lists);
  fill(at('alarms'), JSON.stringify(found.map(([word, due]) => [word, due.map(one => one.list)])), () => found.map(one => alarm(...one)));
  const [word, due] = found[0] ?? [];
  document.title = word ? `【${isDrill(due[0]) ? '訓練・' : ''}${word}】${TITLE}` : TITLE;
};

/* Nothing is said of lists that were not heard of, or are heard of no more. */
const draw = () => {
  if (!isKnown || isOut) return;
  drawAlarms();
  drawLists(lists, areas, leftOut);
  drawOpened(lists);
  renewAges();
};

const heard = answer => {
  isKnown = true;
  setClock(answer.as_of);
  ({lists, areas, left_out: leftOut} = answer);
  fill(at('lists-at'), answer.as_of, () => [time(answer.as_of, '更新 ')]);
  draw();
};

/* What came later than a newer answer is passed over. */
const renew = async () => {
  const number = ++told;
  try {
    const answer = await get(`${LISTS}${chosenArea() ? `?area=${encodeURIComponent(chosenArea())}` : ''}`);
    if (isOut || number !== told) return;
    lateSince = '';
    behind('');
    heard(answer);
  } catch (error) {
    if (error.status === 401 || error.status === 403) {
      leave();
      return;
    }
    lateSince ||= new Date(now()).toISOString();
    if (!lists.length) put(at('none'), 'まだ読み込めていません。');
    behind(`${clockText(lateSince, zone)} から更新できていません。呼び戻しが届いていないかもしれません。本部に電話で確かめてください。`);
  }
};

const tick = async () => {
  await renew();
  if (!isOut) setTimeout(tick, RENEW_MS);
};

listenToLists({open: openList, chose: () => { draw(); renew(); }});
listenToOpened({renew, leave, drawn: () => renewAges()});
addEventListener('pagehide', closeList);
root.addEventListener('ages', draw);
setClock(root.dataset.now);
renewAges = ages(root);
tick();
