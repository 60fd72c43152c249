/* Words and small parts of headquarters' page of the field. */

import {at, make} from './deskdom.js';
import {clockText} from './staff.js';

export {japanese} from './deskwords.js';

export const root = at('fielddesk');
export const words = JSON.parse(root.dataset.words);
export const places = JSON.parse(root.dataset.places);
export const zone = root.dataset.zone;
export const isApprover = Boolean(root.dataset.approver);
export const HQ = '/api/v1/headquarters/';

export const word = (table, key) => words[table][key] ?? key;
export const number = value => value.toLocaleString('en-US');
export const placeName = id => (id === null ? '行き先なし' : places[id]?.[0] ?? id);
export const isLive = one => ['reported', 'corroborated', 'confirmed'].includes(one.state);
export const isWaiting = one => ['reported', 'corroborated'].includes(one.state);

/* Ages of what is drawn between two answers; the page says how. */
export const drawn = {aged: () => {}};

/* A moment with its age, which staff.js keeps. */
export const time = (iso, before = '', until = false) => {
  const part = make('span', {className: 'at nb'}, before);
  if (!iso) return part;
  const made = make('time', {dateTime: iso}, make('span', {textContent: clockText(iso, zone)}));
  if (until) made.dataset.until = '';
  part.append(made);
  return part;
};

/* Names of streets; those that share one are counted, those without one too. */
export const streetsText = names => {
  const counts = new Map();
  for (const name of names) counts.set(name || '名前のない道', (counts.get(name || '名前のない道') ?? 0) + 1);
  return [...counts].map(([name, count]) => (count > 1 ? `${name}（${count}区間）` : name)).join('、');
};

export const cell = (inside, className = '') => make('td', {className}, inside);

/* A table in a box that scrolls by itself where the letters are large. */
export const table = (caption, heads, rows) => {
  const head = make('tr', {}, ...heads.map(one => make('th', {scope: 'col', textContent: one})));
  const made = make('table', {}, make('caption', {className: 'hide', textContent: caption}),
    make('thead', {}, head), make('tbody', {}, ...rows));
  const box = make('div', {className: 'wide', tabIndex: 0}, made);
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', caption);
  return box;
};

export const row = (head, ...cells) => make('tr', {}, make('th', {scope: 'row'}, head), ...cells);

export const button = (text, act, values = {}) => {
  const made = make('button', {type: 'button', className: `btn ${values.style ?? ''}`}, text);
  if (values.key) made.append(' ', make('kbd', {textContent: values.key}));
  if (values.name) made.dataset.do = values.name;
  if (values.label) made.setAttribute('aria-label', values.label);
  made.addEventListener('click', act);
  return made;
};

const hostOf = link => {
  try {
    return new URL(link).host;
  } catch {
    return '';
  }
};

/* A link that somebody pasted: as text with its host in front, and nobody is told whence it was opened.
   One without a host that can be read is text alone. */
export const pasted = link => {
  const host = hostOf(link);
  if (!host) return make('span', {className: 'pasted', textContent: link});
  return make('span', {className: 'pasted'}, make('b', {textContent: host}), ' ',
    make('a', {href: link, rel: 'noreferrer noopener', target: '_blank', textContent: link}));
};
