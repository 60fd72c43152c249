/* The table of places: filter, order, and the panel that opens below a row.
   Rows move only when a person asks for it: a button must not slip away from under a finger. */

import {bandOf, copy, fill, inUse, siteRow, words} from './hqrows.js';
import {fillDetail} from './hqdetail.js';

const table = document.getElementById('sites');
const filter = document.getElementById('filter');
const resort = document.getElementById('resort');
const BANDS = ['full', 'crowded', 'some', 'room', 'unknown'];
const QUICK = {full: ['open', '開設'], open: ['full', '満員']};
const sites = new Map();
let sort = null;

const bodies = () => [...table.tBodies];
const visible = () => bodies().filter(body => !body.hidden);
const rowOf = body => body.querySelector('tr.row');
const bodyOf = element => element.closest('tbody.site');
const isOpen = body => Boolean(body.querySelector('.detail'));
const siteOf = body => sites.get(body.dataset.key);
const ORDER = {
  name: site => site.name,
  band: site => BANDS.indexOf(bandOf(site)),
  age: site => Date.parse(site.raw_counted_at) || 0,
};

/* As the city's list has them, until somebody asks for another order. */
const compare = (a, b) => {
  if (!sort) return 0;
  const [one, two] = [ORDER[sort.by](siteOf(a)), ORDER[sort.by](siteOf(b))];
  const way = typeof one === 'string' ? one.localeCompare(two, 'ja') : one - two;
  return (sort.down ? -way : way) || siteOf(a).name.localeCompare(siteOf(b).name, 'ja');
};

const ordered = () => bodies().filter(siteOf).sort(compare);

/* A row that is being typed in stays where it is in the document; the others go around it. */
const arrange = () => {
  const wanted = ordered();
  const fixed = wanted.findIndex(inUse);
  wanted.slice(0, Math.max(fixed, 0)).forEach(body => table.insertBefore(body, wanted[fixed]));
  wanted.slice(fixed + 1).forEach(body => table.append(body));
  resort.hidden = true;
};

const text = body => [...rowOf(body).querySelectorAll('[data-slot]:not([hidden])')]
  .map(one => one.textContent).join(' ').toLowerCase();

const narrow = () => {
  const asked = filter.value.trim().toLowerCase().split(/[\s　]+/).filter(Boolean);
  for (const body of bodies()) {
    const matches = asked.every(one => text(body).includes(one));
    body.hidden = !matches && !inUse(body);
  }
  const shown = visible().length;
  document.getElementById('shown').textContent = asked.length ? `${shown}件` : '';
};

const quick = (body, site) => {
  const button = body.querySelector('form.quick button[name=opening]');
  const [value, label] = QUICK[site.opening] || ['open', '開設'];
  button.value = value;
  button.textContent = label;
  button.setAttribute('aria-label', `${site.name}を${label}`);
  body.querySelector('[data-do=detail]').setAttribute('aria-label', `${site.name}の詳細`);
};

const draw = (body, site) => {
  fill(rowOf(body), siteRow(site));
  quick(body, site);
  const detail = body.querySelector('.detail');
  if (detail) fillDetail(detail, site);
};

export const siteNamed = id => sites.get(`site:${id}`);
export const allSites = () => [...sites.values()];

/* A place's newest state; what only the whole picture holds is kept. */
export const putSite = site => {
  const key = `site:${site.id}`;
  const known = {...sites.get(key), ...site};
  sites.set(key, known);
  let body = bodies().find(one => one.dataset.key === key);
  if (!body) {
    body = copy('site');
    body.dataset.key = key;
    table.append(body);
  }
  draw(body, known);
};

/* A place that the city has no longer. */
export const dropSite = id => {
  sites.delete(`site:${id}`);
  bodies().find(one => one.dataset.key === `site:${id}`)?.remove();
};

export const settle = () => {
  narrow();
  const now = bodies().filter(siteOf);
  resort.hidden = ordered().every((body, index) => body === now[index]);
  document.querySelector('[data-count=sites]').textContent = String(sites.size);
  if (!table.querySelector('tr.row[tabindex="0"]')) rowOf(visible()[0] || now[0])?.setAttribute('tabindex', '0');
};

export const redraw = () => bodies().forEach(body => siteOf(body) && draw(body, siteOf(body)));

const goTo = body => {
  if (!body) return;
  table.querySelectorAll('tr.row[tabindex="0"]').forEach(row => { row.tabIndex = -1; });
  const row = rowOf(body);
  row.tabIndex = 0;
  row.focus();
  row.scrollIntoView({block: 'nearest'});
};

/* One row down or up; 0 is the row that has the focus, or the first one. */
export const step = by => {
  const all = visible();
  const here = all.indexOf(document.activeElement && bodyOf(document.activeElement));
  goTo(all[here < 0 ? 0 : Math.min(Math.max(here + by, 0), all.length - 1)]);
};

const close = body => {
  body.querySelector('.detail')?.remove();
  body.querySelector('[data-do=detail]').setAttribute('aria-expanded', 'false');
  narrow();
};

const open = body => {
  const detail = copy('detail');
  body.append(detail);
  body.querySelector('[data-do=detail]').setAttribute('aria-expanded', 'true');
  fillDetail(detail, siteOf(body));
  table.dispatchEvent(new CustomEvent('opened', {detail}));
  detail.querySelector('h3').focus();
  detail.scrollIntoView({block: 'nearest'});
};

export const toggle = element => {
  const body = bodyOf(element);
  if (siteOf(body) && !shut(element)) open(body);
};

/* Closes the panel around an element, or any where the focus is nowhere; says whether one was open. */
export const shut = element => {
  const body = bodyOf(element) || (element === document.body && bodies().find(isOpen));
  if (!body || !isOpen(body)) return false;
  close(body);
  goTo(body);
  return true;
};

export const clearFilter = () => {
  filter.value = '';
  narrow();
  step(0);
};

filter.addEventListener('input', narrow);
resort.addEventListener('click', arrange);
table.addEventListener('click', event => {
  const by = event.target.closest('[data-sort]')?.dataset.sort;
  if (by) {
    sort = {by, down: sort?.by === by && !sort.down};
    for (const head of table.querySelectorAll('th[aria-sort]')) head.removeAttribute('aria-sort');
    event.target.closest('th').setAttribute('aria-sort', sort.down ? 'descending' : 'ascending');
    arrange();
  } else if (event.target.closest('[data-do=detail]')) toggle(event.target);
});
