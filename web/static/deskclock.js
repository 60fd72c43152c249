// When a press was, also where the tablet's clock was wrong then and has been put right since.
//
// A row keeps with the wall clock of its press: `life` (of the page) and `mono` (its own clock, that
// nobody sets), `offset` (ms that the wall clock was behind the city's, null where that is not known
// for sure) and `last` (when the city was last heard). Before it is sent, the offset of now is known,
// and the row is moved:
//  1. The offset of the press is known: by what the offset has changed since. Exact. In one life of
//     the page only where both clocks have parted: else all rows are sent with one offset.
//  2. It is not, and the page still lives: by what the wall clock has run ahead of `mono` or fallen
//     behind it. Ahead is only a clock that was put right where the press would be older than `last`:
//     else the tablet slept, and `mono` with it.
//  3. Neither, and the press would be older than `last`: to `last`. It was not before that.
// In doubt a row stays where it is: a count may read too old, and never newer than it is.
import {newId} from './staff.js';

const JUMP = 2e3;
const LIFE = newId();

// The same as long as nobody sets the wall clock and the tablet does not sleep.
const base = () => Date.now() - performance.now();

let met = null;

const isSteady = () => met !== null && Math.abs(base() - met.base) <= JUMP;

// What the offset was before this page opened: it holds until an answer says otherwise.
export const recall = offset => {
  met = {offset, base: NaN};
};

// The city read its clock on the way of an answer: the offset lies from `low` (the answer took all the
// time) to `high` (the asking did). It begins at the lowest and then moves only as far as an answer
// proves it wrong, so under one setting of the wall clock it only grows. A later press is never dated
// before an earlier one that was sent already, nor anything ahead of the city. Returns the offset.
export const heard = (low, high) => {
  const before = met?.offset ?? low;
  const wasSet = before > high + JUMP;
  const offset = wasSet ? low : Math.min(Math.max(before, low), high);
  met = {offset, base: base()};
  return offset;
};

// The offset of now, null where it must be asked for.
export const offsetNow = () => (isSteady() ? met.offset : null);

// What a row keeps of the moment of its press.
export const pressed = last => (
  {life: LIFE, mono: performance.now(), made: Date.now(), offset: offsetNow(), last});

const jumpOf = row => base() - (row.made - row.mono);

const shiftOf = (row, offset) => {
  const lives = row.life === LIFE;
  const jump = lives ? jumpOf(row) : 0;
  if (lives && Math.abs(jump) <= JUMP) return 0;
  const known = typeof row.offset === 'number';
  const changed = row.offset - offset;
  if (known) return Math.abs(changed) > JUMP ? changed : 0;
  const missing = (row.last ?? 0) - (row.made + offset);
  if (jump < 0 || (lives && missing > JUMP)) return jump;
  return missing > JUMP && !lives ? missing + (row.n ?? 0) : 0;
};

// What changes in a row so that its times are those of the wall clock of now; `offset` is that of now.
export const redated = (row, offset) => {
  const shift = Math.round(shiftOf(row, offset));
  if (!shift) return {};
  const {at} = row.body;
  const body = at ? {...row.body, at: new Date(Date.parse(at) + shift).toISOString()} : row.body;
  const made = row.made + shift;
  return {body, made, offset, life: LIFE, mono: made - base()};
};
