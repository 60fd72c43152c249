/* Places, teams and gauges of the board, and what of them is looked for. */

import {at, make, put} from './deskdom.js';
import {drawRows} from './hqboardlist.js';
import {clockText} from './staff.js';
import {number, sayNone, time, UNKNOWN, zone} from './hqboardsay.js';

const NO_CROWD = ['unopened', 'preparing', 'closed', 'endangered'];
const FULLEST = ['full', 'crowded', 'unknown', 'some', 'room', 'none'];
const MOST = 400;
const NAMED = 2;

const bandOf = site => (NO_CROWD.includes(site.opening) ? 'none' : site.band ?? 'unknown');
const fullest = sites => [...sites].sort((one, other) =>
  FULLEST.indexOf(bandOf(one)) - FULLEST.indexOf(bandOf(other)) || (other.persons ?? 0) - (one.persons ?? 0));

const cell = (className, ...inside) => make('td', {className}, ...inside);
const head = (text, why) => {
  const made = make('th', {scope: 'row'}, text);
  if (why) made.append(' ', make('span', {className: 'why', textContent: why}));
  return made;
};

const band = site => {
  const key = bandOf(site);
  const mark = make('i', {className: 'mark'});
  mark.setAttribute('aria-hidden', 'true');
  const made = make('span', {className: 'band'}, mark, key === 'none' ? site.opening_word ?? UNKNOWN : site.word);
  made.dataset.value = key;
  return made;
};

const drawSite = site => row => {
  row.className = bandOf(site) === 'unknown' ? 'old' : '';
  row.replaceChildren(head(site.name, site.reasons.join('・')), cell('', band(site)),
    cell('r num', `${number(site.persons)} / ${number(site.capacity)}`), cell('r', number(site.coming)),
    cell('r', time(site.as_of)));
};

const drawTeam = team => row => {
  const task = [...team.area_names.slice(0, NAMED), team.what].filter(Boolean).join('・');
  const heard = team.overdue_since ? make('b', {className: 'bad'}, '超過 ', time(team.overdue_since)) : time(team.last_heard);
  row.replaceChildren(head(`${team.team}${team.flight ? '（ドローン）' : ''}`), cell('', task, ' ', make('span', {className: 'why', textContent: team.word})),
    cell('r', heard), cell('r num', team.withdraw_at ? clockText(team.withdraw_at, zone) : UNKNOWN));
};

const trend = value => {
  if (value == null) return UNKNOWN;
  const arrow = value >= 0.05 ? '↑' : value <= -0.05 ? '↓' : '→';
  return `${arrow} ${Math.abs(value).toFixed(2)}`;
};

const drawGauge = gauge => row => {
  const silent = Boolean(gauge.silent_since) || gauge.level_m == null;
  row.className = silent ? 'old' : '';
  row.replaceChildren(head(`${gauge.river} ${gauge.name}`, gauge.word),
    cell('r num', silent ? '欠測' : `${gauge.level_m.toFixed(2)} m`),
    cell('r', gauge.danger_m == null ? UNKNOWN : gauge.danger_m.toFixed(2)), cell('r nb', trend(gauge.trend_m_h)),
    cell('r', time(silent ? gauge.silent_since : gauge.measured_at)));
};

const items = (rows, draw) => rows.map(([key, one]) => ({key, was: JSON.stringify(one), draw: draw(one)}));
const plain = text => text.normalize('NFKC').toLowerCase();
let looked = '';

const TABLES = [
  ['sites', one => [one.name, one.opening_word ?? '', ...one.reasons], drawSite],
  ['teams', one => [one.team, one.what ?? '', ...one.area_names], drawTeam],
  ['gauges', one => [one.name, one.river], drawGauge],
];

const LAST = '9999';
/* Overdue ones first, then whoever must be back first: a table of JSON puts numbers in their own order. */
const latest = ([, one], [, other]) => (one.overdue_since ?? LAST).localeCompare(other.overdue_since ?? LAST)
  || (one.withdraw_at ?? LAST).localeCompare(other.withdraw_at ?? LAST);

const rowsOf = (name, state) => {
  if (name === 'sites') return fullest(Object.values(state.sites)).map(one => [one.id, one]);
  const all = Object.entries(state[name]);
  return name === 'teams' ? all.sort(latest) : all;
};

const drawTable = (state, [name, texts, draw]) => {
  const all = rowsOf(name, state);
  const shown = looked ? all.filter(([, one]) => texts(one).some(text => plain(text).includes(looked))) : all;
  drawRows(at(name).tBodies[0], items(shown, draw), {limit: MOST});
  at(name).hidden = !all.length;
  sayNone(at(`${name}-none`), name, state.city.city, !all.length);
  return [shown.length, all.length, Math.max(0, shown.length - MOST)];
};

export const drawTables = state => {
  const counts = TABLES.map(table => drawTable(state, table));
  const [shown, all, beyond] = [0, 1, 2].map(which => counts.reduce((sum, one) => sum + one[which], 0));
  const said = [looked ? `${all}件のうち${shown}件` : '', beyond ? `このほか${beyond}件は表に入りません。しぼり込むと出ます` : ''];
  put(at('filtered'), said.filter(Boolean).join('。'));
};

/* `again` draws what was drawn last. */
export const listenToFilter = again => {
  const filter = at('filter');
  filter.addEventListener('input', () => {
    looked = plain(filter.value.trim());
    again();
  });
  return {
    focus: () => { filter.focus(); filter.select(); },
    clear: () => {
      if (document.activeElement !== filter) return false;
      if (filter.value) {
        filter.value = looked = '';
        again();
      } else filter.blur();
      return true;
    },
  };
};
