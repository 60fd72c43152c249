/* The head of the board: what the machine is doing, how many, the channels; and the levels by area. */

import {at, fill, make, put} from './deskdom.js';
import {setMode} from './hqbarmode.js';
import {drawRows} from './hqboardlist.js';
import {clockText} from './staff.js';
import {COUNTING, isCounted, isEmpty, missed, modeOf, targetOf, unreachedOf} from './hqboardwords.js';
import {fewAreas, isUnread, number, sayNone, time, word, zone} from './hqboardsay.js';

const least = moments => moments.filter(Boolean).sort((one, other) => Date.parse(one) - Date.parse(other))[0];

const channel = one => make('li', {className: one.ok ? 'ok' : 'ng'}, make('b', {textContent: one.name ?? one.channel}),
  ' ', one.ok ? '' : one.word, ' ', time(one.ok ? one.tested_at : one.failing_since));

const drawFigures = state => {
  const target = targetOf(state);
  const {isKnown, households = null, said} = unreachedOf(state);
  put(at('k-target'), number(target));
  put(at('k-unreached'), said);
  at('k-unreached').classList.toggle('wait', !isKnown);
  at('k-unit').hidden = !isKnown;
  put(at('k-share'), households !== null && target ? `${(100 * households / target).toFixed(1)}%` : '');
  const counted = isKnown ? state.city.city.counted_at : null;
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

const drawOrder = (one, isNobody) => card => {
  card.className = 'lvl';
  card.dataset.level = one.level;
  const unreached = isCounted(one) ? ['・未到達 ', make('b', {textContent: missed(one)})]
    : one.told ? [`・未到達 ${COUNTING}`] : ['・', make('b', {className: 'bad', textContent: '配信していません'})];
  const areas = make('span', {title: one.area_names.join('、') || '市内全域', textContent: fewAreas(one.area_names)});
  card.replaceChildren(make('b', {className: 'n', textContent: String(one.level)}), make('div', {},
    make('h3', {}, word('level', one.level), ' ', areas),
    make('p', {}, `${word('hazard', one.hazard)}・`, make('b', {textContent: number(isNobody ? null : one.households)}), '世帯'),
    make('p', {}, `${clockText(one.since, zone)}から`, ...unreached)));
};

const drawElsewhere = (state, some) => card => {
  card.className = 'lvl';
  card.dataset.level = 0;
  const homes = state.city.city.households;
  const target = targetOf(state);
  if (isUnread('orders', state.city.city)) return card.replaceChildren(make('b', {className: 'n', textContent: '？'}), make('p', {className: 'bad', textContent: '発令を、いま読めません。発令がないのではありません。'}));
  return card.replaceChildren(make('b', {className: 'n', textContent: '－'}), make('div', {},
    make('h3', {}, '発令なし ', make('span', {textContent: some ? 'その他の町' : '市内全域'})),
    make('p', {}, make('b', {textContent: number(homes == null || isEmpty(state) || target === null ? null : Math.max(0, homes - target))}), '世帯')));
};

const drawLevels = state => {
  const orders = Object.values(state.orders).sort((one, other) => other.level - one.level || one.number - other.number);
  const items = orders.map(one => ({key: `order:${one.number}`, was: JSON.stringify([one, isEmpty(state)]), draw: drawOrder(one, isEmpty(state))}));
  const was = JSON.stringify([state.city.city, targetOf(state), orders.length]);
  items.push({key: 'elsewhere', was, draw: drawElsewhere(state, orders.length)});
  drawRows(at('levels'), items, {name: 'li'});
};

const drawMissing = names => {
  put(at('missing-words'), [...new Set(names.map(name => word('section', name.split('.')[0])))].join('、'));
  at('missing').hidden = !names.length;
};

export const drawHead = state => {
  setMode(modeOf(state));
  put(at('bar-about'), state.city.city.households == null ? '' : `${number(state.city.city.households)}世帯`);
  drawFigures(state);
  drawChannels(state.channels, state.city.city);
  drawLevels(state);
  drawMissing(state.city.city.missing ?? []);
};
