/* Door lists of the open alert: counts, teams and times; which doors is the welfare role's alone. */

import {at, fill, make, put} from './deskdom.js';
import {now} from './staff.js';
import {time} from './hqalertsay.js';
import {ENDED, counts, isLate, isTelling, listName, moment, stateOf} from './doorlists.js';
import {handForm, homeForms, makeForm, takenText} from './hqalertdoorforms.js';

const rows = new Map();
const LISTS = {outside: 'doors-outside', waiting: 'doors-waiting', back: 'doors-back'};

const groupOf = one => (one.back_at ? 'back' : one.handed_at ? 'outside' : 'waiting');
const late = one => isLate(one);

const when = one => {
  if (one.back_at) return time(one.back_at, '帰着 ');
  const shown = moment(one);
  if (late(one)) shown.classList.add('warned');
  return shown;
};

const head = (one, revision) => [
  make('span', {className: 'line2'}, make('b', {textContent: listName(one)}), make('span', {textContent: one.team ?? ''}),
    ...(one.revision === revision ? [] : [make('span', {className: 'kind', textContent: `第${one.revision}版の一覧`})]),
    make('b', {className: late(one) || isTelling(one) ? 'state warned' : 'state', textContent: stateOf(one)})),
  make('span', {className: 'line2'}, make('span', {textContent: counts(one)}), when(one)),
  ...(isTelling(one) ? [make('span', {className: 'warned'}, ENDED[one.ended][1])] : []),
  ...(one.escalated_at && !one.back_at ? [make('span', {className: 'warned'}, time(one.escalated_at, '引き継ぎ '), `　${one.escalated_why}`)] : []),
];

/* Made when it is opened first: of a large area there are hundreds. */
const acts = (text, forms) => {
  const part = make('details', {className: 'noprint'}, make('summary', {textContent: text}));
  part.addEventListener('toggle', () => part.open && part.childElementCount === 1 && part.append(...forms()));
  return part;
};

const ACTS = {
  waiting: (one, again) => [acts('班に渡す', () => [handForm(one, again)])],
  outside: (one, again) => [acts('帰着・引き継ぎ', () => homeForms(one, again))],
  back: () => [],
};

/* A row stays, with what is being typed in it, until something else can be done with it. */
const row = (one, revision, again) => {
  const stage = `${groupOf(one)}${one.escalated_at ?? ''}`;
  if (rows.get(one.list)?.dataset.stage !== stage) {
    const fresh = make('li', {}, make('div', {className: 'doorhead'}), ...ACTS[groupOf(one)](one, again));
    fresh.dataset.stage = stage;
    rows.set(one.list, fresh);
  }
  const shown = rows.get(one.list);
  fill(shown.firstChild, JSON.stringify([one, revision, late(one)]), () => head(one, revision));
  return shown;
};

const arrange = (list, shown) => {
  if (list.children.length === shown.length && shown.every((one, index) => list.children[index] === one)) return;
  const focused = document.activeElement;
  list.replaceChildren(...shown);
  if (focused?.isConnected && focused !== document.activeElement) focused.focus({preventScroll: true});
};

const mayMake = one => ['issue', 'update'].includes(one.step) && one.level < 5 && !one.stopped_at
  && Date.parse(one.expires_at) > now();
const ends = {cancel: '取り消しました。', all_clear: '解除しました。'};
const whyEnded = (one, outside) =>
  `${ends[one.step]}${outside ? '外にいる班に電話で伝え、戻してください。' : '戸別に伝える文はありません。'}`;
const why = (one, outside) => (ends[one.step] ? whyEnded(one, outside) : one.level === 5 ? '警戒レベル5の区域へは、だれも出しません。外にいる班は呼び戻します。'
  : mayMake(one) ? '' : 'この文は終わりました。戸別に回るには、続報を出してください。');

/* `found`: what the API tells of the lists; `again` asks for them anew; `taken`: households whose
   message was taken and not confirmed, undefined before they are counted. */
export const drawDoors = (one, found, again, taken) => {
  at('doors').hidden = !found;
  if (!found) return;
  const groups = {outside: [], waiting: [], back: []};
  for (const list of found.lists) groups[groupOf(list)].push(list);
  groups.outside.sort((a, b) => late(b) - late(a) || isTelling(b) - isTelling(a));
  for (const [name, id] of Object.entries(LISTS)) {
    arrange(at(id), groups[name].map(list => row(list, one.revision, again)));
    at(`${id}-part`).hidden = !groups[name].length;
  }
  put(at('doors-waiting-head'), `渡していない一覧 ${groups.waiting.length}`);
  put(at('doors-back-head'), `帰着した班 ${groups.back.length}`);
  fill(at('doors-at'), found.as_of, () => [time(found.as_of, '数えた時刻 ')]);
  put(at('doors-why'), why(one, groups.outside.length) || (found.lists.length ? '' : '一覧はまだありません。ほかの手段が届かない世帯を、班ごとの一覧にします。'));
  at('doors-make').hidden = !mayMake(one);
  fill(at('doors-form'), JSON.stringify([one.number, one.area_names]), () => [makeForm(one, again)]);
  put(at('doors-taken'), takenText(taken));
};
