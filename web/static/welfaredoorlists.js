/* The lists that are outside, wait, or came back: areas, teams, times and counts; no door. */

import {at, fill, make, put} from './deskdom.js';
import {isDrill, time} from './hqalertsay.js';
import {ENDED, counts, isLate, isTelling, listName, moment, stateOf} from './doorlists.js';

const PARTS = ['outside', 'waiting', 'back'];
const OPEN = '開く（記録されます）';
const rows = new Map();
let open = () => {};
export const chosenArea = () => area.value;

const groupOf = one => (one.back_at ? 'back' : one.handed_at ? 'outside' : 'waiting');
const area = at('area');

export const listenToLists = ({open: opens, chose}) => {
  open = opens;
  area.addEventListener('change', chose);
};

const head = one => [
  make('span', {className: 'line2'}, ...(isDrill(one) ? [make('b', {className: 'drillmark', textContent: '訓練'})] : []),
    make('b', {textContent: listName(one)}), make('span', {textContent: one.team}),
    make('b', {className: isLate(one) || isTelling(one) ? 'state warned' : 'state', textContent: stateOf(one)})),
  make('span', {className: 'line2'}, make('span', {textContent: counts(one)}), one.back_at ? time(one.back_at, '帰着 ') : moment(one)),
  ...(isTelling(one) ? [make('span', {className: 'warned', textContent: ENDED[one.ended][1]})] : []),
];

const fresh = one => {
  const button = make('button', {type: 'button', className: 'btn', textContent: OPEN});
  const output = make('output', {className: 'said'});
  output.setAttribute('aria-live', 'polite');
  const shown = make('li', {}, make('div', {className: 'doorhead'}), button, output);
  shown.id = `list-${one.list}`;
  button.addEventListener('click', () => open(rows.get(one.list).one, output));
  return {shown, button};
};

const row = one => {
  if (!rows.has(one.list)) rows.set(one.list, fresh(one));
  const kept = rows.get(one.list);
  kept.one = one;
  kept.shown.classList.toggle('drilled', isDrill(one));
  kept.shown.classList.toggle('recalled', Boolean(one.recalled_at && !one.back_at));
  kept.button.hidden = !one.openable;
  kept.button.setAttribute('aria-label', `${isDrill(one) ? '訓練・' : ''}${listName(one)}${one.team ? `・${one.team}` : ''}の一覧を${OPEN}`);
  fill(kept.shown.firstChild, JSON.stringify([one, isLate(one)]), () => [...head(one),
    ...(one.openable ? [] : [make('span', {className: 'kind', textContent: '市のデータが新しくなり、開けません。帰着は本部で記録します。'})])]);
  return kept.shown;
};

const arrange = (list, shown) => {
  if (list.children.length === shown.length && shown.every((one, index) => list.children[index] === one)) return;
  const focused = document.activeElement;
  list.replaceChildren(...shown);
  if (focused?.isConnected && focused !== document.activeElement) focused.focus({preventScroll: true});
};

/* Only where there are several; the one that was chosen stays chosen, also while it has no list. */
const drawAreas = areas => {
  const chosen = area.value;
  const names = chosen && !areas.includes(chosen) ? [...areas, chosen] : areas;
  at('area-part').hidden = names.length < 2;
  fill(area, JSON.stringify(names), () => [make('option', {value: '', textContent: 'すべて'}),
    ...names.map(name => make('option', {value: name, textContent: name}))]);
  area.value = chosen;
};

/* `leftOut`: lists that wait and are told only of an area. */
export const drawLists = (lists, areas, leftOut) => {
  drawAreas(areas);
  const wanted = lists.filter(one => !area.value || one.area === area.value).sort((a, b) => isLate(b) - isLate(a) || isDrill(a) - isDrill(b));
  const groups = Object.fromEntries(PARTS.map(part => [part, wanted.filter(one => groupOf(one) === part)]));
  for (const part of PARTS) {
    arrange(at(part), groups[part].map(row));
    at(`${part}-part`).hidden = !groups[part].length;
    put(at(`${part}-count`), String(groups[part].length + (part === 'waiting' ? leftOut : 0)));
  }
  put(at('left-out'), leftOut ? `ほか ${leftOut}枚は、上で町丁目を選ぶと出ます。` : '');
  at('none').hidden = wanted.length > 0;
  put(at('none'), '一覧はありません。本部が配信の画面で作り、班に渡すと、ここに出ます。');
};

export const forgetLists = () => {
  rows.clear();
  for (const part of PARTS) {
    at(part).replaceChildren();
    at(`${part}-part`).hidden = true;
  }
  at('area-part').hidden = true;
};
