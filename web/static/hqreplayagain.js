/* The same night with a change: asked for, computed elsewhere, compared. Nothing of it is done. */

import {at, make, put} from './deskdom.js';
import {drawCurve} from './hqreplaycurve.js';
import {API, number, said} from './hqreplaysay.js';
import {get, post} from './staff.js';

const LOOKS_MS = 1500;
const HALF_HOURS = 12;
const form = at('again-form');
let night = null;
let timer = 0;
let running = null;

const hours = minutes => (minutes ? `${minutes % 60 ? (minutes / 60).toFixed(1) : minutes / 60}時間早く` : '記録のまま');

const ROWS = [
  ['turned_away', '断られた人', '人', 1], ['overflow', '予備の部屋に入った人', '人', 1], ['full', '満になった場所', 'か所', 1],
  ['walked_m', '歩いた距離（人×km）', 'km', 1e3], ['exposed_m', '想定の区域の中を歩いた距離（人×km）', 'km', 1e3],
  ['moved', '計画で行き先が変わった世帯', '世帯', 1], ['no_room', '最後まで場所のない世帯', '世帯', 1],
  ['no_way', '最後まで道のない世帯', '世帯', 1], ['open_hours', '開けていた時間（場所×時間）', '時間', 1],
];

const value = (totals, key, per) => Math.round((Array.isArray(totals[key]) ? totals[key].length : totals[key]) / per);

const verdict = (before, after) => {
  if (before === after) return make('b', {className: 'same', textContent: '＝ 同じ'});
  return after < before ? make('b', {className: 'good', textContent: '▼ 減る'}) : make('b', {className: 'more', textContent: '▲ 増える'});
};

const row = ([key, words, unit, per], result) => {
  const [before, after] = [result.recorded, result.changed].map(totals => value(totals, key, per));
  return make('tr', {}, make('th', {scope: 'row', textContent: words}), make('td', {className: 'r', textContent: number(before)}),
    make('td', {className: 'r num', textContent: number(after)}), make('td', {}, `${unit} `, verdict(before, after)));
};

const titleOf = change => [
  change.orders_earlier_min && `発令を${hours(change.orders_earlier_min)}`,
  change.sites_earlier_min && `${change.sites ? `${change.sites.length}か所の` : ''}開設を${hours(change.sites_earlier_min)}`,
].filter(Boolean).join('・');

const model = result => `第${result.versions[0]}版から第${result.versions[1]}版までの${result.scenes}場面。水・天気・通行止め・レベル5は記録のまま。`
  + `知らされた世帯は${Math.round(result.start_delay_s / 60)}分後に、そのときの道で出ます（レベル4で${Math.round(result.turnout * 100)} %、区域の中は別の割合）。`
  + '部屋の数と割合は今の設定です。「記録」も同じ計算で、実際の人数ではありません。';

const drawResult = run => {
  const {result} = run;
  const head = make('tr', {}, ...['比べるもの', '記録', titleOf(run.change), 'ちがい'].map(text => make('th', {scope: 'col', textContent: text})));
  const table = make('table', {className: 'compare-table'}, make('thead', {}, head), make('tbody', {}, ...ROWS.map(one => row(one, result))));
  at('compare').replaceChildren(make('p', {className: 'assumed', textContent: '仮定の計算です'}), table, make('p', {className: 'kind', textContent: model(result)}));
  put(at('compare-about'), `夜全体・${said(run.begun_at)}に計算`);
  at('curve-part').hidden = !result.curve.length;
  drawCurve(at('curve'), result.curve, titleOf(run.change));
};

const drawRunning = run => {
  const share = run.of ? Math.floor((100 * run.done) / run.of) : 0;
  const bar = make('progress', {max: 100, value: share});
  bar.setAttribute('aria-label', '計算の進み');
  const stop = make('button', {className: 'btn', type: 'button', textContent: '止める'});
  stop.addEventListener('click', () => cancel(run.number));
  const words = make('p', {role: 'status', textContent: `計算しています… ${share} %（${titleOf(run.change)}）`});
  at('compare').replaceChildren(words, bar, make('p', {className: 'acts'}, stop));
};

const drawEnded = run => at('compare').replaceChildren(make('p', {
  className: 'note warn', textContent: run.state === 'cancelled' ? '計算を止めました。' : `計算できませんでした：${run.why ?? ''}`,
}));

const draw = run => {
  running = run;
  clearTimeout(timer);
  if (!run) return;
  if (run.state === 'running') {
    drawRunning(run);
    timer = setTimeout(look, LOOKS_MS);
  } else if (run.state === 'done') drawResult(run);
  else drawEnded(run);
};

const look = async () => {
  try {
    draw((await get(`${API}/runs?day=${night.day}`)).run);
  } catch (error) {
    put(at('compare-about'), `読めませんでした：${error.message}`);
    timer = setTimeout(look, 4 * LOOKS_MS);
  }
};

const cancel = async which => {
  try {
    await post(`${API}/runs/${which}/cancel`, {});
  } catch (error) {
    put(at('compare-about'), error.message);
  }
  look();
};

const chosen = () => (at('all-sites').checked ? null
  : [...at('again-sites').querySelectorAll('input:checked')].map(one => one.value));

const ask = async () => {
  const said_ = at('again-said');
  put(said_, '');
  try {
    const found = await post(`${API}/runs`, {
      day: night.day, sites: chosen(), orders_earlier_min: Number(form.elements.orders_earlier_min.value),
      sites_earlier_min: Number(form.elements.sites_earlier_min.value),
    });
    at('again').close();
    draw(found.run);
    at('h-compare').scrollIntoView({block: 'nearest'});
  } catch (error) {
    put(said_, error.message);
  }
};

/* The places of what is looked at: those that the record has. */
export const nameSites = sites => {
  const key = sites.map(one => one.id).join(' ');
  if (at('again-sites').dataset.key === key) return;
  at('again-sites').dataset.key = key;
  at('again-sites').replaceChildren(...sites.map(one => make('label', {className: 'pick'},
    make('input', {type: 'checkbox', value: one.id}), ` ${one.name}`)));
};

export const openAgain = () => {
  if (running?.state === 'running') return;
  put(at('again-said'), '');
  at('again').showModal();
  form.elements.sites_earlier_min.focus();
};

export const showNight = found => {
  night = found;
  put(at('compare-about'), '');
  at('curve-part').hidden = true;
  at('compare').replaceChildren(make('p', {className: 'none', textContent: '同じ夜を、開設や発令を早めてもう一度計画し、比べます。'}));
  look();
};

export const listenToAgain = () => {
  for (const name of ['sites_earlier_min', 'orders_earlier_min']) {
    form.elements[name].replaceChildren(...Array.from({length: HALF_HOURS + 1}, (_, half) => make('option', {
      value: 30 * half, textContent: hours(30 * half), selected: half === 4,
    })));
  }
  at('again-open').addEventListener('click', openAgain);
  at('again-run').addEventListener('click', ask);
  at('all-sites').addEventListener('change', () => { at('again-sites').hidden = at('all-sites').checked; });
};
