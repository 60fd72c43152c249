/* Words and small parts of the page of the duties. */

import {at, make, put} from './deskdom.js';
import {clockText} from './staff.js';

export {japanese} from './deskwords.js';

export const root = at('duties');
export const {zone} = root.dataset;
export const whole = Boolean(root.dataset.whole);
export const words = JSON.parse(root.dataset.words);
export const HQ = '/api/v1/headquarters/';
export const drawn = {aged: () => {}};

/* A moment with its age, or until when. */
export const time = (iso, until = false) => {
  if (!iso) return '—';
  const made = make('time', {dateTime: iso}, make('span', {textContent: clockText(iso, zone)}));
  if (until) made.dataset.until = '';
  return make('span', {className: 'at nb'}, made);
};

export const level = value => {
  if (!value || value < 3) return make('span', {className: 'none'}, '発令なし');
  const sign = make('b', {className: 'level'}, String(value));
  sign.dataset.value = value;
  return make('span', {className: 'nb leveled'}, sign, ` ${words.level[value]}`);
};

export const unconfirmed = () => make('b', {className: 'unconfirmed'}, '未確認');

export const figure = (name, value, about = '') => {
  const made = make('div', {}, make('dt', {}, name), make('dd', {}, make('b', {}, value)));
  if (about) made.lastChild.append(make('small', {}, about));
  return made;
};

export const figures = (element, rows) =>
  element.replaceChildren(make('dl', {className: 'kpis'}, ...rows));

export const table = (caption, heads, rows) => {
  const head = make('tr', {}, ...heads.map(one => make('th', {scope: 'col', textContent: one})));
  const body = rows.map(cells => make('tr', {}, ...cells.map((inside, number) =>
    make(number ? 'td' : 'th', number ? {} : {scope: 'row'}, inside))));
  const made = make('table', {}, make('caption', {textContent: caption}), make('thead', {}, head), make('tbody', {}, ...body));
  const box = make('div', {className: 'wide', tabIndex: 0}, made);
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', caption);
  return box;
};

/* What somebody else entered while one types; "" where it is the same. */
export const sayOther = (element, value) => {
  put(element, value ? `いまの記入：${value}` : '');
  element.hidden = !value;
};

/* Of a table only what it says is drawn anew: its region keeps the focus and how far it is scrolled. */
export const drawTable = (holder, made, was) => {
  if (holder.dataset.key === was) return;
  holder.dataset.key = was;
  const there = holder.firstElementChild;
  if (there?.matches('.wide')) there.replaceChildren(...made().childNodes);
  else holder.replaceChildren(made());
};

/* The value of a field of `datetime-local`, which knows no zone, as a moment of the city's clock. */
export const momentOf = local => {
  const guess = Date.parse(`${local}Z`);
  if (Number.isNaN(guess)) return null;
  const shown = new Intl.DateTimeFormat('sv-SE', {timeZone: zone, dateStyle: 'short', timeStyle: 'short'});
  const there = at_ => Date.parse(`${shown.format(at_).replace(' ', 'T')}Z`);
  return new Date(guess - (there(guess) - guess)).toISOString();
};

export const localOf = iso => {
  if (!iso) return '';
  const shown = new Intl.DateTimeFormat('sv-SE', {timeZone: zone, dateStyle: 'short', timeStyle: 'short'});
  return shown.format(Date.parse(iso)).replace(' ', 'T');
};
