/* Small maps of the city: how people go, what is shut, whom it cuts off. Framed as the maps of alerts. */

import {at} from './deskdom.js';
import {frame, placed, shape} from './hqalertframe.js';
import {number, places, root} from './hqfieldsay.js';

const source = at('reach-map');
const MOST_NAMES = 12;
const LETTER_PX = 14;
const spots = new Map(JSON.parse(root.dataset.names).map(([name, x, y]) => [name, [x, y]]));
let made = 0;
/* Units of the map for a metre: a degree of latitude is as long everywhere. */
const [,,,, yLon, yLat] = source ? source.dataset.by.split(' ').map(Number) : [];
const metre = source ? Math.hypot(yLon, yLat) / 111_320 : 0;

export const hasMap = Boolean(source);
export const spotOf = area => spots.get(area);
export const pointOf = lonlat => placed(source, lonlat);
export const placeSpot = id => (places[id] ? pointOf(places[id].slice(1)) : null);

/* An empty map of the city, with what it shows in words. */
export const cityMap = (title, className = '') => {
  const {width, height} = source.viewBox.baseVal;
  const svg = shape('svg', {class: `fieldmap ${className}`, viewBox: `0 0 ${width} ${height}`, role: 'img'});
  const name = shape('title', {id: `map-${made += 1}`});
  name.textContent = title;
  svg.setAttribute('aria-labelledby', name.id);
  svg.dataset.by = source.dataset.by;
  svg.append(name, shape('use', {href: '#city-land'}), shape('use', {href: '#city-borders'}), shape('g', {}));
  return svg;
};

const path = (points, className, closes = false) => shape('path', {
  class: className, d: `M${points.map(one => one.map(value => value.toFixed(2)).join(' ')).join('L')}${closes ? 'Z' : ''}`,
});

export const barOf = line => [path(line.map(pointOf), 'shut-rim'), path(line.map(pointOf), 'shut')];
export const pathOf = (points, className) => path(points, className);

/* Marks that keep their size, and names that keep theirs and cover no other one. */
const labels = (svg, unit, named) => {
  const taken = [];
  const letter = LETTER_PX * unit;
  return named.flatMap(([text, [x, y], className = '']) => {
    const half = text.length * letter / 2;
    const spot = [0, -2.2, 1.3, -3.5, 2.6].map(step => y + (1.5 + step) * letter)
      .find(top => !taken.some(([left, other, width]) => Math.abs(x - left) < half + width && Math.abs(top - other) < letter * 1.15));
    if (spot === undefined) return [];
    taken.push([x, spot, half]);
    const label = shape('text', {x: x.toFixed(1), y: spot.toFixed(1), 'font-size': letter.toFixed(2), 'class': `name ${className}`});
    label.textContent = text;
    if (className !== 'lost') return [label];
    return [shape('rect', {class: 'plate', x: x - half - letter / 3, y: spot - letter, width: 2 * half + letter / 1.5, height: 1.4 * letter}), label];
  });
};

const square = ([x, y], unit) => shape('rect', {class: 'place', x: x - 6 * unit, y: y - 6 * unit, width: 12 * unit, height: 12 * unit});
const dot = ([cx, cy], unit, className, r = 4) => shape('circle', {class: className, cx, cy, r: r * unit});

/* Lines from areas to places; `of` names the place of a move: before or after. */
const lines = (moves, of) => moves.flatMap(one => {
  const [here, there] = [spotOf(one.area), one[of] && placeSpot(one[of])];
  if (!here || !there) return [];
  const line = path([here, there], `flow ${of}`);
  line.setAttribute('stroke-width', String(Math.min(8, 1.5 + Math.sqrt(one.households) / 4)));
  return [line];
});

const cutOff = (facts, shapes) => facts.cut_off_areas.flatMap(({area}) => {
  const rings = shapes[area];
  if (rings?.length) return rings.map(ring => path(ring.map(pointOf), 'cut', true));
  return spotOf(area) ? [shape('circle', {class: 'cut', cx: spotOf(area)[0], cy: spotOf(area)[1], r: 14})] : [];
});

const hatch = (svg, unit) => {
  const id = `${svg.getAttribute('aria-labelledby')}-cut`;
  const side = 10 * unit;
  const pattern = shape('pattern', {id, width: side, height: side, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)'});
  pattern.append(shape('rect', {class: 'cut-ground', width: side, height: side}), shape('rect', {class: 'cut-stripe', width: 0.35 * side, height: side}));
  return pattern;
};

const sites = moves => {
  const counts = new Map();
  for (const one of moves) for (const id of [one.before, one.after]) if (id) counts.set(id, (counts.get(id) ?? 0) + one.households);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([id]) => id).filter(placeSpot);
};

/* All that either map shows, so that both are framed alike. */
const corners = (facts, shut, shapes) => [
  ...facts.moves.map(one => spotOf(one.area)), ...facts.cut_off_areas.map(one => spotOf(one.area)),
  ...sites(facts.moves).map(placeSpot), ...shut.flat().map(pointOf), ...Object.values(shapes).flat(2).map(pointOf),
].filter(Boolean);

/* `of`: before or after; `shut`: lines in degrees. Drawn when the map has its size. */
export const drawMove = (svg, facts, {of, shut, shapes}) => {
  const {over, unit} = frame(svg, corners(facts, shut, shapes));
  const after = of === 'after';
  const all = sites(facts.moves).slice(0, MOST_NAMES);
  const cuts = cutOff(facts, shapes);
  const pattern = after && cuts.length ? [hatch(svg, unit)] : [];
  for (const one of cuts) one.setAttribute('fill', pattern.length ? `url(#${pattern[0].id})` : 'none');
  const names = [
    ...(after ? facts.cut_off_areas.slice(0, MOST_NAMES).filter(one => spotOf(one.area))
      .map(one => [`${one.area} 行き先なし ${number(one.households)}世帯`, spotOf(one.area), 'lost']) : []),
    ...all.map(id => [places[id][0], placeSpot(id)]),
    ...facts.moves.slice(0, MOST_NAMES).filter(one => one.after || !after).map(one => [one.area, spotOf(one.area), 'area']).filter(([, spot]) => spot),
  ];
  const seen = new Set();
  svg.querySelector('g').replaceChildren(...pattern, ...cuts, ...lines(facts.moves, of), ...(after ? shut.flatMap(barOf) : []),
    ...facts.moves.map(one => spotOf(one.area)).filter(Boolean).map(spot => dot(spot, unit, 'origin')),
    ...all.map(id => square(placeSpot(id), unit)),
    ...labels(svg, unit, names.filter(([text]) => !seen.has(text) && seen.add(text))), ...over);
};

/* Where one report is: its point with its error, its line or its area; what a drone's photo shows. */
export const drawReport = (svg, one) => {
  const {type, coordinates} = one.where;
  const shown = (one.footprint ?? []).map(pointOf);
  const points = (type === 'Point' ? [coordinates] : type === 'Polygon' ? coordinates.flat() : coordinates).map(pointOf);
  const radius = type === 'Point' ? (one.error_m ?? 0) * metre : 0;
  const around = type === 'Point' ? [[points[0][0] - radius, points[0][1] - radius], [points[0][0] + radius, points[0][1] + radius]] : points;
  const {over, unit} = frame(svg, [...around, ...shown]);
  const mark = type === 'Point' ? [...(radius > 2 * unit ? [dot(points[0], 1, 'round', radius)] : []), dot(points[0], unit, 'spot', 7)] : [path(points, 'spotline', type === 'Polygon')];
  const near = [...spots].filter(([, [x, y]]) => {
    const [left, top, wide, high] = svg.getAttribute('viewBox').split(' ').map(Number);
    return x > left && x < left + wide && y > top && y < top + high;
  }).slice(0, MOST_NAMES).map(([name, spot]) => [name, spot, 'area']);
  svg.querySelector('g').replaceChildren(...(shown.length ? [path(shown, 'footprint', true)] : []), ...mark, ...labels(svg, unit, near), ...over);
};
