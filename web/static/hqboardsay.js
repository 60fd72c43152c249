/* Words and small parts of headquarters' board. */

import {at, make} from './deskdom.js';
import {isUnread} from './hqboardwords.js';
import {clockText, now} from './staff.js';

export {japanese} from './deskwords.js';
export {isUnread, number, UNKNOWN} from './hqboardwords.js';

export const root = at('board');
export const {zone} = root.dataset;
export const words = JSON.parse(root.dataset.words);
export const API = '/api/v1/headquarters/';
export const roles = new Set(root.dataset.roles.split(' '));

export const word = (table, key) => words[table][key] ?? key;

/* What stands where nothing is listed: what could not be read never looks like none. */
export const sayNone = (element, section, city, isEmpty) => {
  const unread = isUnread(section, city);
  element.classList.toggle('bad', unread);
  const text = unread ? `${word('section', section)}に、いま読めないものがあります。` : element.dataset.empty;
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !isEmpty && !unread;
};

/* A moment with its age, which staff.js keeps; `until`: it counts down. */
export const time = (iso, until = false) => {
  if (!iso) return '';
  const made = make('time', {dateTime: iso}, make('span', {textContent: clockText(iso, zone)}));
  if (until) made.dataset.until = '';
  return make('span', {className: 'at nb'}, made);
};

const NAMED = 2;

/* The first areas and how many more; the whole city where there are none. */
export const fewAreas = names => {
  if (!names.length) return '市内全域';
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join('・') + (more > 0 ? ` ほか${more}町` : '');
};

/* From whom to whom; nothing where nobody was named. */
export const fromTo = (from, to) => (from || to ? `${from}→${to}` : '');

const offset = () => {
  const name = new Intl.DateTimeFormat('en', {timeZone: zone, timeZoneName: 'longOffset'})
    .formatToParts(now()).find(one => one.type === 'timeZoneName').value;
  return name.replace('GMT', '') || '+00:00';
};

const DAY_MS = 24 * 36e5;
const AHEAD_MS = 6e4;

/* The last time that the city's clocks showed 214, 2:14 or 02時14分, as ISO 8601; null for nothing typed,
   undefined where it is no time of day. */
export const lastTime = typed => {
  const plain = typed.normalize('NFKC').replace(/[:時]/g, ':').replace(/[分\s]/g, '');
  if (!plain) return null;
  const found = plain.match(/^(\d{1,2}):?(\d{2})$/);
  if (!found || Number(found[1]) > 23 || Number(found[2]) > 59) return undefined;
  const day = new Intl.DateTimeFormat('sv-SE', {timeZone: zone}).format(now());
  const today = Date.parse(`${day}T${found[1].padStart(2, '0')}:${found[2]}:00${offset()}`);
  return new Date(today > now() + AHEAD_MS ? today - DAY_MS : today).toISOString();
};
