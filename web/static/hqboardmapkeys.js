/* What headquarters' map listens to: keys of its layers, the page's colours, its size, the time. */

import {LAYERS} from './hqboardmaplayers.js';

const TYPING = 'input:not([type=checkbox],[type=radio]),select,textarea,[contenteditable]';

/* Whoever turned the pages' letters off has no keys of one letter at all. */
export const lettersOff = () => {
  try {
    return localStorage.getItem('letters') === 'off';
  } catch {
    return false;
  }
};

/* The layer that a key stands for; none where something is being typed or asked. */
export const layerOfKey = event => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  if (lettersOff() || event.target.closest?.(TYPING) || document.querySelector('dialog[open]')) return null;
  return LAYERS.find(one => one.key === event.key)?.id ?? null;
};

/* Returns a function that ends it all. */
export const listened = ({box, repaint, resized, ages, every, key}) => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const theme = new MutationObserver(repaint);
  const shape = new ResizeObserver(resized);
  const pressed = event => { if (key(event)) event.preventDefault(); };
  const timer = setInterval(ages, every);
  dark.addEventListener('change', repaint);
  theme.observe(document.documentElement, {attributeFilter: ['data-theme']});
  shape.observe(box);
  if (key) document.addEventListener('keydown', pressed);
  return () => {
    clearInterval(timer);
    dark.removeEventListener('change', repaint);
    theme.disconnect();
    shape.disconnect();
    if (key) document.removeEventListener('keydown', pressed);
  };
};
