/* What was done: said where the page says otherwise that nothing is changed, until something new is
   imagined; and what was adopted and taken back this night, with the reasons as they were typed. */

import {at, make, put} from './deskdom.js';
import {API, root} from './hqwhatifsay.js';
import {heed} from './hqwhatifsigned.js';
import {clockText, get, now} from './staff.js';

const mode = document.querySelector('#bar [data-of=whatif]');
const [word, means] = ['b', 'span'].map(name => mode.querySelector(name));
const [WORD, MEANS] = [word.textContent, means.textContent];
const tapes = [...document.querySelectorAll('.hqtape')];
let read = {done: [], reasons: {}};
let done = '';

/* "2:01 採用しました", "" where nothing was done or something else is imagined by now. */
export const doneWords = () => done;

/* `what` in a word or two ("採用しました"), `which` in a line. */
export const sayDone = (what, which) => {
  done = `${clockText(new Date(now()).toISOString(), root.dataset.zone)} ${what}`;
  put(word, '実行ずみ');
  put(means, done);
  for (const tape of tapes) tape.dataset.said = `${done}：${which}`;
};

export const forgetDone = () => {
  done = '';
  put(word, WORD);
  put(means, MEANS);
  for (const tape of tapes) delete tape.dataset.said;
};

const rowOf = one => make('li', {}, make('b', {textContent: clockText(one.at, root.dataset.zone)}),
  ` ${one.taken_back ? '取り消し' : '採用'}　${one.what}${one.reason ? `。理由：${one.reason}` : ''} `, make('span', {className: 'kind', textContent: one.by}));

/* Why this street was closed, in the words of whoever closed it; officers alone read it. */
export const reasonOf = id => read.reasons[id] ?? '';

/* What cannot be read stays as it was. */
export const readDone = async () => {
  read = await get(`${API}imagined/deeds`).catch(error => { heed(error); return read; });
  at('last-part').hidden = !read.done.length;
  at('last-list').replaceChildren(...read.done.map(rowOf));
};
