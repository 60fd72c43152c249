/* What was typed and not saved: it outlives a reload of this tab, and is nobody else's. */

import {root} from './hqalertsay.js';

const KEY = `nigemichi-alert:${root.dataset.actor}`;

const read = () => {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
};

const write = all => {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // A browser that keeps nothing: what was typed is in the form still.
  }
};

const nameOf = ({mode, number, alert, step}) =>
  ({new: 'new', edit: `edit:${number}`, revise: `revise:${alert}:${step}`})[mode];

export const keep = (target, values) => {
  const all = read();
  write({...all, [nameOf(target)]: {target, values, at: new Date().toISOString()}, last: nameOf(target)});
};

export const forget = target => {
  const all = read();
  delete all[nameOf(target)];
  if (all.last === nameOf(target)) delete all.last;
  write(all);
};

export const kept = target => read()[nameOf(target)];

/* The draft that was being typed when the page went away. */
export const last = () => {
  const all = read();
  return all[all.last];
};
