/* Where households were not reached: squares with their numbers, as large as can be read. */

import {frame, placed, shape} from './hqalertframe.js';
import {areaOn} from './hqalertmap.js';

export const CELL_M = 400;
const LEAST_PX = 38;
const MANY = 50;
const DEGREE_M = 111320;

/* The side of a cell in units of the map. */
const sideOf = (svg, {lon, lat}) => {
  const [, one] = placed(svg, [lon, lat]);
  const [, two] = placed(svg, [lon, lat + CELL_M / DEGREE_M]);
  return Math.abs(two - one);
};

/* Cells that share a square of `size` units, counted together. */
const together = (svg, cells, size) => {
  const squares = new Map();
  for (const one of cells) {
    const [x, y] = placed(svg, [one.lon, one.lat]).map(value => (Math.floor(value / size) + 0.5) * size);
    const {households, not_heard: quiet} = squares.get(`${x} ${y}`) ?? {households: 0, not_heard: false};
    squares.set(`${x} ${y}`, {x, y, households: households + one.households, not_heard: quiet || Boolean(one.not_heard)});
  }
  return [...squares.values()];
};

/* Each where it is, while that is large enough. */
const apart = (svg, cells) => cells.map(one => {
  const [x, y] = placed(svg, [one.lon, one.lat]);
  return {...one, x, y};
});

const square = (one, size) => {
  const text = String(one.households);
  const part = shape('g', {});
  const label = shape('text', {x: one.x, y: one.y + size * 0.15, 'font-size': size * Math.min(0.42, 1.3 / text.length), 'text-anchor': 'middle', class: 'cell-number'});
  label.textContent = text;
  part.append(shape('rect', {x: one.x - size / 2, y: one.y - size / 2, width: size, height: size, rx: size / 12,
    class: `cell${one.households >= MANY ? ' much' : ''}${one.not_heard ? ' quiet' : ''}`}), label);
  return part;
};

/* Draws them over the alert's area; returns the side of a square in metres. */
export const drawSquares = (svg, cells) => {
  const {drawn, points} = areaOn(svg);
  const {over, unit} = frame(svg, [...points, ...cells.map(one => placed(svg, [one.lon, one.lat]))]);
  const side = sideOf(svg, cells[0]);
  let times = 1;
  while (side * times < LEAST_PX * unit) times *= 2;
  const squares = times === 1 ? apart(svg, cells) : together(svg, cells, side * times);
  const group = svg.querySelector('g');
  const key = JSON.stringify([cells, svg.getAttribute('viewBox'), times, svg.dataset.tone]);
  if (group.dataset.key !== key) {
    group.dataset.key = key;
    group.replaceChildren(...drawn, ...squares.map(one => square(one, side * times * 0.92)), ...over);
  }
  return CELL_M * times;
};
