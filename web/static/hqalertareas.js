/* Which areas an alert is for: searched by a part of the name, shown as chips. */

import {at, make, put} from './deskdom.js';
import {root} from './hqalertsay.js';

const names = JSON.parse(root.dataset.areas);
const search = at('area-search');
const found = at('area-found');
const chips = at('chips');
const said = at('area-said');
const KANJI = '〇一二三四五六七八九';
const MOST = 12;
let chosen = [];
let tell = () => {};

/* 渡場1丁目, １丁目 and 一丁目 are the same to whoever types. */
const folded = text => text.normalize('NFKC').replace(/\d/g, digit => KANJI[digit]).trim();

const matching = () => {
  const asked = folded(search.value);
  return asked ? names.filter(name => folded(name).includes(asked) && !chosen.includes(name)) : [];
};

const draw = () => {
  chips.replaceChildren(...chosen.map(name => {
    const button = make('button', {type: 'button', className: 'chip', textContent: `${name} ×`});
    button.setAttribute('aria-label', `${name}を外す`);
    button.addEventListener('click', () => {
      choose(chosen.filter(one => one !== name));
      tell();
      search.focus();
    });
    return make('li', {}, button);
  }));
  chips.hidden = !chosen.length;
};

const narrow = () => {
  const all = matching();
  const offered = all.slice(0, MOST).map(name => [`＋ ${name}`, [name]]);
  if (all.length > 1) offered.unshift([`${all.length}町をすべて足す`, all]);
  found.replaceChildren(...offered.map(([text, added]) => {
    const button = make('button', {type: 'button', className: 'chip add', textContent: text});
    button.addEventListener('click', () => add(added));
    return make('li', {}, button);
  }));
  if (!search.value.trim()) put(said, chosen.length ? `${chosen.length}町を選んでいます。` : '区域を選んでください。');
  else if (!all.length) put(said, 'その名前の区域はありません。');
  else put(said, all.length > MOST ? `${all.length}町が見つかりました。はじめの${MOST}町を出しています。` : `${all.length}町が見つかりました。`);
};

export const choose = list => {
  chosen = [...list].sort((a, b) => names.indexOf(a) - names.indexOf(b));
  draw();
  narrow();
};

const add = list => {
  search.value = '';
  choose([...chosen, ...list]);
  tell();
  search.focus();
};

export const isArea = name => names.includes(name);
export const chosenAreas = () => [...chosen];
export const onAreas = heard => { tell = heard; };
export const clearSearch = () => { search.value = ''; narrow(); };

search.addEventListener('input', narrow);
search.addEventListener('keydown', event => {
  if (event.key !== 'Enter' || event.ctrlKey || event.isComposing) return;
  event.preventDefault();
  const all = matching();
  if (all.length === 1) add(all);
});
