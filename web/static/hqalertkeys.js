/* Keys of the page of alerts. Letters can be turned off: a voice or a cat may type them. */

import {at} from './deskdom.js';
import {step} from './hqalertlist.js';

const keys = at('keys');
const opens = at('keys-open');

const show = shown => {
  keys.hidden = !shown;
  opens.setAttribute('aria-expanded', String(shown));
};

const goTo = id => {
  const part = at(id);
  if (part.hidden) return;
  part.querySelector('button,input:not([type=hidden]),summary')?.focus();
  part.scrollIntoView({block: 'nearest'});
};

const press = id => {
  const button = at(id);
  if (!button.hidden && !button.closest('[hidden]')) button.click();
};

const LETTERS = {
  'j': () => step(1),
  'k': () => step(-1),
  'n': () => press('new'),
  'e': () => press('edit'),
  'v': () => goTo('checks'),
  'a': () => goTo('deciding'),
  'l': () => at('ledger').focus(),
  'p': () => print(),
  'b': () => location.assign('/hq'),
  '?': () => show(keys.hidden),
};

const typing = target => target.matches('input:not([type=checkbox],[type=radio]),select,textarea');

const escape = target => {
  if (!keys.hidden) show(false);
  else if (target.closest('#draft')) at('close-form').click();
  else return false;
  return true;
};

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === 'Escape') {
    if (escape(event.target)) event.preventDefault();
    return;
  }
  const act = !typing(event.target) && at('keys-on').checked && LETTERS[event.key.toLowerCase()];
  if (!act) return;
  act();
  event.preventDefault();
});
opens.addEventListener('click', () => show(keys.hidden));
