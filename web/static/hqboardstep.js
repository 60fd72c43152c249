/* Below a line of the chronology: how far it is, and who has it. */

import {make} from './deskdom.js';
import {isBusy} from './staff.js';
import {words} from './hqboardsay.js';

/* Below an entry: its state, who answers for it, and the way to correct it. */
const build = (one, row, does) => {
  row.className = 'step';
  const form = make('form', {className: 'line', noValidate: true});
  const owner = make('input', {name: 'owner', value: one.owner, maxLength: 40, autocomplete: 'off'});
  const said = make('output', {className: 'said'});
  said.setAttribute('aria-live', 'polite');
  owner.dataset.was = one.owner;
  const buttons = Object.entries(words.entry).map(([value, textContent]) => make('button', {name: 'state', value, className: 'btn', textContent}));
  const fix = make('button', {type: 'button', className: 'btn'}, '訂正する ', make('kbd', {textContent: 'C'}));
  fix.addEventListener('click', () => does.fix(one.ref));
  form.append(make('label', {}, '担当 ', owner), ...buttons, ...(one.by_system ? [] : [fix]), said);
  form.addEventListener('submit', event => {
    event.preventDefault();
    if (!isBusy(form)) does.state(one, {state: (event.submitter ?? buttons[1]).value, owner: owner.value.trim()}, said);
  });
  row.replaceChildren(make('td', {colSpan: 6}, form));
};

/* `does`: what its buttons do. What was typed stays, whatever another officer says meanwhile. */
export const stepPart = does => one => row => {
  if (!row.querySelector('form')) build(one, row, does);
  const owner = row.querySelector('[name=owner]');
  if (owner.value === owner.dataset.was) owner.value = owner.dataset.was = one.owner;
  for (const made of row.querySelectorAll('[name=state]')) {
    made.classList.toggle('now', made.value === one.state);
    made.ariaCurrent = String(made.value === one.state);
  }
};
