/* How much of the field waits, on /hq/places: a strip where a person must decide, and a count at the link. */

import {at, put} from './deskdom.js';
import {get} from './staff.js';

const part = at('field-waits');
const count = at('field-count');
const words = JSON.parse(count.dataset.words);
const OFTEN_MS = 1e3;
let asking = false;
let again = false;

const draw = waits => {
  const loud = words.filter(([name]) => waits[name]).map(([name, text]) => text.replace('{}', waits[name])).join('・');
  part.hidden = !loud;
  put(at('field-loud'), loud);
  put(count, String(Object.values(waits).reduce((sum, one) => sum + one, 0)));
  count.hidden = false;
};

/* At most once a second. What cannot be read is said to be unknown: the strip above stays as it was. */
export const renewFieldWaits = async () => {
  again = asking;
  if (asking) return;
  asking = true;
  try {
    draw(await get('/api/v1/headquarters/field/waits'));
  } catch {
    put(count, '不明');
  }
  setTimeout(() => {
    asking = false;
    if (again) renewFieldWaits();
  }, OFTEN_MS);
};
