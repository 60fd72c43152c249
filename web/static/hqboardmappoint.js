/* What a decision is about, on headquarters' map. */

import {middleOf, projector} from './hqboardmapgeo.js';
import {namedRings, ringsOf, rowsOf} from './hqboardmaplayers.js';
import {tag} from './hqboardmapmarks.js';
import {waterRings} from './hqboardmapdraw.js';

const known = one => (typeof one?.lat === 'number' ? [[one.lon, one.lat]] : []);
const by = (state, section, id) => state?.[section]?.[id] ?? rowsOf(state, section).find(one => String(one.number ?? one.id) === id);
const areaSpots = (one, areas) => namedRings(one ?? {}, {areas}).flat();

const FIND = {
  closure: (id, {state}) => {
    const {line} = by(state, 'closures', id) ?? {};
    return line?.length ? [middleOf(line)] : [];
  },
  team: (id, {state, areas}) => {
    const one = by(state, 'teams', id);
    return known(one).length ? known(one) : areaSpots(one, areas);
  },
  call: (id, {state}) => known(by(state, 'sites', id)),
  site: (id, {state}) => known(by(state, 'sites', id)),
  gauge: (id, {state}) => known(by(state, 'gauges', id)),
  silent: (id, {state}) => known(by(state, 'gauges', id)),
  observation: (id, {state}) => known(by(state, 'observations', id)),
  water: (id, {state}) => waterRings(by(state, 'water', id) ?? {}).flat(),
  proposal: (id, {state, areas}) => areaSpots(by(state, 'proposals', id), areas),
  order: (id, {state, areas, shapes}) => ringsOf(by(state, 'orders', id) ?? {}, {areas, shapes}).flat(),
};

/* Positions of what a key such as "closure:5" names; none where it has no place. */
export const spotsOfKey = (key, given) => {
  const [kind, id] = (key ?? '').split(/:(.*)/s);
  return FIND[kind]?.(id, given) ?? [];
};

/* A ring around it, as SVG text. */
export const ringAround = (key, given, view, ink, letter) => {
  const spots = spotsOfKey(key, given).map(projector(view));
  if (!spots.length) return '';
  const [x, y] = [0, 1].map(axis => spots.map(one => one[axis]));
  const [cx, cy] = [x, y].map(all => (Math.min(...all) + Math.max(...all)) / 2);
  const r = Math.max(letter * 1.6, Math.hypot(Math.max(...x) - cx, Math.max(...y) - cy) + letter / 2);
  return tag('circle', {cx, cy, r, 'fill': 'none', 'stroke': ink.halo, 'stroke-width': letter / 2})
    + tag('circle', {cx, cy, r, 'fill': 'none', 'stroke': ink.action, 'stroke-width': letter / 4});
};
