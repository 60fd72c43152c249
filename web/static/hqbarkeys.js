/* Keys of every page of headquarters. Letters can be turned off, and stay so on this machine: a voice or
   a cat may type them. */

import {at, put} from './deskdom.js';

const keys = at('keys');
const opens = at('keys-open');
const letters = at('keys-on');
const theme = at('theme');

const kept = (name, value) => {
  try {
    if (value === undefined) return localStorage.getItem(name);
    localStorage.setItem(name, value);
  } catch {
    return null;
  }
  return value;
};

letters.checked = kept('letters') !== 'off';
letters.addEventListener('change', () => kept('letters', letters.checked ? 'on' : 'off'));

let cameFrom = null;

/* The focus comes back to where it was: on what is hidden no key would do anything. */
const show = shown => {
  if (shown) cameFrom = document.activeElement;
  else if (keys.contains(document.activeElement)) {
    document.activeElement.blur();
    if (cameFrom !== document.body) cameFrom?.focus();
  }
  keys.hidden = !shown;
  opens.setAttribute('aria-expanded', String(shown));
};
opens.addEventListener('click', () => show(keys.hidden));

const root = document.documentElement;
const systemDark = matchMedia('(prefers-color-scheme:dark)');
const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : systemDark.matches);
const sayTheme = () => put(at('theme-word'), isDark() ? '明るく' : '暗く');
theme.addEventListener('click', () => {
  root.dataset.theme = kept('theme', isDark() ? 'light' : 'dark') ?? (isDark() ? 'light' : 'dark');
  sayTheme();
});
systemDark.addEventListener('change', sayTheme);
sayTheme();

export const isTyping = target => target.matches('input:not([type=checkbox],[type=radio]),select,textarea,[contenteditable]');

/* What the page's own keys do: a function of the event that gives what is to be done, or nothing. `any`
   keys work with letters turned off too; Escape comes to `escape`, which says whether it did something. */
const own = {letter: () => null, any: () => null, escape: () => false};
export const pageKeys = found => Object.assign(own, found);

const ofBar = key => {
  if (key === '?') return () => show(keys.hidden);
  const found = document.querySelector(`.hqfoot [data-key="${CSS.escape(key)}"]`);
  return found && (() => found.click());
};

const action = event => {
  const any = own.any(event);
  if (any || isTyping(event.target) || document.querySelector('dialog[open]')) return any;
  if (!letters.checked || event.key.length !== 1) return null;
  return own.letter(event) ?? ofBar(event.key.toLowerCase());
};

const escape = event => {
  if (!keys.hidden) show(false);
  else return own.escape(event);
  return true;
};

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  const does = event.key === 'Escape' ? null : action(event);
  does?.();
  if (does || (event.key === 'Escape' && escape(event))) event.preventDefault();
});
