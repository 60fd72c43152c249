/* What headquarters saw at one moment, as tables; the map is drawn beside them where it can be. */

import {at, make, put} from './deskdom.js';
import {drawMap} from './hqreplaymap.js';
import {age, cell, minute, number, root, said, word} from './hqreplaysay.js';

const HEADS = {
  orders: ['レベル', '避難情報', '発令（そのとき）', '世帯', '未到達'],
  sites: ['避難場所', '状態', '人数 / 収容', '向かう人', '確認（そのとき）'],
  closures: ['道', '状態', 'なぜ', 'いつから（そのとき）'],
  gauges: ['水位観測所', '水位', '危険', '観測（そのとき）'],
  teams: ['班', '任務', '最後の連絡（そのとき）', '戻る時刻'],
  decisions: ['期限', '決めることだったもの', '何もしなければ'],
  chronology: ['時刻', 'から → へ', '内容', '対応', '担当'],
};

const areas = one => (one.whole_city ? '市内全域' : one.area_names.join('・'));

const ROWS = {
  orders: (one, then) => [cell(String(one.level), `lv lv${one.level}`), cell(`${areas(one)} ${word('hazard', one.hazard)} ${word('level', one.level)}`),
    cell(`${minute(one.since)}（${age(one.since, then)}）`), cell(number(one.households), 'r'), cell(number(one.unreached), 'r')],
  sites: (one, then) => [cell([one.name, ...(one.reasons ?? [])].join('・')), cell(one.word ?? one.opening), cell(`${number(one.persons)} / ${number(one.capacity)}`, 'r'),
    cell(number(one.coming), 'r'), cell(one.as_of ? `${minute(one.as_of)}（${age(one.as_of, then)}）` : '確認なし')],
  closures: (one, then) => [cell(one.street || '名前のない道'), cell(one.word ?? one.basis), cell(one.reason), cell(`${minute(one.at)}（${age(one.at, then)}）`)],
  gauges: (one, then) => [cell(`${one.river} ${one.name}`), cell(one.level_m == null ? '欠測' : `${one.level_m.toFixed(2)} m ${one.word ?? ''}`),
    cell(one.danger_m == null ? '—' : one.danger_m.toFixed(2), 'r'), cell(one.measured_at ? `${minute(one.measured_at)}（${age(one.measured_at, then)}）` : '—')],
  teams: (one, then) => [cell(one.team), cell(`${one.what} ${one.word ?? ''}`), cell(one.last_heard ? `${minute(one.last_heard)}（${age(one.last_heard, then)}）` : '—'),
    cell(one.withdraw_at ? minute(one.withdraw_at) : '—')],
  decisions: one => [cell(one.due ? minute(one.due) : '—', 'nb'), cell(`${one.title}　${one.what ?? ''}`), cell(one.if_nobody)],
  chronology: one => [cell(minute(one.at), 'nb'), cell(`${one.from ?? ''} → ${one.to ?? ''}`), cell(one.content), cell(one.action), cell(one.owner)],
};

const byDue = (one, other) => (one.due ?? '9').localeCompare(other.due ?? '9') || (one.since ?? '').localeCompare(other.since ?? '');
const ORDERED = {decisions: byDue, orders: (one, other) => other.level - one.level, sites: (one, other) => (other.persons ?? -1) - (one.persons ?? -1)};

const draw = (name, rows, then) => {
  const table = at(name);
  const head = make('tr', {}, ...HEADS[name].map(text => make('th', {scope: 'col', textContent: text})));
  const sorted = ORDERED[name] ? [...rows].sort(ORDERED[name]) : rows;
  table.replaceChildren(make('thead', {}, head), make('tbody', {}, ...sorted.map(one => make('tr', {}, ...ROWS[name](one, then)))));
  table.hidden = !rows.length;
  return rows.length;
};

const missing = state => state.city?.city?.missing ?? [];

const drawHead = (seen, {took_s}) => {
  const ok = seen.agrees;
  at('agrees').replaceChildren(
    make('b', {className: ok ? 'good' : 'bad', textContent: ok ? '✓ 一致' : '✕ 一致しません'}), ' ',
    make('span', {className: 'code', textContent: `${seen.hash.slice(0, 4)} ${seen.hash.slice(4, 8)}`}));
  const {version} = seen;
  root.dataset.version = version?.number ?? '';
  put(at('version'), version ? `第${version.number}版（この夜の${version.until} / ${version.of_night}）　呼び出し ${took_s.toFixed(1)}秒` : `まだ版がありません　呼び出し ${took_s.toFixed(1)}秒`);
};

const note = seen => {
  const lost = missing(seen.state);
  const words = [];
  if (!seen.agrees) words.push('この記録は、残したときのものと違います。読み物として扱ってください');
  if (seen.frame.gap) words.push(`この時刻には記録の機械が動いていません。${said(seen.frame.at)}の記録を出しています`);
  if (seen.chronology_more) words.push('クロノロジーは新しい200行です。それより前の行もあります');
  if (lost.length) words.push(`そのとき読めなかったもの：${lost.join('・')}`);
  return words.join('。');
};

export const drawSeen = (seen, about) => {
  const then = Date.parse(seen.moment);
  drawHead(seen, about);
  const told = note(seen);
  at('trouble').hidden = !told;
  put(at('trouble'), told);
  for (const one of document.querySelectorAll('[data-seen]')) put(one, `${said(then)}の記録`);
  const {state} = seen;
  const counts = Object.fromEntries(['orders', 'sites', 'closures', 'gauges', 'teams', 'decisions'].map(name => [name, draw(name, Object.values(state[name] ?? {}), then)]));
  counts.chronology = draw('chronology', seen.chronology, then);
  counts.gauges += counts.teams;
  for (const one of document.querySelectorAll('[data-none]')) one.hidden = counts[one.dataset.none] > 0;
  drawMap(seen);
};
