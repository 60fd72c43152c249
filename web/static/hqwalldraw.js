/* What the wall shows of the state: areas, counts, roles; nobody's name and no forecast. */

import {at, fill, make, put} from './deskdom.js';
import {isOver, isSilent} from './hqboardmapdraw.js';
import {openSites, outTeams, rowsOf, unconfirmedSites} from './hqboardmaplayers.js';
import {LEVEL_WORDS, areaWords, bandOf, since, trendOf} from './hqboardmapwords.js';
import {clockText} from './staff.js';

/* How long ago the newest water was seen. */
export const waterAge = (state, now) => {
  const seen = rowsOf(state, 'water').map(one => one.at).filter(Boolean).sort((a, b) => Date.parse(b) - Date.parse(a));
  return seen.length ? since(seen[0], now) : '';
};

const MODES = {live: '実災害', drill: '訓練', calm: '平常'};
const MOST = 4;

export const modeOf = state => {
  const city = state.city.city ?? {};
  return city.live ? 'live' : city.drill ? 'drill' : 'calm';
};

const number = value => value.toLocaleString('en-US');

/* Households under some orders, each area counted once for all hazards. */
export const householdsOf = orders => {
  const areas = new Map();
  for (const one of orders) {
    const key = JSON.stringify([...one.area_names].sort());
    areas.set(key, Math.max(areas.get(key) ?? 0, one.households ?? 0));
  }
  return [...areas.values()].reduce((sum, one) => sum + one, 0);
};

const card = (level, word, areas, households) => {
  const made = make('li', {className: 'w-panel'}, make('b', {className: 'n', textContent: String(level)}),
    make('div', {}, make('h3', {}, word, ' ', households === null ? '' : make('em', {textContent: `${number(households)} 世帯`})), make('p', {textContent: areas})));
  made.dataset.level = level;
  return made;
};

export const drawLevels = state => {
  const orders = rowsOf(state, 'orders');
  const told = [5, 4, 3].map(level => [level, orders.filter(one => one.level === level)]).filter(([, all]) => all.length);
  const cards = told.map(([level, all]) => [level, LEVEL_WORDS[level],
    all.some(one => one.whole_city) ? '市内全域' : areaWords([...new Set(all.flatMap(one => one.area_names))], MOST, true), householdsOf(all)]);
  if (!cards.length) cards.push(['－', '発令なし', '市内全域', null]);
  fill(at('w-levels'), JSON.stringify(cards), () => cards.map(one => card(...one)));
};

const figure = (id, {value, unit, about, late = false, bad = false, name}) => {
  const box = at(id);
  put(box.querySelector('b'), value);
  if (unit !== undefined) put(box.querySelector('.unit'), unit);
  if (name) put(box.querySelector('dt'), name);
  put(box.querySelector('.about'), about);
  box.dataset.tone = late ? 'old' : bad ? 'bad' : '';
};

const nothing = {value: '—', late: true};
const missing = (state, section) => (state.city.city?.missing ?? []).includes(section) || !state[section];

const drawUnreached = (state, now) => {
  if (missing(state, 'unreached') || missing(state, 'alerts')) return figure('w-unreached', {...nothing, about: '読めません'});
  const known = rowsOf(state, 'alerts').filter(one => one.in_force && one.counted_at);
  if (!known.length) return figure('w-unreached', {value: '—', about: '数えた配信はありません'});
  const all = rowsOf(state, 'unreached').reduce((sum, one) => sum + one.households, 0);
  const target = Math.min(householdsOf(rowsOf(state, 'orders')), state.city.city.households ?? Infinity);
  const oldest = known.map(one => one.counted_at).sort()[0];
  const share = target ? `${number(target)} のうち ${(100 * all / target).toFixed(1)} %・` : '';
  return figure('w-unreached', {value: number(all), about: `${share}${since(oldest, now)}`, late: now - Date.parse(oldest) > 3e5});
};

const drawPlaces = state => {
  if (missing(state, 'sites')) return figure('w-places', {...nothing, about: '読めません'});
  const open = openSites(state).filter(one => one.opening !== 'preparing');
  const of = band => open.filter(one => bandOf(one) === band).length;
  const said = [['危険', of('danger')], ['満', of('full')], ['不明', of('unknown')], ['未確認', unconfirmedSites(state).length]].filter(([, count]) => count).map(([word, count]) => `${word} ${count}`);
  return figure('w-places', {value: String(open.length), about: said.join('・') || '満なし', bad: of('danger') > 0});
};

const drawTeams = state => {
  if (missing(state, 'teams')) return figure('w-teams', {...nothing, about: '読めません'});
  const out = outTeams(state);
  const overdue = out.filter(one => one.overdue_since).length;
  return figure('w-teams', {value: String(out.length), about: overdue ? `超過 ${overdue}` : '超過なし', bad: overdue > 0});
};

const height = one => (one.level_m ?? -Infinity) - (one.danger_m ?? Infinity);

/* The gauge that stands nearest to danger, or highest above it; silent ones are counted. */
const drawGauge = (state, now) => {
  if (missing(state, 'gauges')) return figure('w-gauge', {...nothing, about: '読めません'});
  const all = rowsOf(state, 'gauges');
  const heard = all.filter(one => !isSilent(one, now) && typeof one.level_m === 'number').sort((a, b) => height(b) - height(a));
  const silent = all.length - heard.length;
  const quiet = silent ? `・欠測 ${silent}` : '';
  if (!heard.length) return figure('w-gauge', {...nothing, name: '水位', unit: '', about: all.length ? `すべて欠測（${all.length}か所）` : '水位計なし'});
  const [one] = heard;
  const danger = typeof one.danger_m !== 'number' ? '' : `危険 ${one.danger_m.toFixed(2)} m ${isOver(one) ? 'を超えた' : 'より下'}`;
  return figure('w-gauge', {name: `${one.river && !one.name.includes(one.river) ? `${one.river} ` : ''}${one.name}・${since(one.measured_at, now)}`, value: one.level_m.toFixed(2), unit: `m ${trendOf(one)}`,
    about: `${danger}${quiet}`, bad: isOver(one)});
};

export const drawNumbers = (state, now) => {
  drawUnreached(state, now);
  drawPlaces(state);
  drawTeams(state);
  drawGauge(state, now);
};

const due = (one, zone, now) => {
  if (!one.due) return ['—', ''];
  const late = Date.parse(one.due) < now;
  return [clockText(one.due, zone), late ? 'late' : ''];
};

export const drawDecisions = (state, zone, now) => {
  const all = Object.values(state.decisions ?? {});
  const order = one => (one.due ? Date.parse(one.due) : Infinity);
  const next = [...all].sort((a, b) => order(a) - order(b)).slice(0, MOST);
  put(at('w-count'), all.length ? `全部で${all.length}件` : '');
  const rows = next.map(one => [...due(one, zone, now), one.title]);
  fill(at('w-decide'), JSON.stringify(rows), () => (rows.length
    ? rows.map(([time, late, title]) => make('li', {className: late}, make('b', {textContent: late ? `${time}\n超過` : time}), make('span', {textContent: title})))
    : [make('li', {textContent: 'いま決めることはありません'})]));
};

export const drawMode = mode => {
  at('wall').dataset.mode = mode;
  put(at('w-mode'), MODES[mode] ?? '—');
};
