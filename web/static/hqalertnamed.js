/* Who was named beforehand: deputies who are called, officers who may send alone. */

import {say} from './staff.js';
import {at, fill, make, put} from './deskdom.js';
import {WORDING, isApprover, root, word, words} from './hqalertsay.js';
import {send, twice} from './hqalertsend.js';

const list = at('named-list');
const output = at('named-said');
const form = at('name-form');
const officers = JSON.parse(root.dataset.officers);
let renewed = () => {};

const tell = async asked => {
  const answer = await send(output, asked);
  if (!answer) return;
  renewed(answer.delegates);
  if (document.activeElement === document.body) at('named').firstElementChild.focus();
};

const row = one => {
  const shown = make('li', {}, make('span', {}, make('b', {textContent: one.name}),
    one.duty === 'deputy' ? ` 呼ぶ順番 ${one.rank}` : ''));
  if (!isApprover) return shown;
  const button = make('button', {type: 'button', className: 'btn small', textContent: '外す'});
  button.dataset.label = '外す';
  button.setAttribute('aria-label', `${one.name}を${word('duty', one.duty)}から外す`);
  button.addEventListener('click', () => twice(button, `${one.name}さんを${word('duty', one.duty)}から外します。`,
    () => tell({url: `${WORDING}/delegates/${one.number}/ended`, said: '外しました。'})));
  shown.append(button);
  return shown;
};

const group = (duty, all) => [make('h4', {textContent: word('duty', duty)}), all.length
  ? make('ul', {className: 'plain'}, ...all.map(row)) : make('p', {className: 'none', textContent: 'だれも指名していません。'})];

export const drawNamed = (all, done) => {
  renewed = done;
  put(at('named-count'), String(all.length));
  fill(list, JSON.stringify(all), () => Object.keys(words.duty).flatMap(duty => group(duty, all.filter(one => one.duty === duty))));
};

/* A deputy is an approver; whoever works at headquarters may be named to send alone. */
const adapt = () => {
  const {duty, staff, rank} = form.elements;
  const deputy = duty.value === 'deputy';
  rank.closest('label').hidden = !deputy;
  const fits = officers.filter(([, , approves]) => approves || !deputy);
  staff.replaceChildren(make('option', {value: '', textContent: fits.length ? '選んでください' : '指名できる人がいません'}),
    ...fits.map(([number, name]) => make('option', {value: String(number), textContent: name})));
};

if (form) {
  adapt();
  form.elements.duty.addEventListener('change', adapt);
  form.addEventListener('submit', event => {
    event.preventDefault();
    const {duty, staff, rank} = form.elements;
    if (!staff.value) {
      say(output, '指名する人を選んでください。', true);
      return staff.focus();
    }
    return tell({
      url: `${WORDING}/delegates`, said: '指名しました。',
      body: {staff: Number(staff.value), duty: duty.value, rank: Number(rank.value) || 1},
    });
  });
}
