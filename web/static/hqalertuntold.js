/* Orders in force of which no alert tells: somebody set a level, and nobody was told. */

import {at, fill, make} from './deskdom.js';
import {areasText, time, title} from './hqalertsay.js';

const part = at('untold');
const FIRST = 2;

const card = (one, begin) => {
  const shown = {status: 'Actual', step: 'issue', ...one, whole_city: !one.area_names.length};
  const button = make('button', {type: 'button', className: 'btn', textContent: 'これを知らせる下書き'});
  button.addEventListener('click', () => begin(shown));
  return make('div', {className: 'hint', id: `order-${one.order}`}, make('p', {}, title(shown)),
    make('p', {className: 'areas', textContent: areasText(shown)}),
    make('p', {className: 'warned', textContent: 'まだ誰にも知らせていません'}),
    make('p', {className: 'kind'}, time(one.since, '発令 ')), button);
};

/* The first few; the rest folded, so that the list below stays in sight. */
export const drawUntold = (all, begin) => fill(part, JSON.stringify(all), () => {
  if (!all.length) return [];
  const cards = all.map(one => card(one, begin));
  const rest = cards.splice(FIRST);
  return [make('h3', {textContent: `知らせていない避難情報 ${all.length}`}), ...cards,
    ...(rest.length ? [make('details', {}, make('summary', {textContent: `ほか ${rest.length}件`}), ...rest)] : [])];
});

/* Whoever comes from the board for one of them is led to it; what it says may be told by then. */
export const pointUntold = hash => {
  const button = /^#order-\d+$/.test(hash) && at(hash.slice(1))?.querySelector('button');
  if (!button) return;
  button.closest('details')?.setAttribute('open', '');
  button.focus({preventScroll: true});
  button.scrollIntoView({block: 'nearest'});
};
