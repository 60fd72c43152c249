/* Where a revision is for, on the outline of the city; where the one before it was, dashed. */

import {at, fill, make} from './deskdom.js';

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

export const drawReach = whole => {
  if (!map) return;
  const {shape = [], change} = whole.blast ?? {};
  const all = Boolean(whole.whole_city);
  const shown = all || Boolean(shape.length);
  map.toggleAttribute('hidden', !shown);
  at('reach-said').hidden = !shown;
  map.classList.toggle('all', all);
  fill(at('reach-said'), JSON.stringify([all, Boolean(change?.shape?.length)]), () => [make('span', {
    textContent: all ? '市内全域です。' : change?.shape?.length ? '塗った所が区域、破線が前の版です。' : '塗った所が区域です。',
  })]);
  const group = map.querySelector('g');
  group.replaceChildren(...(shape.length ? [path(shape, 'reach')] : []), ...(change?.shape?.length ? [path(change.shape, 'was')] : []));
};
