/* A row a door: how its paper is called, what is needed there, one press for what a team tells. */

import {post, say} from './staff.js';
import {at, make} from './deskdom.js';
import {japanese, words} from './hqalertsay.js';

const LISTS = '/api/v1/headquarters/doors';
const OUTCOMES = Object.entries(words.outcome);
const SPOKEN = ['spoke', 'refuses', 'needs_lift'];
let doors = [];
let list = null;
let heard = () => {};
let changed = () => {};
let leave = () => {};

/* What is told of the doors as far as it is known here; `settled`: nothing is on its way. */
export const toldHere = () => ({
  settled: doors.every(one => !one.busy),
  called: doors.filter(one => one.outcome).length,
  spoken: doors.filter(one => SPOKEN.includes(one.outcome)).length,
  lifts: doors.filter(one => one.outcome === 'needs_lift').length,
});

const mark = one => {
  for (const button of one.row.querySelectorAll('.outcomes button')) {
    const isIt = button.dataset.outcome === one.outcome;
    button.setAttribute('aria-pressed', String(isIt));
    button.classList.toggle('waits', one.busy && button.dataset.outcome === one.wanted);
  }
  one.row.classList.toggle('called', Boolean(one.outcome));
};

/* In the order in which they were pressed: the newest word of a door counts. */
const send = async one => {
  const mine = list;
  one.busy = true;
  while (one.wanted !== null) {
    const outcome = one.wanted;
    say(one.said, '送っています…');
    mark(one);
    try {
      await post(`${LISTS}/${mine}/calls`, {label: one.label, outcome});
      one.outcome = outcome;
      say(one.said, '');
    } catch (error) {
      if (error.status === 401 || error.status === 403) {
        leave();
        return;
      }
      if (one.wanted === outcome) say(one.said, `「${words.outcome[outcome]}」は送れていません。${japanese(error.message)}`, true);
    }
    if (one.wanted === outcome) one.wanted = null;
  }
  one.busy = false;
  mark(one);
  if (mine === list) heard();
};

const press = (one, outcome) => {
  one.wanted = outcome;
  mark(one);
  if (!one.busy) send(one);
  changed();
};

const outcomes = one => {
  const group = make('div', {className: 'outcomes'}, ...OUTCOMES.map(([outcome, word], index) => {
    const button = make('button', {type: 'button', className: 'btn'}, make('kbd', {textContent: String(index + 1)}), make('span', {textContent: word}));
    button.dataset.outcome = outcome;
    button.addEventListener('click', () => press(one, outcome));
    return button;
  }));
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', `${one.label} で聞いたこと`);
  return group;
};

const drawn = door => {
  const one = {...door, wanted: null, busy: false};
  one.said = make('output', {className: 'said'});
  one.said.setAttribute('aria-live', 'polite');
  const needs = one.needs.map(need => make('span', {className: 'tag', textContent: words.need[need] ?? need}));
  one.row = make('li', {className: 'door'},
    make('p', {className: 'which'}, make('b', {textContent: one.label}), ...needs), outcomes(one), one.said);
  mark(one);
  return one;
};

/* Rows stay as long as the list is the same opening. */
export const drawDoors = (opened, isHanded) => {
  if (!doors.length || doors.opened !== opened) {
    doors = opened.doors.map(drawn);
    doors.opened = opened;
    list = opened.list;
    at('doors').replaceChildren(...doors.map(one => one.row));
  }
  at('doors').classList.toggle('resting', !isHanded);
  for (const button of at('doors').querySelectorAll('.outcomes button')) button.disabled = !isHanded;
};

export const forgetDoors = () => {
  doors = [];
  list = null;
  at('doors').replaceChildren();
};

const moveFrom = (row, button, step) => {
  const next = row[step > 0 ? 'nextElementSibling' : 'previousElementSibling'];
  const index = [...row.querySelectorAll('.outcomes button')].indexOf(button);
  next?.querySelectorAll('.outcomes button')[Math.max(0, index)].focus();
};

const onKey = event => {
  const row = event.target.closest('.door');
  if (!row || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
  const button = row.querySelectorAll('.outcomes button')[Number(event.key) - 1];
  if (!step && !button) return;
  event.preventDefault();
  if (step) moveFrom(row, event.target, step);
  else {
    button.focus();
    button.click();
  }
};

/* `heard`: something was sent, or failed; `changed`: something was pressed. */
export const listenToDoors = listens => {
  ({heard, changed, leave} = listens);
  at('doors').addEventListener('keydown', onKey);
};
