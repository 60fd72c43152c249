/* Words and small parts of headquarters' page of alerts. */

import {make} from './deskdom.js';
import {clockText} from './staff.js';

export {japanese} from './deskwords.js';

export const root = document.getElementById('alerts');
export const words = JSON.parse(root.dataset.words);
export const zone = root.dataset.zone;
export const isApprover = Boolean(root.dataset.approver);
export const mayAlone = Boolean(root.dataset.alone);
export const API = '/api/v1/headquarters/alerts';
export const WORDING = '/api/v1/headquarters/wording';
export const OUT = ['approved', 'sending', 'sent'];

export const word = (table, key) => words[table][key] ?? key;
export const number = value => value.toLocaleString('en-US');
export const signed = value => (value > 0 ? `＋${number(value)}` : value < 0 ? `－${number(-value)}` : '±0');
export const percent = share => `${(100 * share).toFixed(1)} %`;
export const isDrill = one => one.status === 'Exercise';
export const isOver = one => OUT.includes(one.state) || ['rejected', 'withdrawn'].includes(one.state);

/* A moment with its age, which staff.js keeps. */
export const time = (iso, before = '', until = false) => {
  const part = make('span', {className: 'at nb'}, before);
  if (!iso) return part;
  const made = make('time', {dateTime: iso}, make('span', {textContent: clockText(iso, zone)}));
  if (until) made.dataset.until = '';
  part.append(made);
  return part;
};

export const areasText = one => (one.whole_city ? '市内全域' : one.area_names.join('、') || '区域なし');

/* What was taken back never went out, and has no number that anybody reads. */
export const edition = one => (one.revision > 0 ? `第${one.revision}版` : '出ていない版');

/* Number, word and hazard; a drill never has a level's colour (safety.md 16). */
export const title = one => {
  const part = make('span', {className: isDrill(one) ? 'title drilled' : 'title'});
  if (isDrill(one)) part.append(make('b', {className: 'drillmark', textContent: '訓練'}));
  if (one.level) {
    const chip = make('span', {className: 'level', textContent: String(one.level)});
    if (!isDrill(one)) chip.dataset.value = String(one.level);
    part.append(chip, make('b', {textContent: `${word('level', one.level)}　${word('hazard', one.hazard)}`}));
  } else part.append(make('b', {textContent: one.subject || word('kind', one.kind)}));
  if (one.step !== 'issue') part.append(make('span', {className: 'tag', textContent: word('step', one.step)}));
  return part;
};

/* Whether whoever sits here wrote or submitted it: the page knew some, this tab made others. */
const made = new Set(root.dataset.own.split(' ').filter(Boolean).map(Number));
export const madeHere = id => made.add(id);
export const isMine = one =>
  made.has(one.number) && [one.made_by, one.submitted_by].includes(root.dataset.name);

export const cell = (text, className = '') => make('td', {className, textContent: text});

/* [[term, value], …] as rows of a <dl>. */
export const pairs = rows => rows.map(([term, value]) =>
  make('div', {}, make('dt', {textContent: term}), make('dd', {}, value)));

/* A table in a box that scrolls by itself where the letters are large. */
export const table = (caption, heads, rows) => {
  const head = make('tr', {}, ...heads.map((one, index) => Object.assign(
    make('th', {scope: 'col', textContent: one, className: index ? 'num' : ''}))));
  const made = make('table', {}, make('caption', {className: 'hide', textContent: caption}),
    make('thead', {}, head), make('tbody', {}, ...rows));
  const box = make('div', {className: 'wide', tabIndex: 0}, made);
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', caption);
  return box;
};
