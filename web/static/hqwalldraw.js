/* What the wall shows of the state: areas, counts, roles; nobody's name and no forecast. */

import {at, fill, make, put} from './deskdom.js';
import {isOver, isSilent} from './hqboardmapdraw.js';
import {isOld, openedSites, openSites, outTeams, rowsOf, unconfirmedSites} from './hqboardmaplayers.js';
import {LEVEL_WORDS, areaWords, bandOf, since, trendOf} from './hqboardmapwords.js';
import {COUNTING, isEmpty, isUnread, number, targetOf, UNKNOWN, unreachedOf} from './hqboardwords.js';
import {clockText} from './staff.js';

/* How long ago the newest water was seen. */
export const waterAge = (state, now) => {
  const seen = rowsOf(state, 'water').map(one => one.at).filter(Boolean).sort((a, b) => Date.parse(b) - Date.parse(a));
  return seen.length ? since(seen[0], now) : '';
};

const MODES = {live: '実災害', drill: '訓練', calm: '平常'};
const MOST = 4;
const UNREAD = '？';

/* Households of one level's orders: their sum where no area is in two of them. Where some are, the city's
   own count says it if no other level is in force; else no more is known than the largest has. */
export const householdsOf = (orders, target, isOnly) => {
  const counts = orders.map(one => one.households);
  if (counts.some(one => one == null)) return '';
  const largest = Math.max(...counts);
  if (orders.length === 1 || orders.some(one => one.whole_city)) return `${number(largest)} 世帯`;
  if (isOnly && target !== null) return `${number(target)} 世帯`;
  const names = orders.flatMap(one => one.area_names);
  const apart = orders.every(one => one.area_names.length) && new Set(names).size === names.length;
  return apart ? `${number(counts.reduce((sum, one) => sum + one, 0))} 世帯` : `${number(largest)} 世帯以上`;
};

const card = (level, word, areas, households) => {
  const made = make('li', {className: 'w-panel'}, make('b', {className: 'n', textContent: String(level)}),
    make('div', {}, make('h3', {}, word, ' ', households ? make('em', {textContent: households}) : ''), make('p', {textContent: areas})));
  made.dataset.level = level;
  return made;
};

export const drawLevels = state => {
  const orders = rowsOf(state, 'orders');
  const told = [5, 4, 3].map(level => [level, orders.filter(one => one.level === level)]).filter(([, all]) => all.length);
  const cards = told.map(([level, all]) => [level, LEVEL_WORDS[level],
    all.some(one => one.whole_city) ? '市内全域' : areaWords([...new Set(all.flatMap(one => one.area_names))], MOST, true),
    isEmpty(state) ? '' : householdsOf(all, targetOf(state), told.length === 1)]);
  if (isMissing(state, 'orders')) cards.push(['？', '発令を、いま読めません', '発令がないのではありません', '']);
  else if (!cards.length) cards.push(['－', '発令なし', '市内全域', '']);
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
const isMissing = (state, section) => isUnread(section, state.city?.city ?? {}) || !state[section];

const drawUnreached = (state, now) => {
  const {isKnown, households, said} = unreachedOf(state);
  if (!isKnown) return figure('w-unreached', {value: said, unit: '', late: said !== COUNTING, about: said === UNKNOWN ? '数えた配信はありません' : ''});
  const [target, counted] = [targetOf(state), state.city.city.counted_at];
  const share = target && households !== null ? `${number(target)} のうち ${(100 * households / target).toFixed(1)} %・` : '';
  return figure('w-unreached', {value: said, unit: '世帯', about: `${share}${since(counted, now)}`, late: isOld(counted, 5, now)});
};

const drawPlaces = state => {
  if (isMissing(state, 'sites')) return figure('w-places', {...nothing, about: '読めません'});
  const open = openedSites(state);
  const of = band => open.filter(one => bandOf(one) === band).length;
  const danger = openSites(state).filter(one => bandOf(one) === 'danger').length;
  const said = [['危険', danger], ['満', of('full')], ['不明', of('unknown')], ['未確認', unconfirmedSites(state).length]].filter(([, count]) => count).map(([word, count]) => `${word} ${count}`);
  return figure('w-places', {value: String(open.length), about: said.join('・') || '満なし', bad: danger > 0});
};

const drawTeams = state => {
  if (isMissing(state, 'teams')) return figure('w-teams', {...nothing, about: '読めません'});
  const out = outTeams(state);
  const overdue = out.filter(one => one.overdue_since).length;
  return figure('w-teams', {value: String(out.length), about: overdue ? `超過 ${overdue}` : '超過なし', bad: overdue > 0});
};

const height = one => (one.level_m ?? -Infinity) - (one.danger_m ?? Infinity);

/* The gauge that stands nearest to danger, or highest above it; silent ones are counted. */
const drawGauge = (state, now) => {
  if (isMissing(state, 'gauges')) return figure('w-gauge', {...nothing, about: '読めません'});
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

const decisionRow = ([time, late, title]) => make('li', {className: late},
  make('b', {textContent: late && time !== UNREAD ? `${time}\n超過` : time}), make('span', {textContent: title}));

/* A row that has no room is not cut through: it is left away, and the count says that there are more. */
const onlyWhole = list => {
  for (const one of list.children) one.hidden = false;
  const end = list.getBoundingClientRect().bottom + 1;
  const cut = [...list.children].map(one => one.getBoundingClientRect().bottom > end);
  [...list.children].forEach((one, at) => { one.hidden = cut.slice(0, at + 1).includes(true); });
};

export const drawDecisions = (state, zone, now) => {
  const all = Object.values(state.decisions ?? {});
  const unread = isMissing(state, 'decisions');
  const order = one => (one.due ? Date.parse(one.due) : Infinity);
  const next = [...all].sort((a, b) => order(a) - order(b)).slice(0, MOST);
  put(at('w-count'), all.length ? `${unread ? '読めた分で' : '全部で'}${all.length}件` : '');
  const rows = next.map(one => [...due(one, zone, now), one.title]);
  if (unread) rows.unshift([UNREAD, 'late', '決めることを、いま読めません']);
  fill(at('w-decide'), JSON.stringify(rows), () => (rows.length
    ? rows.map(decisionRow) : [make('li', {textContent: 'いま決めることはありません'})]));
  onlyWhole(at('w-decide'));
};

export const drawMode = mode => {
  at('wall').dataset.mode = mode;
  put(at('w-mode'), MODES[mode] ?? '—');
};
