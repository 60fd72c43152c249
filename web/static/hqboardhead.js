/* The head of the board: what the machine is doing, how many, the channels; and the levels by area. */

import {at, fill, make, put} from './deskdom.js';
import {setMode} from './hqbarmode.js';
import {drawRows} from './hqboardlist.js';
import {clockText} from './staff.js';
import {fewAreas, isUnread, number, sayNone, time, word, zone} from './hqboardsay.js';

/* Where that is not known it is in earnest. */
const modeOf = city => (city.live ?? true ? 'live' : city.drill ? 'drill' : 'calm');

/* Households under any order, each area counted once for all hazards. */
const targetOf = state => {
  const areas = new Map();
  for (const one of Object.values(state.orders)) {
    const key = JSON.stringify([...one.area_names].sort());
    areas.set(key, Math.max(areas.get(key) ?? 0, one.households ?? 0));
  }
  const total = [...areas.values()].reduce((sum, one) => sum + one, 0);
  return Math.min(total, state.city.city.households ?? total);
};

const least = moments => moments.filter(Boolean).sort((one, other) => Date.parse(one) - Date.parse(other))[0];

const channel = one => make('li', {className: one.ok ? 'ok' : 'ng'}, make('b', {textContent: one.name ?? one.channel}),
  ' ', one.ok ? '' : one.word, ' ', time(one.ok ? one.tested_at : one.failing_since));

const drawFigures = state => {
  const known = Object.values(state.alerts).filter(one => one.in_force && one.counted_at);
  const missing = known.length ? Object.values(state.unreached).reduce((sum, one) => sum + one.households, 0) : null;
  const target = targetOf(state);
  put(at('k-target'), number(isUnread('orders', state.city.city) ? null : target));
  put(at('k-unreached'), number(missing));
  put(at('k-share'), missing !== null && target ? `${(100 * missing / target).toFixed(1)}%` : '');
  const counted = least(known.map(one => one.counted_at));
  fill(at('k-counted'), counted ?? '', () => [time(counted)]);
  const decisions = Object.values(state.decisions);
  put(at('k-decisions'), String(decisions.length));
  const soonest = least(decisions.map(one => one.due));
  fill(at('k-soonest'), soonest ?? '', () => (soonest ? ['（最短 ', time(soonest, true), '）'] : []));
};

const drawChannels = (channels, city) => {
  const all = Object.values(channels);
  fill(at('channels'), JSON.stringify(all), () => all.map(channel));
  sayNone(at('channels-none'), 'channels', city, !all.length);
};

const drawOrder = one => card => {
  card.className = 'lvl';
  card.dataset.level = one.level;
  const unreached = one.unreached != null ? ['・未到達 ', make('b', {textContent: number(one.unreached)})]
    : one.told ? [] : ['・', make('b', {className: 'bad', textContent: '配信していません'})];
  const areas = make('span', {title: one.area_names.join('、') || '市内全域', textContent: fewAreas(one.area_names)});
  card.replaceChildren(make('b', {className: 'n', textContent: String(one.level)}), make('div', {},
    make('h3', {}, word('level', one.level), ' ', areas),
    make('p', {}, `${word('hazard', one.hazard)}・`, make('b', {textContent: number(one.households)}), '世帯'),
    make('p', {}, `${clockText(one.since, zone)}から`, ...unreached)));
};

const drawElsewhere = (state, some) => card => {
  card.className = 'lvl';
  card.dataset.level = 0;
  const homes = state.city.city.households;
  if (isUnread('orders', state.city.city)) return card.replaceChildren(make('b', {className: 'n', textContent: '？'}), make('p', {className: 'bad', textContent: '発令を、いま読めません。発令がないのではありません。'}));
  return card.replaceChildren(make('b', {className: 'n', textContent: '－'}), make('div', {},
    make('h3', {}, '発令なし ', make('span', {textContent: some ? 'その他の町' : '市内全域'})),
    make('p', {}, make('b', {textContent: number(homes == null ? null : Math.max(0, homes - targetOf(state)))}), '世帯')));
};

const drawLevels = state => {
  const orders = Object.values(state.orders).sort((one, other) => other.level - one.level || one.number - other.number);
  const items = orders.map(one => ({key: `order:${one.number}`, was: JSON.stringify(one), draw: drawOrder(one)}));
  const was = JSON.stringify([state.city.city, targetOf(state), orders.length]);
  items.push({key: 'elsewhere', was, draw: drawElsewhere(state, orders.length)});
  drawRows(at('levels'), items, {name: 'li'});
};

const drawMissing = names => {
  put(at('missing-words'), [...new Set(names.map(name => word('section', name.split('.')[0])))].join('、'));
  at('missing').hidden = !names.length;
};

export const drawHead = state => {
  setMode(modeOf(state.city.city));
  put(at('bar-about'), state.city.city.households == null ? '' : `${number(state.city.city.households)}世帯`);
  drawFigures(state);
  drawChannels(state.channels, state.city.city);
  drawLevels(state);
  drawMissing(state.city.city.missing ?? []);
};
