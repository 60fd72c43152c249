/* The ground to draw on: the map that moves, or the outline of the city where that cannot be had. */

import {at, make, put} from './deskdom.js';
import {plainGround} from './hqalertplain.js';
import {movingGround} from './hqalerttiles.js';

const PATIENCE_MS = 8e3;
const PLAIN = '市と町丁目の外形です。道の入った地図は、いま出せません。';
const NONE = '地図がまだありません。下に座標を入れてください。';
const FILLS = 0.6;
const CLOSEST = 32;
const box = at('draw-ground');
let ground = null;
let looked = false;

export const groundNow = () => ground;
export const size = () => [box.clientWidth, box.clientHeight];

const stand = found => {
  ground = found;
  at('draw').hidden = !ground;
  put(at('draw-about'), ground ? (ground.said ?? [PLAIN]).join('　') : NONE);
  at('draw-legend').replaceChildren(...(ground?.legend ?? []).map(([name, words]) => make('li', {}, make('i', {className: `l-${name}`}), words)));
  ground?.shows?.();
};

/* Where points (lon, lat) lie, with room around them; the whole city where there are none. */
export const lookAt = all => {
  looked = Boolean(box.clientWidth);
  if (!ground || !looked) return;
  ground.all();
  if (!all.length) return;
  const points = all.map(one => ground.project(one));
  const [x, y] = [0, 1].map(axis => points.map(one => one[axis])).map(one => [Math.min(...one), Math.max(...one)]);
  const [wide, high] = size();
  const closer = Math.min(FILLS * wide / (x[1] - x[0] || 1), FILLS * high / (y[1] - y[0] || 1));
  ground.pan((wide - x[0] - x[1]) / 2, (high - y[0] - y[1]) / 2);
  ground.zoom(Math.min(Math.max(closer, 1), CLOSEST), [wide / 2, high / 2]);
};

/* `moved()` after each change of the view, `stands()` as soon as there is a ground. A better one that
   comes too late stands only where `isFree()`: it would change under somebody's hand. */
export const findGround = async ({moved, isFree, stands}) => {
  at('draw').hidden = false;
  put(at('draw-about'), '地図を読んでいます…');
  new ResizeObserver(() => {
    if (!box.clientWidth || !ground) return;
    ground.resize();
    if (!looked) stands();
    moved();
  }).observe(box);
  const plain = () => {
    if (ground) return;
    stand(plainGround(box, moved));
    stands();
  };
  setTimeout(plain, PATIENCE_MS);
  try {
    const moving = await movingGround(box, moved);
    if (ground && !isFree()) return moving.end();
    ground?.end();
    stand(moving);
    return stands();
  } catch {
    return plain();
  }
};
