/* The list that is open: until when, where, and what its team tells of each door. All of it is in
   this page alone, and gone when it is closed. */

import {clockText, get, say} from './staff.js';
import {at, fill, make, put} from './deskdom.js';
import {isDrill, japanese, time, zone} from './hqalertsay.js';
import {ENDED, counts, homeBy, isLate, isTelling, listName} from './doorlists.js';
import {drawDoors, forgetDoors, listenToDoors, toldHere} from './welfaredoorrows.js';

const LISTS = '/api/v1/headquarters/doors';
const KEYS = '↑↓で家を移り、1〜5で結果を押せます。押すとすぐ送ります。';
let opened = null;
let line = null;
let asked = 0;
let leave = () => {};
let drawn = () => {};

const heading = one => [...(isDrill(one) ? [make('b', {className: 'drillmark', textContent: '訓練'}), ' '] : []),
  `${listName(one)}　${one.team || '（まだ渡していない）'}`];

/* The largest on the page: until when all are back, or that they are called back now. */
const until = one => {
  if (one.back_at) return [make('p', {}, make('b', {textContent: '全員戻りました'}), ' ', time(one.back_at, '帰着 '))];
  if (one.recalled_at) {
    return [make('p', {}, make('b', {className: 'huge', textContent: 'いますぐ全員戻る'})),
      make('p', {}, time(homeBy(one), '呼び戻し '), '　すぐ電話し、戻るよう伝えてください。')];
  }
  return [...(isTelling(one) ? [make('p', {}, make('b', {className: 'large', textContent: ENDED[one.ended][0]})), make('p', {textContent: ENDED[one.ended][1]})] : []),
    make('p', {}, '撤収時刻 ', make('b', {className: 'huge', textContent: clockText(one.withdraw_at, zone)}),
    make('b', {className: 'large', textContent: ' までに全員戻る'}), ' ', leftOf(one)),
  ...(isLate(one) ? [make('p', {textContent: '時刻を過ぎました。電話で、全員いるか確かめてください。'})] : [])];
};

const leftOf = one => {
  const shown = make('time', {dateTime: one.withdraw_at, className: 'large'});
  shown.dataset.until = '';
  return shown;
};

const whyNotPrinted = one => {
  if (one.back_at) return '帰着した班の一覧は印刷できません。';
  if (one.recalled_at) return '呼び戻した一覧は印刷できません。';
  if (one.escalated_at) return '引き継いだ班の一覧は印刷できません。';
  if (one.ended) return '取り消した文・解除した文の一覧は印刷できません。';
  if (isLate(one)) return '撤収時刻を過ぎた一覧は印刷できません。';
  return '';
};

const typing = one => (one.handed_at ? KEYS : '班に渡すと、聞いたことを打ち込めます。渡すのは本部の配信の画面です。');

export const drawOpened = lists => {
  if (!opened) return;
  line = lists.find(one => one.list === opened.list) ?? line;
  const why = whyNotPrinted(line);
  const isRecalled = Boolean(line.recalled_at && !line.back_at);
  at('opened').classList.toggle('recalled', isRecalled);
  at('opened').classList.toggle('overdue', isLate(line));
  fill(at('h-opened'), JSON.stringify([line.team, line.status]), () => heading(line));
  fill(at('until'), JSON.stringify([line, isLate(line)]), () => until(line));
  put(at('opened-counts'), counts(line));
  at('print').hidden = Boolean(why);
  put(at('print-why'), why || '印刷した人と時刻も記録されます。紙は人に見せず、戻ったら本部へ。');
  put(at('typing'), typing(line));
  drawDoors(opened, Boolean(line.handed_at));
  drawElsewhere();
};

/* What others typed in is not looked up unasked: that would be another opening. */
const drawElsewhere = () => {
  const here = toldHere();
  const differs = here.settled && (line.called !== here.called || line.spoken !== here.spoken || line.lifts !== here.lifts);
  at('elsewhere').hidden = !differs;
  fill(at('elsewhere'), String(differs), () => {
    const again = make('button', {type: 'button', className: 'btn', textContent: '開き直す（記録されます）'});
    again.addEventListener('click', () => openList(line, at('elsewhere-said')));
    const said = make('output', {className: 'said', id: 'elsewhere-said'});
    return ['記録が、この画面と違います。ほかの人が打ち込んだか、届いたか分からないものがあります。', again, said];
  });
};

const shownMap = svg => {
  at('map-part').hidden = !svg;
  if (svg) at('door-map').src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  else at('door-map').removeAttribute('src');
};

const show = (found, one) => {
  closeList();
  opened = found;
  line = one;
  at('opened').classList.toggle('drill', isDrill(found));
  for (const tape of at('opened').querySelectorAll('.tape')) tape.hidden = !isDrill(found);
  at('print').href = `${LISTS}/${found.list}/paper.pdf`;
  shownMap(found.map);
  at('shut').hidden = true;
  at('opened').hidden = false;
  at(`list-${found.list}`)?.classList.add('current');
  drawOpened([]);
  drawn();
  at('opened').focus();
};

/* Asked for by its button alone: each opening is in the audit log. */
export const openList = async (one, output) => {
  const number = ++asked;
  say(output, '開いています…');
  const found = await get(`${LISTS}/${one.list}`).catch(error => error);
  if (found.status === 401 || found.status === 403) leave();
  else if (found instanceof Error) say(output, japanese(found.message).replace('送れません', '開けません'), true);
  else {
    say(output, '');
    if (number === asked) show(found, one);
  }
};

export const closeList = () => {
  asked += 1;
  if (!opened) return;
  const row = at(`list-${opened.list}`);
  row?.classList.remove('current');
  opened = null;
  line = null;
  forgetDoors();
  shownMap('');
  at('print').removeAttribute('href');
  for (const id of ['h-opened', 'until', 'opened-counts', 'elsewhere']) {
    delete at(id).dataset.key;
    at(id).replaceChildren();
  }
  at('opened').hidden = true;
  at('opened').classList.remove('recalled', 'overdue', 'drill');
  at('shut').hidden = false;
  return row;
};

const closed = () => closeList()?.querySelector('button').focus();

export const listenToOpened = ({renew, ...listens}) => {
  ({leave, drawn} = listens);
  listenToDoors({changed: () => { if (opened) drawElsewhere(); }, heard: renew, leave});
  at('close').addEventListener('click', closed);
  at('opened').addEventListener('keydown', event => {
    if (event.key === 'Escape' && !event.isComposing) closed();
  });
};
