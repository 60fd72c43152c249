/* What is said of decisions that wait: until when, what it is, what happens if nobody acts, who has it; and
   which are new. */

import {at, make, put} from './deskdom.js';
import {lockOf, lockWords} from './hqboardlocks.js';
import {time, UNKNOWN} from './hqboardsay.js';
import {now} from './staff.js';

const SOON_MS = 10 * 6e4;
const {title} = document;
let known = null;

export const dueClass = one => (one.due && Date.parse(one.due) - now() < SOON_MS ? 'due soon' : 'due');
export const due = one => make('p', {className: dueClass(one)}, ...(one.due ? [time(one.due, true)] : [make('b', {textContent: UNKNOWN}), ' ', time(one.since)]));

/* `title`: the button that opens it. */
export const told = (one, title) => {
  const parts = [make('h3', {}, title), make('p', {textContent: one.what}),
    make('p', {className: 'els'}, make('b', {textContent: '何もしないと'}), ` ${one.if_nobody}`)];
  const lock = lockOf(one.key);
  if (lock) parts.push(make('p', {className: 'lock'}, '鍵：', lockWords(lock)));
  return make('div', {className: 'told'}, ...parts);
};

/* What is new is said aloud, and counted in the tab: whoever is needed may look elsewhere. */
export const tell = found => {
  const fresh = known && found.filter(one => !known.has(one.key));
  if (fresh?.length) put(at('decisions-told'), `新しい決めること：${fresh.map(one => one.title).join('、')}`);
  known = new Set(found.map(one => one.key));
  document.title = found.length ? `【${found.length}件】${title}` : title;
};
