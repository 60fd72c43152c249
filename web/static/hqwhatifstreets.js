/* The streets that matter most: the ranking, gone through by keys. */

import {at, make, put} from './deskdom.js';
import {API, count, japanese, streetWord} from './hqwhatifsay.js';
import {heed} from './hqwhatifsigned.js';
import {clockText, get} from './staff.js';

const MOST = 60;
const body = at('streets').tBodies[0];
let found = null;
let chosen = -1;
let tries = () => {};
let heard = () => {};
let order = 'cut_off';

export const onTry = does => { tries = does; };
export const onRead = does => { heard = does; };
export const load = () => found?.load ?? '';
export const streets = () => found?.streets ?? [];
export const turnOrder = () => {
  order = order === 'cut_off' ? 'minutes' : 'cut_off';
  at('order').setAttribute('aria-pressed', String(order === 'minutes'));
  chosen = -1;
  return readStreets();
};
at('order').addEventListener('click', turnOrder);

const partOf = one => ({kind: 'close', street: one.street, load: one.load, word: streetWord(one), line: one.line});
export const part = partOf;

const cell = (text, right = true) => make('td', {className: right ? 'r' : '', textContent: text});

const barOf = (one, most) => {
  const wide = make('i');
  wide.style.width = `${Math.round(100 * Math.max(0, one.minutes) / most)}%`;
  return make('td', {className: 'nb'}, make('span', {className: 'gain'}, wide), `${count(one.minutes)}分`);
};

const row = (one, place, most) => {
  const name = make('button', {type: 'button', textContent: streetWord(one)});
  name.setAttribute('aria-label', `${streetWord(one)}を閉じてみる`);
  name.addEventListener('click', () => tries(partOf(one), false));
  name.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || !event.shiftKey) return;
    event.preventDefault();
    tries(partOf(one), true);
  });
  const average = one.affected ? `${(one.minutes / one.affected).toFixed(1)}分` : '—';
  const made = make('tr', {}, cell(String(place)), make('td', {}, name), cell(count(one.cut_off)), cell(count(one.affected)), cell(average), barOf(one, most), cell(count(one.on_it)));
  made.addEventListener('focusin', () => mark(place - 1));
  return made;
};

const mark = place => {
  chosen = place;
  [...body.rows].forEach((one, at) => one.classList.toggle('on', at === place));
};

export const step = by => {
  const rows = body.rows;
  if (!rows.length) return;
  const next = Math.min(rows.length - 1, Math.max(0, chosen + by));
  rows[next].querySelector('button').focus();
};

/* Gives whether another version answers than before. */
export const readStreets = async () => {
  try {
    const now = await get(`${API}streets-that-matter?most=${MOST}&order=${order}`);
    const renewed = found?.version !== now.version || found?.order !== now.order || found?.load !== now.load;
    const before = found?.version;
    found = {...now, streets: now.streets.map(one => ({...one, load: now.load}))};
    if (renewed) draw();
    put(at('streets-about'), `${count(now.streets_lost)}本を1本ずつ失って計算・道のある ${count(now.with_a_way)}世帯・${clockText(now.at)}`);
    heard();
    return before !== undefined && before !== now.version;
  } catch (error) {
    heed(error);
    const why = japanese(error.message);
    put(at('streets-about'), found ? `新しくできません（${clockText(found.at)} のもの）。${why}` : why);
    return false;
  }
};

const draw = () => {
  const focused = body.contains(document.activeElement);
  const most = Math.max(1, ...found.streets.map(one => one.minutes));
  body.replaceChildren(...found.streets.map((one, place) => row(one, place + 1, most)));
  document.querySelector('[data-none=streets]').hidden = found.streets.length > 0;
  if (focused) step(0);
};
