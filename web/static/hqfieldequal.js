/* Reports of the same (one kind that shuts streets, the same streets, near in place and time) stand as one
   row that opens into the single ones. Each is decided by itself until somebody merges them. */

import {make} from './deskdom.js';
import {words} from './hqfieldsay.js';

const unfolded = new Set();

/* The group in which a card stands folded. */
const folded = new WeakMap();

/* People are never folded: each may be somebody else; nor what names no street. Streets may share a name. */
const isSame = (one, other) => words.shuts_road.includes(one.kind) && one.kind === other?.kind
  && one.street_keys.length > 0 && JSON.stringify(one.street_keys) === JSON.stringify(other.street_keys);

/* The earliest of those that the server takes for near. */
const rootOf = (one, byId) => {
  let root = one;
  for (let next = byId(one.twin); isSame(one, next); next = byId(next.twin)) root = next;
  return root.id;
};

/* Groups, each where the first of it stands on the board, those with a photo in front of the others in
   it; what is not folded is alone. */
export const groupsOf = (wanted, byId) => {
  const groups = new Map();
  for (const one of wanted) {
    const root = rootOf(one, byId);
    groups.set(root, [...(groups.get(root) ?? []), one]);
  }
  return [...groups.values()].map(group => group.sort((a, b) => Boolean(b.photos.length) - Boolean(a.photos.length)));
};

const isOpen = group => group.some(card => unfolded.has(card.dataset.key));

const show = group => {
  const shown = isOpen(group);
  for (const card of group.slice(1)) card.hidden = !shown;
  const opens = group[0].querySelector('[data-do=fold]');
  if (!opens) return;
  opens.setAttribute('aria-expanded', String(shown));
  opens.textContent = shown ? '一つにたたむ' : `ほかの${group.length - 1}件も出す`;
};

const toggle = group => {
  if (isOpen(group)) for (const card of group) unfolded.delete(card.dataset.key);
  else for (const card of group) unfolded.add(card.dataset.key);
  show(group);
};

const lead = group => {
  const opens = make('button', {type: 'button', className: 'btn small'});
  opens.dataset.do = 'fold';
  opens.addEventListener('click', () => toggle(group));
  group[0].querySelector('.told').append(make('p', {className: 'twinned folds'}, `同じ種類・同じ道・近い時刻の報告 ${group.length}件 `, opens));
  for (const card of group) folded.set(card, group);
  show(group);
};

const refold = (group, holds) => {
  const [head, ...others] = group;
  const stands = head.querySelector('.folds');
  if (holds) {
    if (!stands && others.length && others.every(card => card.hidden)) lead(group);
    return;
  }
  const focused = stands?.contains(document.activeElement);
  for (const card of group) {
    folded.delete(card);
    card.querySelector('.folds')?.remove();
    card.hidden = false;
  }
  if (others.length) lead(group);
  if (focused) (head.querySelector('[data-do=fold]') ?? head).focus();
};

/* While the list is pointed at (`holds`) no card comes or goes under the finger. */
export const fold = (list, groups, holds) => {
  const there = new Map([...list.children].map(card => [card.dataset.key, card]));
  for (const reports of groups) {
    const group = reports.map(one => there.get(one.id)).filter(Boolean);
    for (const [index, card] of group.entries()) card.classList.toggle('under', index > 0);
    if (group.length) refold(group, holds);
  }
};

/* A card that is to be seen, and so its whole row. */
export const unfold = card => {
  if (!card.hidden) return;
  unfolded.add(card.dataset.key);
  card.hidden = false;
  if (folded.has(card)) show(folded.get(card));
};
