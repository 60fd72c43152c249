/* Words of the page of what was seen. */

import {at, make} from './deskdom.js';

export const root = at('replay');
export const API = '/api/v1/headquarters/replay';
const {zone} = root.dataset;
const words = JSON.parse(root.dataset.words);

const format = wanted => new Intl.DateTimeFormat('ja-JP', {timeZone: zone, hourCycle: 'h23', ...wanted});
const clock = format({hour: '2-digit', minute: '2-digit'});
const date = format({month: 'numeric', day: 'numeric'});

export const word = (table, key) => words[table][key] ?? key;
export const number = value => (value == null ? '—' : value.toLocaleString('en-US'));
export const minute = moment => clock.format(new Date(moment));
const day = moment => date.format(new Date(moment));
export const said = moment => `${day(moment)} ${minute(moment)}`;

/* How old something was then, in words; the table's head says that it is of then. */
export const age = (iso, then) => {
  if (!iso) return '';
  const minutes = Math.floor((then - Date.parse(iso)) / 6e4);
  if (minutes < 1) return '1分以内';
  return minutes < 60 ? `${minutes}分前` : `${Math.floor(minutes / 60)}時間${minutes % 60}分前`;
};

export const cell = (text, className = '') => make('td', {className, textContent: text ?? '—'});
