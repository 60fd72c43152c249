/* Choosing a point: on the map that moves, or on the outline of the city. */

import {at, put} from './deskdom.js';
import {say} from './staff.js';
import {findGround, groundNow, lookAt, size} from './hqalertground.js';
import {shape} from './hqalertframe.js';
import {failedSoFar, sayFailed} from './hqfieldfailed.js';
import {japanese, root} from './hqfieldsay.js';

const dialog = at('street');
const over = at('draw-over');
const STEP_PX = 24;
const SLIP_PX = 6;
let asks = null;
let asked = false;
let chosen = null;
let cross = null;
let line = [];
let turn = 0;

const pointsOf = where => {
  if (!where) return [];
  const {type, coordinates} = where;
  return type === 'Point' ? [coordinates] : type === 'Polygon' ? coordinates.flat() : coordinates;
};
const path = (points, className, end = '') => shape('path', {
  class: className, d: `M${points.map(point => groundNow().project(point).map(value => value.toFixed(1)).join(' ')).join('L')}${end}`,
});
const dot = (point, className, r) => {
  const [cx, cy] = groundNow().project(point);
  return shape('circle', {class: className, cx, cy, r});
};

/* Pixels of the radius in which the point lies. */
const radius = ([lon, lat]) => {
  const [[, y], [, other]] = [groundNow().project([lon, lat]), groundNow().project([lon, lat + 0.001])];
  return Math.abs(y - other) * (asks.error_m ?? 0) / 111.32;
};

const given = () => {
  const points = pointsOf(asks.where);
  if (points.length === 1) return [dot(points[0], 'round', radius(points[0])), dot(points[0], 'spot', 7)];
  return points.length ? [path(points, 'spotline')] : [];
};

const draw = () => {
  if (!asks || !groundNow()) return;
  over.replaceChildren(...(asks.footprint ? [path(asks.footprint, 'footprint', 'Z')] : []), ...given(), ...(line.length ? [path(line, 'shut-rim'), path(line, 'shut')] : []),
    ...(chosen ? [dot(chosen, 'chosen', 8)] : []), ...(cross ? [crossAt(cross)] : []));
};

const crossAt = point => {
  const [x, y] = groundNow().project(point);
  return shape('path', {class: 'cross', d: `M${x - 14} ${y}H${x + 14}M${x} ${y - 14}V${y + 14}`});
};

/* The whole radius is seen: a point alone would fill the map with it. */
const look = () => {
  const points = pointsOf(asks.where);
  const degrees = points.length === 1 ? Math.max(asks.error_m ?? 0, 60) / 111_320 : 0;
  lookAt([...points, ...(asks.footprint ?? [])].flatMap(([lon, lat]) => [[lon - degrees, lat - degrees], [lon + degrees, lat + degrees]]));
};

const choose = async point => {
  const mine = turn += 1;
  [chosen, line] = [point, []];
  at('street-ok').disabled = true;
  say(at('street-said'), '確かめています…');
  draw();
  try {
    const seen = await asks.look({lon: point[0], lat: point[1]});
    if (mine !== turn) return;
    line = seen.line;
    say(at('street-said'), seen.said);
    at('street-ok').disabled = false;
    draw();
  } catch (error) {
    if (mine === turn) say(at('street-said'), japanese(error.message), true);
  }
};

const send = async () => {
  if (at('street-ok').disabled) return;
  const [mine, spot] = [asks, {lon: chosen[0], lat: chosen[1]}];
  at('street-ok').disabled = true;
  say(at('street-said'), '送っています…');
  try {
    await mine.send(spot);
  } catch (error) {
    if (asks === mine) {
      at('street-ok').disabled = false;
      say(at('street-said'), japanese(error.message), true);
    } else sayFailed(mine, error);
    return root.dispatchEvent(new CustomEvent('refused', {detail: error.status}));
  }
  mine.forget();
  if (asks === mine) dialog.close();
  return mine.done(spot);
};

/* {title, about, where, error_m, footprint: what is drawn, beside: what stands beside the map,
   look(at): the {line, said} of a point, ok, send(at), done(at), none: [text, act] without a point}. */
export const choosePoint = question => {
  if (dialog.open) return;
  [asks, chosen, cross, line, turn] = [{...question, forget: failedSoFar()}, null, null, [], turn + 1];
  put(at('street-title'), asks.title);
  put(at('street-about'), asks.about);
  put(at('street-ok'), asks.ok);
  at('street-beside').replaceChildren(...(asks.beside ?? []));
  at('street-none').hidden = !asks.none;
  if (asks.none) put(at('street-none'), asks.none[0]);
  over.setAttribute('aria-label', `${asks.title}地図。矢印キーで十字を動かし、Enterで選びます`);
  at('street-ok').disabled = true;
  say(at('street-said'), '');
  dialog.showModal();
  const stands = () => {
    if (!asks) return;
    look();
    draw();
  };
  if (asked) stands();
  else findGround({moved: draw, isFree: () => !chosen, stands});
  asked = true;
  over.focus();
};

const spotOf = event => {
  const box = over.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};

let from = null;
let slid = false;
over.addEventListener('pointerdown', event => {
  [from, slid] = [spotOf(event), false];
  over.setPointerCapture(event.pointerId);
});
over.addEventListener('pointermove', event => {
  if (!from || !groundNow()) return;
  const [x, y] = spotOf(event);
  const [dx, dy] = [x - from[0], y - from[1]];
  if (!slid && Math.hypot(dx, dy) < SLIP_PX) return;
  slid = true;
  groundNow().pan(dx, dy);
  from = [x, y];
});
over.addEventListener('pointerup', event => {
  if (from && !slid && groundNow()) choose(groundNow().unproject(spotOf(event)));
  from = null;
});
over.addEventListener('wheel', event => {
  event.preventDefault();
  groundNow()?.zoom(event.deltaY < 0 ? 1.3 : 1 / 1.3, spotOf(event));
}, {passive: false});

const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
const middle = () => size().map(value => value / 2);

const move = ([dx, dy], fine) => {
  const [x, y] = cross ? groundNow().project(cross) : middle();
  const step = fine ? STEP_PX / 6 : STEP_PX;
  cross = groundNow().unproject([x + dx * step, y + dy * step]);
  draw();
};

over.addEventListener('keydown', event => {
  if (!groundNow()) return;
  if (ARROWS[event.key]) move(ARROWS[event.key], event.shiftKey);
  else if (event.key === 'Enter') choose(cross ?? groundNow().unproject(middle()));
  else if (event.key === '+' || event.key === '-') groundNow().zoom(event.key === '+' ? 2 : 0.5, middle());
  else if (event.key === '0') groundNow().all();
  else return;
  event.preventDefault();
});
for (const [id, factor] of [['draw-closer', 2], ['draw-farther', 0.5]]) {
  at(id).addEventListener('click', () => groundNow()?.zoom(factor, middle()));
}
at('draw-all').addEventListener('click', () => groundNow()?.all());
at('street-ok').addEventListener('click', send);
at('street-back').addEventListener('click', () => dialog.close());
at('street-none').addEventListener('click', () => {
  const [, goes] = asks.none;
  dialog.close();
  goes();
});
dialog.addEventListener('close', () => {
  if (!dialog.open) asks = null;
});
