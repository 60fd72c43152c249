/* A list whose cards stay: focus, and what is open in one, stay with it. */

import {make} from './deskdom.js';

/* One card that cannot be drawn says so, and takes no other one with it. */
const guarded = (fillCard, what) => (card, one) => {
  card.classList.remove('gone');
  try {
    fillCard(card, one);
  } catch (error) {
    console.error(error);
    card.className = 'report';
    card.removeAttribute('aria-label');
    card.replaceChildren(make('div', {className: 'told'}, make('p', {className: 'note warn quoted', textContent: `この${what}は表示できません（${one.id}）`})));
  }
};

/* Fills a card for each of `wanted` up to `limit`, by its id; returns how many of them do not stand there.
   While somebody points at the list (`holds`) only what stands there is drawn anew, and what is gone, not
   what stands beyond the limit now, is struck out. `what` is the word for one of them. */
export const drawList = (part, wanted, fill, {what, holds = false, limit = Infinity}) => {
  const fillCard = guarded(fill, what);
  const there = new Map([...part.children].map(one => [one.dataset.key, one]));
  const shown = wanted.slice(0, limit);
  const ids = new Set((holds ? wanted : shown).map(one => one.id));
  for (const [id, card] of there) {
    if (ids.has(id)) continue;
    if (holds) card.classList.add('gone');
    else card.remove();
  }
  if (holds && there.size) {
    for (const one of wanted.filter(other => there.has(other.id))) fillCard(there.get(one.id), one);
    return shown.filter(one => !there.has(one.id)).length;
  }
  let before = part.firstElementChild;
  for (const one of shown) {
    let card = there.get(one.id);
    if (!card) {
      card = make('li', {tabIndex: -1});
      card.dataset.key = one.id;
    }
    fillCard(card, one);
    if (card === before) before = before.nextElementSibling;
    else part.insertBefore(card, before);
  }
  return 0;
};
