/* Where a revision is for, on the outline of the city; where the one before it was, dashed. */

import {at, put} from './deskdom.js';
import {get} from './staff.js';
import {API, number as sized} from './hqalertsay.js';

const map = document.getElementById('reach-map');
const SVG = 'http://www.w3.org/2000/svg';

/* A position lies at x = x0 + x_lon·lon + x_lat·lat, y likewise (`web/staff/cityoutline.py`). */
const path = (rings, className) => {
  const [x0, xLon, xLat, y0, yLon, yLat] = map.dataset.by.split(' ').map(Number);
  const drawn = document.createElementNS(SVG, 'path');
  drawn.setAttribute('class', className);
  drawn.setAttribute('d', rings.map(ring => `M${ring.map(([lon, lat]) => [x0 + xLon * lon + xLat * lat, y0 + yLon * lon + yLat * lat]
    .map(one => one.toFixed(1)).join(' ')).join('L')}Z`).join(''));
  return drawn;
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

export const drawReach = whole => {
  const {shape = [], change, square_km: size} = whole.blast ?? {};
  const shown = Boolean(whole.whole_city) || Boolean(shape.length);
  say(whole, saidOf(whole, shown, Boolean(change?.shape?.length), size));
  if (!map) return;
  map.toggleAttribute('hidden', !shown);
  map.classList.toggle('all', Boolean(whole.whole_city));
  const group = map.querySelector('g');
  group.replaceChildren(...(shape.length ? [path(shape, 'reach')] : []), ...(change?.shape?.length ? [path(change.shape, 'was')] : []));
};
