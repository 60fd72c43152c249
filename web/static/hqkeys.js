/* Keys of the page of places; those that every page of headquarters has are in hqbarkeys.js. */

import {isTyping, pageKeys} from './hqbarkeys.js';
import {clearFilter, shut, step, toggle} from './hqtable.js';

const filter = document.getElementById('filter');

const propose = () => {
  const part = document.getElementById('propose');
  part.open = true;
  part.querySelector('input').focus();
};

const fold = part => {
  part.open = false;
  part.querySelector('summary').focus();
};

const escape = ({target}) => {
  const part = target.closest('details[open]');
  if (target === filter) clearFilter();
  else if (part) fold(part);
  else return shut(target);
  return true;
};

const LETTERS = {
  '/': () => { filter.focus(); filter.select(); },
  'j': () => step(1),
  'k': () => step(-1),
  'p': propose,
};
const ARROWS = {ArrowDown: () => step(1), ArrowUp: () => step(-1)};

/* What a key does here; nothing where it means something else. */
const any = ({target, key}) => {
  if (target === filter) return ['Enter', 'ArrowDown'].includes(key) ? () => step(0) : null;
  if (isTyping(target)) return null;
  const row = target.matches('tr.row');
  if (row && key === 'Enter') return () => toggle(target);
  return ARROWS[key] && (row || target.matches('body,main')) ? ARROWS[key] : null;
};

pageKeys({any, escape, letter: ({key}) => LETTERS[key.toLowerCase()] ?? null});
