/* Finding where a caller is: a text field with a list, chosen by arrow keys and Enter. */

import {get} from './staff.js';

const input = document.getElementById('where');
const list = document.getElementById('hits');
const none = document.getElementById('none');
const TYPING_MS = 120;

let hits = [];
let active = 0;
let found = '';
let asked = 0;
let timer = 0;
let waits = false;
let chosen = () => {};

const close = () => {
  list.hidden = true;
  input.setAttribute('aria-expanded', 'false');
  input.removeAttribute('aria-activedescendant');
};

const mark = row => {
  active = (row + hits.length) % hits.length;
  [...list.children].forEach((one, at) => one.setAttribute('aria-selected', String(at === active)));
  input.setAttribute('aria-activedescendant', `hit-${active}`);
  list.children[active].scrollIntoView({block: 'nearest'});
};

const option = (hit, at) => {
  const row = document.createElement('li');
  Object.assign(row, {id: `hit-${at}`, role: 'option'});
  const name = document.createElement('b');
  name.textContent = hit.name;
  const about = document.createElement('span');
  about.className = 'age';
  about.textContent = hit.about;
  row.append(name, ' ', about);
  row.addEventListener('mousedown', event => { event.preventDefault(); choose(at); });
  return row;
};

const show = () => {
  list.replaceChildren(...hits.map(option));
  list.hidden = !hits.length;
  input.setAttribute('aria-expanded', String(hits.length > 0));
  none.hidden = hits.length > 0;
  none.textContent = '見つかりません。名の一部だけ、近くの学校や通り、または「緯度, 経度」で探してください。';
  if (hits.length) mark(0);
};

const choose = at => {
  const hit = hits[at];
  waits = false;
  close();
  if (hit) chosen(hit, input.value.trim());
};

const seek = async () => {
  const text = input.value.trim();
  const number = ++asked;
  if (!text) {
    hits = [];
    found = '';
    none.hidden = true;
    close();
    return;
  }
  try {
    const answer = await get(`/api/v1/phone/search?q=${encodeURIComponent(text)}`);
    if (number !== asked) return;
    hits = answer.hits;
    found = text;
    show();
    if (waits && hits.length) choose(0);
    waits = false;
  } catch (error) {
    if (number !== asked) return;
    waits = false;
    close();
    none.hidden = false;
    none.textContent = error.status ? error.message : 'サーバーにつながりません。書いたことは残っています。もう一度 Enter を押してください。';
  }
};

const onKey = event => {
  const open = !list.hidden && hits.length;
  if (event.isComposing || event.ctrlKey) return;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault();
    if (open) mark(active + (event.key === 'ArrowDown' ? 1 : -1));
    else seek();
  } else if (event.key === 'Enter') {
    event.preventDefault();
    clearTimeout(timer);
    if (open && found === input.value.trim()) choose(active);
    else {
      waits = true;
      seek();
    }
  } else if (event.key === 'Escape') close();
};

/* Calls whenFound(hit, typed) for the place that the operator chose. */
export const listenForPlaces = whenFound => {
  chosen = whenFound;
  input.addEventListener('keydown', onKey);
  input.addEventListener('input', () => {
    waits = false;
    clearTimeout(timer);
    timer = setTimeout(seek, TYPING_MS);
  });
  input.addEventListener('blur', close);
};

export const forgetPlaces = () => {
  clearTimeout(timer);
  asked += 1;
  hits = [];
  found = '';
  none.hidden = true;
  close();
};
