/* Keys of the headquarters page. Letters can be turned off: a voice or a cat may type them. */

import {clearFilter, shut, step, toggle} from './hqtable.js';

const filter = document.getElementById('filter');
const keys = document.getElementById('keys');
const opens = document.getElementById('keys-open');
const letters = document.getElementById('keys-on');

const show = shown => {
  keys.hidden = !shown;
  opens.setAttribute('aria-expanded', String(shown));
};

const propose = () => {
  const part = document.getElementById('propose');
  part.open = true;
  part.querySelector('input').focus();
};

const fold = part => {
  part.open = false;
  part.querySelector('summary').focus();
};

const escape = target => {
  const part = target.closest('details[open]');
  if (!keys.hidden) show(false);
  else if (target === filter) clearFilter();
  else if (part) fold(part);
  else return shut(target);
  return true;
};

const LETTERS = {
  '/': () => { filter.focus(); filter.select(); },
  '?': () => show(keys.hidden),
  'j': () => step(1),
  'k': () => step(-1),
  'p': propose,
};
const ARROWS = {ArrowDown: () => step(1), ArrowUp: () => step(-1)};

const typing = target => target.matches('input:not([type=checkbox],[type=radio]),select,textarea');

/* What a key does here; nothing where it means something else. */
const action = ({target, key}) => {
  if (target === filter) return ['Enter', 'ArrowDown'].includes(key) ? () => step(0) : null;
  if (typing(target)) return null;
  const row = target.matches('tr.row');
  if (row && key === 'Enter') return () => toggle(target);
  if (ARROWS[key]) return row || target.matches('body,main') ? ARROWS[key] : null;
  return letters.checked ? LETTERS[key.toLowerCase()] : null;
};

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const act = event.key === 'Escape' ? null : action(event);
  act?.();
  if (act || (event.key === 'Escape' && escape(event.target))) event.preventDefault();
});
opens.addEventListener('click', () => show(keys.hidden));
