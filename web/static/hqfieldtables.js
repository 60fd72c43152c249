/* Streets that reports shut, and the gauges: narrow tables. */

import {at, fill, make, put} from './deskdom.js';
import {cell, number, row, table, time, word} from './hqfieldsay.js';

const BASIS = {suspended: '一時停止', confirmed: '通行止め'};

const mark = (text, value) => {
  const made = make('span', {className: 'state', textContent: text});
  made.dataset.value = value;
  return made;
};

const behind = ({reports: ids}, reports) => {
  const kinds = new Map();
  for (const id of ids) {
    const one = reports.find(other => other.id === id);
    const name = one ? `${word('source', one.source_kind)}` : 'ほか';
    kinds.set(name, (kinds.get(name) ?? 0) + 1);
  }
  return `${ids.length}件${kinds.size ? `（${[...kinds].map(([name, count]) => (count > 1 ? `${name}${count}` : name)).join('、')}）` : ''}`;
};

const closureRow = (one, reports) => row(one.street || '名前のない道', cell(make('span', {}, mark(BASIS[one.basis] ?? one.basis, one.basis), ` ${one.reason}`)),
  cell(time(one.since)), cell(behind(one, reports)), cell(word('moving', one.moving ?? '')));

export const drawClosures = ({closures, reports}) => {
  put(at('closures-count'), String(closures.length));
  put(at('closures-none'), closures.length ? '' : '報告で止めている道はありません。');
  const told = closures.map(one => behind(one, reports));
  fill(at('closures'), JSON.stringify([closures, told]), () => (closures.length
    ? [table('報告で止めている道', ['道', '状態', 'いつから', '元の報告', '行き先'], closures.map(one => closureRow(one, reports)))] : []));
};

const COLUMNS = ['観測所', 'いま', '動き', '確認'];

const trend = value => {
  if (value === null || value === undefined) return '—';
  const rounded = Math.round(value * 100) / 100;
  const arrow = rounded > 0.05 ? '↑ 上昇' : rounded < -0.05 ? '↓ 下降' : '→ 横ばい';
  return `${arrow} ${rounded > 0 ? '＋' : rounded < 0 ? '－' : '±'}${Math.abs(rounded).toFixed(2)} m/時`;
};

const aside = ({set_aside_counts: counts}) => Object.entries(counts ?? {}).map(([why, count]) => `使わなかった値 ${number(count)}：${why}`);

const levels = gauge => Object.entries(gauge.levels_m).filter(([, value]) => value !== null).reverse()
  .map(([key, value]) => `${word('level', key)} ${value.toFixed(2)}`).join(' / ');

const troubles = sensor => [
  ...(sensor.stopped_at ? ['この機器は止めてあります'] : []),
  ...(sensor.silent_since ? [make('b', {className: 'warned'}, '沈黙 ', time(sensor.silent_since, '最後 '))] : []),
  ...aside(sensor),
];

const sensorRow = (name, sub, sensor) => {
  const level = sensor.level_m === null || sensor.level_m === undefined ? '—' : `${sensor.level_m.toFixed(2)} m`;
  const word = mark(sensor.word, sensor.state || 'below');
  word.classList.add('water');
  const wrong = troubles(sensor).map(one => make('li', {}, one));
  const line = row(make('span', {}, name, make('small', {className: 'small', textContent: sub})),
    cell(make('span', {}, make('b', {textContent: level}), ' ', word)), cell(trend(sensor.trend_m_h)),
    cell(sensor.measured_at ? time(sensor.measured_at) : '値なし'));
  if (!wrong.length) return [line];
  return [line, make('tr', {className: 'wrong'}, make('td', {colSpan: COLUMNS.length}, make('ul', {className: 'plain', ariaLabel: `${name}の沈黙と、使わなかった値`}, ...wrong)))];
};

const rowsOf = gauge => {
  const sub = [gauge.river, levels(gauge), ...gauge.rules.filter(one => one.problem).map(one => one.problem)].filter(Boolean).join('・');
  if (!gauge.sensors.length) return [row(make('span', {}, gauge.name, make('small', {className: 'small', textContent: sub})), cell('機器なし', 'whole'), cell('—'), cell('値なし', 'whole'))];
  return gauge.sensors.flatMap(sensor => sensorRow(gauge.sensors.length > 1 ? `${gauge.name} ${sensor.name}` : gauge.name, sub, sensor));
};

export const drawGauges = ({gauges, without_gauge: lost}) => {
  const some = gauges.length + lost.length > 0;
  put(at('gauges-none'), some ? '' : 'この市のデータに水位観測所はありません。');
  fill(at('gauges'), JSON.stringify([gauges, lost]), () => (some
    ? [table('水位', COLUMNS, [...gauges.flatMap(rowsOf), ...lost.flatMap(one => sensorRow(one.name, one.gauge, one))]),
      make('p', {className: 'kind', textContent: '水位の見通しは公表しません。水位が下がっても、道は自動では開きません。'})] : []));
};
