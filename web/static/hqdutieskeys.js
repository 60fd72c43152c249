/* Keys of the page of the duties. Headquarters has the bar's keys as well. */

import {at} from './deskdom.js';
import {resort} from './hqdutiescalls.js';
import {whole} from './hqdutiessay.js';

const rows = () => [...document.querySelectorAll('#facilities>li')];
const here = () => document.activeElement?.closest?.('#facilities>li');

const go = row => {
  row?.focus();
  row?.scrollIntoView({block: 'nearest'});
};

const move = by => {
  const all = rows();
  const from = all.indexOf(here());
  go(all[Math.max(0, Math.min(all.length - 1, from < 0 ? 0 : from + by))]);
};

const next = () => {
  resort();
  go(document.querySelector('#facilities>li[data-due]') ?? rows()[0]);
};
const duty = number => document.querySelector(`#list>li[data-number="${number}"]`);
const chosen = () => document.activeElement?.closest?.('#list>li') ?? document.querySelector('#list>li[data-chosen]');

const choose = number => {
  for (const one of document.querySelectorAll('#list>li[data-chosen]')) delete one.dataset.chosen;
  const row = duty(number);
  if (row) row.dataset.chosen = 'yes';
  go(row);
};

const letter = event => {
  const key = event.key.toLowerCase();
  if (key === 'j') return () => move(1);
  if (key === 'k') return () => move(-1);
  if (key === 'n') return next;
  if (!whole) return null;
  if (/^[1-6]$/.test(key)) return () => choose(key);
  if (key === 'v' && chosen()) return () => chosen().querySelector('a.print').click();
  return null;
};

const any = event => {
  if (event.key !== 'Enter') return null;
  if (event.target.matches('#facilities>li')) return () => event.target.querySelector('[data-call]').click();
  if (event.target.matches('#list>li')) return () => event.target.querySelector('a').click();
  return null;
};

if (whole) {
  const {pageKeys} = await import('./hqbarkeys.js');
  pageKeys({letter, any});
} else {
  const {useLetters} = await import('./hqdutiesletters.js');
  const used = useLetters(at('keys-on'));
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector('dialog[open]') || event.target.matches('input:not([type=checkbox]),select,textarea')) return;
    const does = (used() ? letter(event) : null) ?? any(event);
    if (!does) return;
    event.preventDefault();
    does();
  });
}

at('duties').dataset.keys = 'yes';
