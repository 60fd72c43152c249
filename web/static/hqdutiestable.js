/* 発令判断表: the deadlines first, then each criterion, then rivers. */

import {at, fill, make, put} from './deskdom.js';
import {drawTable, figure, figures, level, localOf, sayOther, table, time, zone} from './hqdutiessay.js';
import {clockText} from './staff.js';

const CRITERIA = ['基準', '警戒レベル', '区域', 'いま', '達した', '発令', '日没までの期限', '風の前の期限'];
const RIVERS = ['観測所（川）', '水位', '傾き', '測った時刻', '状態', '判断・危険水位'];

const clock = iso => (iso ? clockText(iso, zone) : '未記入');

const deadline = one => {
  if (!one) return '—';
  return one.past ? make('b', {}, '過ぎました。達していれば、いま判断') : time(one.at, true);
};

const needed = one => {
  const walk = one.known ? `歩く ${one.walk_min}分（${one.share}％の世帯、秒速 ${one.speed} m）` : `歩く ${one.walk_min}分（行き先の決まっていない世帯があるので、市の方針の値より短くは見ない）`;
  return `要る時間：伝わるまで ${one.telling_min}分、支度 ${one.delay_min}分、${walk}。合わせて ${one.whole_min}分。判断を遅らせてよい時刻ではありません。`;
};

const area = one => (one.whole_city ? '市内全域' : one.area_names.join('、') || '区域は人が選ぶ');

const state = one => {
  if (!one.reached) return one.ordered;
  return one.open ? make('b', {className: 'late'}, '達した・未発令') : '発令ずみ';
};

const criterion = one => [
  `${one.hazard}　${one.condition}`, level(one.level), area(one),
  one.now, one.reached ? make('span', {}, make('b', {}, '達した '), time(one.reached_since)) : '—',
  state(one), deadline(one.sunset), deadline(one.wind),
];

const metres = (value, digits = 2) => (value === null ? '不明' : `${value.toFixed(digits)} m`);

const gauge = one => [
  `${one.name}（${one.river}）`, make('b', {}, metres(one.level_m)),
  one.trend_m_h === null ? '不明' : `${one.trend_m_h > 0 ? '+' : ''}${one.trend_m_h.toFixed(2)} m/時`,
  time(one.measured_at), one.silent_since ? make('span', {}, `${one.word}（値が来ない `, time(one.silent_since), '）') : one.word,
  `${one.evacuation_m ?? '—'}・${one.danger_m ?? '—'}`,
];

const drawRivers = (gauges, today) => {
  if (gauges.length) return drawTable(at('rivers'), () => table('川の水位', RIVERS, gauges.map(gauge)), JSON.stringify([today, gauges]));
  return fill(at('rivers'), 'none', () => [make('p', {className: 'none'}, '水位観測所がありません')]);
};

export const drawDecisions = board => {
  const {decisions} = board;
  const {sun, wind, city_deadlines: city} = decisions;
  figures(at('deadlines'), [
    figure('日没', sun ? clock(sun.sunset) : '不明', decisions.dark ? 'いまは夜' : ''),
    figure('日没までに歩くなら、発令は', decisions.dark ? '夜です' : deadlineText(city.sunset)),
    figure(`突風 ${wind.limit_m_s} m/s を超える見込み`, clock(wind.expected_at)),
    figure('風の前に歩くなら、発令は', deadlineText(city.wind)),
  ]);
  put(at('needed'), needed(decisions.needed));
  const input = at('wind-at');
  if (document.activeElement !== input && !input.dataset.typed) {
    input.value = localOf(wind.expected_at);
    input.form.dataset.seen = board.entered.wind.expected_at?.entry ?? 0;
  }
  input.form.dataset.newest = board.entered.wind.expected_at?.entry ?? 0;
  sayOther(at('wind-newest'), input.value === localOf(wind.expected_at) ? '' : clock(wind.expected_at));
  put(at('wind-label'), `突風 ${wind.limit_m_s} m/s を超える見込みの時刻（市の時計）`);
  const today = localOf(board.now).slice(0, 10); // a moment of another day says which
  drawTable(at('criteria'), () => table('基準ごと', CRITERIA, decisions.criteria.map(criterion)), JSON.stringify([today, decisions.criteria]));
  drawRivers(decisions.gauges, today);
};

const deadlineText = one => {
  if (!one) return '—';
  return one.past ? '過ぎました' : `${clockText(one.at, zone)} まで`;
};
