/* What went out: the progress of each channel, and the ledger of households with its map. */

import {at, fill, make, put} from './deskdom.js';
import {cell, isDrill, number, percent, table, time, word, words} from './hqalertsay.js';
import {drawHeard} from './hqalertheard.js';

const SVG = 'http://www.w3.org/2000/svg';
const COLUMNS = ['queued', 'in_flight', 'accepted', 'delivered', 'refused', 'given_up', 'not_needed'];
const MOST_CELLS = 400;

const channelRow = one => make('tr', {}, make('th', {scope: 'row', textContent: word('channel', one.channel)}),
  ...COLUMNS.map(name => cell(number(one[name]), 'num')), cell(number(one.perhaps), one.perhaps ? 'num warned' : 'num'));

/* Of all rows, how many need nothing more to be sent. */
const share = one => {
  const all = COLUMNS.reduce((sum, name) => sum + one[name], 0);
  return all ? 1 - (one.queued + one.in_flight) / all : 1;
};

const meters = channels => channels.map(one => {
  const bar = make('progress', {max: 1, value: share(one)});
  bar.setAttribute('aria-label', `${word('channel', one.channel)}の進み`);
  return make('p', {className: 'meter'}, make('b', {textContent: word('channel', one.channel)}), bar, make('span', {textContent: percent(share(one))}));
});

export const drawProgress = (whole, isOut) => {
  at('sending').hidden = !isOut;
  if (!isOut) return;
  const channels = whole.progress;
  put(at('sending-state'), whole.stopped_at ? '止めました。残りは送りません。' : words.state[whole.state]);
  fill(at('progress'), JSON.stringify([whole.number, channels]), () => (channels.length ? [
    ...meters(channels),
    table('経路ごとの進み', ['経路', ...COLUMNS.map(name => word('delivery', name)), '二重のおそれ'], channels.map(channelRow)),
    make('p', {className: 'kind', textContent: 'LINE の受理は、届いたことを意味しない。「二重のおそれ」は、送れたか分からずもう一度送ったものです。'}),
  ] : [make('p', {className: 'none', textContent: `まだ送り始めていません。登録がない区域では、${isDrill(whole) ? '防災無線の訓練放送で' : '防災無線と緊急速報で'}伝えます。`})]));
};

const bar = (homes, all) => {
  const part = make('div', {className: 'bar5', ariaHidden: 'true'});
  for (const [state, count] of Object.entries(homes)) {
    const piece = make('i', {className: `st-${state}`});
    piece.style.flexGrow = String(count);
    piece.hidden = !count || !all;
    part.append(piece);
  }
  return part;
};

const homeRow = ([state, count], all) => {
  const [name, means] = words.ledger[state];
  return make('tr', {}, make('th', {scope: 'row'}, make('i', {className: `swatch st-${state}`, ariaHidden: 'true'}), name,
    make('small', {textContent: means})), cell(number(count), 'num sum'), cell(all ? percent(count / all) : '—', 'num'));
};

const others = ({people, confirmed}) => (people
  ? `ほかに、世帯と結び付かない登録 ${number(people)}人に送り、${number(confirmed)}人から確認がありました。`
  : '世帯と結び付かない登録の人はいません。');

const placed = (svg, {lon, lat}) => {
  const [x0, xLon, xLat, y0, yLon, yLat] = svg.dataset.by.split(' ').map(Number);
  return [x0 + xLon * lon + xLat * lat, y0 + yLon * lon + yLat * lat];
};

/* 400 m in units of the map. */
const side = (svg, {lon, lat}) => {
  const [, one] = placed(svg, {lon, lat});
  const [, two] = placed(svg, {lon, lat: lat + 400 / 111320});
  return Math.abs(two - one);
};

const square = (svg, one, size) => {
  const [x, y] = placed(svg, one);
  const part = document.createElementNS(SVG, 'g');
  const rect = document.createElementNS(SVG, 'rect');
  const label = document.createElementNS(SVG, 'text');
  const set = (node, values) => Object.entries(values).forEach(([name, value]) => node.setAttribute(name, value));
  set(rect, {x: x - size / 2, y: y - size / 2, width: size, height: size, rx: size / 12, class: `cell${one.households >= 50 ? ' much' : ''}${one.not_heard ? ' quiet' : ''}`});
  set(label, {x, y: y + size * 0.17, 'font-size': size * 0.46, 'text-anchor': 'middle', class: 'cell-number'});
  label.textContent = String(one.households);
  part.append(rect, label);
  return part;
};

const drawCells = cells => {
  const svg = document.getElementById('cells');
  const shown = cells.slice(0, MOST_CELLS);
  put(at('cells-note'), cells.length
    ? `届いていない世帯と放送だけの世帯。約400 m四方ごと、10世帯未満は示しません。${number(cells.length)}か所。${cells.some(one => one.not_heard) ? '太い破線の枠は、放送が聞こえなかった区域の世帯が10以上ある所です。' : ''}`
    : '10世帯以上がまとまって届いていない場所はありません（10世帯未満の場所は示しません）。');
  if (!svg) return;
  svg.toggleAttribute('hidden', !cells.length);
  const group = svg.querySelector('g');
  fill(group, JSON.stringify(shown), () => shown.map(one => square(svg, one, Math.max(side(svg, one) * 0.92, 14))));
};

export const drawLedger = found => {
  at('ledger').hidden = !found;
  if (!found) return;
  fill(at('ledger-at'), found.as_of, () => [time(found.as_of, '数えた時刻 ')]);
  fill(at('households'), JSON.stringify([found.households, found.others]), () => [
    bar(found.households, found.all),
    table('世帯の台帳', [`世帯（全部で ${number(found.all)}）`, '世帯', '割合'], Object.entries(found.households).map(one => homeRow(one, found.all))),
    make('p', {className: 'kind', textContent: `LINE の受理は、届いたことを意味しない。${others(found.others)}`}),
  ]);
  drawHeard(found.broadcast, found.households.broadcast_only);
  drawCells(found.cells);
};
