/* Keys of the page of the field. Letters can be turned off: a voice or a cat may type them. */

import {at} from './deskdom.js';
import {doWith, step} from './hqfieldreports.js';

const keys = at('keys');
const opens = at('keys-open');

const show = shown => {
  keys.hidden = !shown;
  opens.setAttribute('aria-expanded', String(shown));
};

const decisions = () => {
  if (at('decisions').hidden) return;
  at('decisions').focus();
  at('decisions').scrollIntoView({block: 'start'});
};

const drones = () => {
  at('drones').focus();
  at('drones').scrollIntoView({block: 'start'});
};

const LETTERS = {
  'j': () => step(1),
  'k': () => step(-1),
  'c': () => doWith('confirmed'),
  'x': () => doWith('refuted'),
  'r': () => doWith('resolved'),
  's': () => doWith('street'),
  't': () => doWith('twin'),
  'p': () => doWith('photo'),
  'd': decisions,
  'g': drones,
  'b': () => location.assign('/hq'),
  '?': () => show(keys.hidden),
};
const ARROWS = {ArrowDown: () => step(1), ArrowUp: () => step(-1)};

const typing = target => target.matches('input:not([type=checkbox],[type=radio]),select,textarea');

const action = ({target, key}) => {
  if (typing(target) || document.querySelector('dialog[open]')) return null;
  const card = target.matches('.report');
  if (card && key === 'Enter') return () => doWith('open');
  if (ARROWS[key]) return card || target.matches('body,main') ? ARROWS[key] : null;
  return at('keys-on').checked ? LETTERS[key.toLowerCase()] : null;
};

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === 'Escape') {
    if (!keys.hidden && !document.querySelector('dialog[open]')) show(false);
    return;
  }
  const act = action(event);
  if (!act) return;
  act();
  event.preventDefault();
});
opens.addEventListener('click', () => show(keys.hidden));
