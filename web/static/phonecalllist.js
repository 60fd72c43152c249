/* The alerts that may be read, as a group of radio buttons: the arrow keys choose. Drills have a list
   of their own below those that are live. */

import {clockText} from './staff.js';
import {at, fill, make} from './deskdom.js';
import {areaText, endText, stepText, tone, whyOver} from './phonecallwords.js';

const {zone} = at('desk').dataset;
const rows = new Map();

const endWord = line => line.state === 'stopped' ? '止められた' : '期限切れ';

const inside = line => [
  make('span', {className: `badge ${tone(line)}`, textContent: endText(line) || (line.level ?? '―')}),
  make('span', {className: 'about'},
    ...line.drill ? [make('b', {className: 'drilltag', textContent: '訓練'})] : [],
    make('b', {textContent: line.title}),
    make('span', {className: 'age', textContent: areaText(line)}),
    make('span', {className: 'age', textContent: `第${line.revision}版${stepText(line)}・${clockText(line.decided_at, zone)} 決定・${clockText(line.expires_at, zone)} まで`}),
    ...line.level_5.length ? [make('b', {className: 'fivetag', textContent: line.silenced ? 'レベル5発令中：読まない' : 'レベル5の所がある'})] : [],
    ...whyOver(line) && !line.silenced ? [make('b', {className: 'fivetag', textContent: '終わり：読まない'})] : []),
];

const newRow = line => {
  const input = make('input', {type: 'radio', name: 'alert', value: String(line.alert)});
  const row = make('label', {className: 'pick alertpick'}, input, make('span', {className: 'what'}));
  rows.set(line.alert, row);
  return row;
};

const drawRows = (list, lines, chosen) => lines.forEach((line, place) => {
  const row = rows.get(line.alert) ?? newRow(line);
  const before = list.children[place + 1];
  if (before !== row) list.insertBefore(row, before ?? null);
  row.classList.toggle('isdrill', line.drill);
  fill(row.querySelector('.what'), JSON.stringify([line, whyOver(line)]), () => inside(line));
  row.querySelector('input').checked = line.alert === chosen;
});

/* What tells people to act stands before what ends an alert; within either as the server has them. */
const inOrder = lines => [...lines.filter(line => !endText(line)), ...lines.filter(endText)];

/* Whose words may be read; one that was chosen stays, also when it is over. */
export const drawList = (lines, chosen) => {
  const shown = lines.filter(line => !whyOver(line) || line.silenced || line.alert === chosen);
  for (const [alert, row] of rows) {
    if (shown.some(line => line.alert === alert)) continue;
    rows.delete(alert);
    row.remove();
  }
  const live = shown.filter(line => !line.drill);
  const drills = shown.filter(line => line.drill);
  drawRows(at('list'), inOrder(live), chosen);
  drawRows(at('drills'), inOrder(drills), chosen);
  at('drills').hidden = !drills.length;
  at('empty').hidden = live.length > 0;
  drawEnded(lines.filter(line => whyOver(line) && !line.silenced));
};

const drawEnded = ended => {
  at('ended').hidden = !ended.length;
  at('ended-count').textContent = `${ended.length}件`;
  fill(at('ended-list'), JSON.stringify(ended), () => ended.map(line =>
    make('li', {textContent: `${line.drill ? '訓練　' : ''}${line.title}（第${line.revision}版・${endWord(line)}）`})));
};
