/* Lists of the board whose rows stay: only a row that says something else is drawn anew, and a list never
   grows beyond its limit. */

import {make} from './deskdom.js';
import {pointedAt} from './hqfieldpointed.js';

/* Whether a list holds still: somebody is on the way to a button in it, or works in it by keyboard. */
export const holding = (part, free) => {
  const pointed = pointedAt(part, free);
  // Later: a row that is being taken away loses the focus in the midst of it.
  part.addEventListener('focusout', event => part.contains(event.relatedTarget) || setTimeout(free));
  return () => pointed() || (part.contains(document.activeElement) && document.activeElement !== part);
};

const guarded = (draw, row, key) => {
  try {
    draw(row);
  } catch (error) {
    console.error(error);
    row.replaceChildren(make(row.localName === 'tr' ? 'td' : 'p', {className: 'note warn', textContent: `この行は表示できません（${key}）`}));
  }
};

const drawRow = (row, {key, was, draw}) => {
  row.classList.remove('gone');
  if (row.dataset.was === was) return false;
  row.dataset.was = was;
  guarded(draw, row, key);
  return true;
};

const create = (name, key) => {
  const made = make(name, {tabIndex: -1});
  made.dataset.key = key;
  return made;
};

/* `items`: [{key, was, draw(row)}], `was` says whether a row must be drawn anew. While the list `holds`,
   what is gone is struck out and what is new waits: returns how many wait. */
export const drawRows = (part, items, {name = 'tr', holds = false, limit = Infinity} = {}) => {
  for (const row of [...part.children]) if (!row.dataset.key) row.remove();
  const there = new Map([...part.children].map(one => [one.dataset.key, one]));
  const shown = items.slice(0, limit);
  const keys = new Set((holds ? items : shown).map(one => one.key));
  for (const [key, row] of there) {
    if (keys.has(key)) continue;
    if (holds) row.classList.add('gone');
    else row.remove();
  }
  if (holds && there.size) {
    for (const one of items) if (there.has(one.key)) drawRow(there.get(one.key), one);
    return shown.filter(one => !there.has(one.key)).length;
  }
  let before = part.firstElementChild;
  for (const one of shown) {
    const row = there.get(one.key) ?? create(name, one.key);
    drawRow(row, one);
    if (row === before) before = before.nextElementSibling;
    else part.insertBefore(row, before);
  }
  return 0;
};

/* Moves the focus by rows; stays at the ends. */
export const stepIn = (part, by) => {
  const rows = [...part.children].filter(one => one.tabIndex === -1 && !one.hidden && !one.matches('.step'));
  const here = rows.findIndex(one => one.contains(document.activeElement));
  const next = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, here + by))];
  next?.focus();
  next?.scrollIntoView({block: 'nearest'});
  return next;
};
