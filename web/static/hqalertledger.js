/* What went out: the progress of each channel, and the ledger of households with its map. */

import {at, fill, make, put} from './deskdom.js';
import {cell, isDrill, number, percent, table, time, word, words} from './hqalertsay.js';
import {CELL_M, drawSquares} from './hqalertcells.js';
import {drawHeard} from './hqalertheard.js';

const COLUMNS = ['queued', 'in_flight', 'accepted', 'delivered', 'refused', 'given_up', 'not_needed'];
const MOST_CELLS = 400;

/* A row a state: so many channels fit beside each other on the narrowest screen. */
const stateRow = (channels, name, text) => make('tr', {}, make('th', {scope: 'row', textContent: text}),
  ...channels.map(one => cell(number(one[name]), name === 'perhaps' && one[name] ? 'num warned' : 'num')));

const stateRows = channels => [...COLUMNS.map(name => stateRow(channels, name, word('delivery', name))),
  stateRow(channels, 'perhaps', '二重のおそれ')];

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
  fill(at('progress'), JSON.stringify([whole.number, channels, whole.state, Boolean(whole.stopped_at)]), () => (channels.length ? [
    ...meters(channels),
    table('経路ごとの進み', ['状態', ...channels.map(one => word('channel', one.channel))], stateRows(channels)),
    make('p', {className: 'kind', textContent: 'LINE の受理は、届いたことを意味しない。「二重のおそれ」は、送れたか分からずもう一度送ったものです。'}),
  ] : [make('p', {className: 'none', textContent: nothingSent(whole)})]));
};

/* Nobody is told by a channel where nobody registered: that is not a beginning. */
const nothingSent = whole => {
  const loud = isDrill(whole) ? '防災無線の訓練放送で' : '防災無線と緊急速報で';
  const nobody = whole.state === 'sent' || (whole.blast && !whole.blast.recipients.length);
  if (nobody) return `この区域に、送る宛先の登録がありません。一人ずつには、だれにも送りません。${loud}伝えます。`;
  if (whole.stopped_at) return '送り始める前に止めました。';
  return `まだ送り始めていません。登録がない区域では、${loud}伝えます。`;
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

const drawCells = cells => {
  const svg = document.getElementById('cells');
  const shown = cells.slice(0, MOST_CELLS);
  svg?.toggleAttribute('hidden', !cells.length);
  const side = svg && cells.length ? drawSquares(svg, shown) : CELL_M;
  put(at('cells-note'), cells.length
    ? `届いていない世帯と放送だけの世帯。約${number(side)} m四方ごと、10世帯未満の約400 m四方は示しません。${number(cells.length)}か所。${cells.some(one => one.not_heard) ? '太い破線の枠は、放送が聞こえなかった区域の世帯が10以上ある所です。' : ''}`
    : '10世帯以上がまとまって届いていない場所はありません（10世帯未満の場所は示しません）。');
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
