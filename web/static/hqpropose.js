/* The form that proposes a level: which 町丁目, and which places there are not open yet. */

import {FORMS} from './hqactions.js';
import {allSites} from './hqtable.js';
import {unopenedText, words} from './hqrows.js';

const form = document.querySelector('[data-form=propose]');
const list = document.getElementById('area-list');
const filter = document.getElementById('area-filter');
const chosenLine = document.getElementById('area-chosen');
const warning = document.getElementById('area-unopened');
const WARNED_OF = ['unconfirmed', 'unopened', 'preparing', 'closed'];
let areas = [];

const boxes = () => [...list.querySelectorAll('input')];
const chosen = () => boxes().filter(box => box.checked).map(box => box.value);
const whole = () => form.elements.whole_city.checked;

/* No name stands for the whole city; a place that does not suit the hazard is not waited for. What a
   place suits comes with the first picture, the stream may be earlier: until then nothing is said. */
const warningFor = names => {
  if (!allSites().every(site => site.designated_for)) return '';
  const inside = new Set(areas.filter(area => names.includes(area.name)).flatMap(area => area.sites));
  const hazard = form.elements.hazard.value;
  const found = allSites().filter(site => site.designated_for.includes(hazard)
    && (!names.length || inside.has(site.id)));
  if (!found.length) return `この区域には、${words.hazard[hazard]}で使える避難場所がありません。`;
  return unopenedText(found.filter(site => WARNED_OF.includes(site.opening)));
};

const warn = () => {
  const names = whole() ? [] : chosen();
  const text = whole() || names.length ? warningFor(names) : '';
  warning.hidden = !text;
  if (warning.textContent !== text) warning.textContent = text;
};

export const renewPropose = () => {
  const names = chosen();
  document.getElementById('areas').hidden = whole();
  const text = whole() ? '市内全域を選んでいます。'
    : names.length ? `${names.length}町丁目：${names.join('、')}` : '町丁目を選んでください。';
  if (chosenLine.textContent !== text) chosenLine.textContent = text;
  warn();
};

const narrow = () => {
  const asked = filter.value.trim();
  for (const box of boxes()) {
    const label = box.closest('label');
    label.hidden = !box.checked && !label.textContent.includes(asked);
  }
};

export const putAreas = found => {
  areas = found;
  const names = found.map(area => area.name);
  if (boxes().map(box => box.value).join() !== names.join()) {
    const kept = chosen();
    list.replaceChildren(...names.map(name => {
      const label = Object.assign(document.createElement('label'), {className: 'pick'});
      const box = Object.assign(document.createElement('input'), {type: 'checkbox', value: name});
      box.checked = kept.includes(name);
      label.append(box, ` ${name}`);
      return label;
    }));
    narrow();
  }
  renewPropose();
};

FORMS.propose = () => {
  const level = form.elements.level.value;
  if (!level) throw Error('警戒レベルを選んでください。');
  if (!whole() && !chosen().length) throw Error('町丁目か、市内全域を選んでください。');
  const reason = form.elements.reason.value.trim();
  if (!reason) throw Error('理由を入れてください。');
  return {
    url: '/api/v1/headquarters/proposals',
    body: {
      hazard: form.elements.hazard.value, level: Number(level),
      areas: whole() ? [] : chosen(), whole_city: whole(), reason,
    },
    said: '提案しました。別の人の承認を待っています',
    clears: true,
    then: () => { narrow(); renewPropose(); },
  };
};

filter.addEventListener('input', narrow);
filter.addEventListener('keydown', event => {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  const shown = boxes().filter(box => !box.closest('label').hidden && !box.checked);
  if (shown.length === 1) shown[0].checked = true;
  filter.value = '';
  narrow();
  renewPropose();
});
form.addEventListener('change', renewPropose);
