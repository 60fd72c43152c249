/* Where a revision is for, on the outline of the city; where the one before it was, dashed. */

import {at, put} from './deskdom.js';
import {frame, placed, shape} from './hqalertframe.js';
import {get} from './staff.js';
import {API, isDrill, number as sized} from './hqalertsay.js';

const map = document.getElementById('reach-map');
const path = (rings, className) => shape('path', {class: className, d: rings.map(ring =>
  `M${ring.map(one => placed(map, one).map(value => value.toFixed(2)).join(' ')).join('L')}Z`).join('')});

/* The colour of its level; a drill has its own, and what is over none (safety.md 16). */
const toneOf = one => {
  if (isDrill(one)) return 'drill';
  return ['cancel', 'all_clear'].includes(one.step) || !one.level ? '' : String(one.level);
};

const HOUSEHOLDS = {site: 'これらの町の、割当でその避難先へ行く世帯だけです。', plan: 'これらの町の、案内が変わった世帯だけです。'};
const BY = ['zone', 'site', 'plan'];
const names = new Map();

/* By which zone, place or version it was chosen: asked for once. */
const nameOf = async ({number, where, digest}) => {
  if (!BY.includes(where)) return '';
  const key = `${number}:${digest}`;
  if (!names.has(key)) names.set(key, (await get(`${API}/${number}/area`).catch(() => null))?.name ?? '');
  return names.get(key);
};

const saidOf = (whole, shown, changed, size) => {
  if (whole.whole_city) return '市内全域です。';
  if (!shown) return HOUSEHOLDS[whole.where] ?? '';
  return `塗った所が区域${changed ? '、破線が前の版' : ''}です。${size ? `広さ ${sized(size)} km²。` : ''}`;
};

let said = 0;
const say = async (whole, text) => {
  const mine = said += 1;
  const name = await nameOf(whole);
  if (mine === said) put(at('reach-said'), `${name ? `${name}。` : ''}${text}`);
};

let area = {rings: [], tone: '', all: false};

/* The area of the open revision on another map: its colour there, its outline, its corners in units. */
export const areaOn = svg => {
  svg.dataset.tone = area.tone;
  svg.classList.toggle('all', area.all);
  return {drawn: area.rings.length ? [path(area.rings, 'reach')] : [], points: area.rings.flat().map(one => placed(svg, one))};
};

export const drawReach = whole => {
  const {shape: rings = [], change, square_km: size} = whole.blast ?? {};
  const before = change?.shape ?? [];
  const shown = Boolean(whole.whole_city) || Boolean(rings.length);
  say(whole, saidOf(whole, shown, Boolean(before.length), size));
  area = {rings, tone: toneOf(whole), all: Boolean(whole.whole_city)};
  if (!map) return;
  map.toggleAttribute('hidden', !shown);
  const {drawn, points} = areaOn(map);
  const {over} = frame(map, whole.whole_city ? [] : [...points, ...before.flat().map(one => placed(map, one))]);
  map.querySelector('g').replaceChildren(...drawn, ...(before.length ? [path(before, 'was')] : []), ...over);
};
