/* The shapes of headquarters' map, layer by layer, as SVG text. `at` holds what `hqboardsvg.js` knows. */

import {byWidth} from './hqboardmapflows.js';
import {gathered, middleOf, scattered} from './hqboardmapgeo.js';
import {LIMITS, isOld, openSites, namedRings, outTeams, ringsOf, rowsOf, unconfirmedSites, unreachedCells} from './hqboardmaplayers.js';
import {closedSign, gaugeSign, lineOf, mark, placeSign, plannedSign, px, seenSign, tag, teamSign, times} from './hqboardmapmarks.js';
import {areaWords, bandOf, bandWord, closureWord, gaugeWords, isSuspended, since, standing} from './hqboardmapwords.js';

const MOST_DOTS = 3000;
const MANY_STREETS = 4;

const path = (rings, project) => rings.map(ring => lineOf(ring.map(project), true)).join('');
const known = one => typeof one.lat === 'number' && typeof one.lon === 'number';
const dashes = size => `${px(size / 2)} ${px(size / 3)}`;

/* Each level's areas as one outline: what lies inside of them hides the borders between them. */
const levelShape = (level, rings, {project, ink, id, letter, old, view}) => {
  const d = path(rings, project);
  // As far as what is there is moved along before it is drawn anew.
  const reach = {x: -view.width, y: -view.height, width: 3 * view.width, height: 3 * view.height};
  const mask = `${id}-out-${level}`;
  const width = letter / 4;
  const colour = old ? ink.muted : ink[`rim${level}`];
  return tag('mask', {'id': mask, 'maskUnits': 'userSpaceOnUse', ...reach},
    tag('rect', {...reach, fill: '#fff'}) + tag('path', {d, 'fill': '#000', 'stroke': '#000', 'stroke-width': 1.5}))
    + tag('path', {d, 'fill': old ? ink.muted : ink[`lv${level}`], 'fill-opacity': level === 5 ? 0.28 : 0.09, 'fill-rule': 'nonzero'})
    + tag('g', {mask: `url(#${mask})`}, tag('path', {d, 'fill': 'none', 'stroke': colour, 'stroke-width': 2 * width, 'stroke-linejoin': 'round',
      'stroke-dasharray': old ? dashes(2 * letter) : null, 'data-level': level}));
};

export const drawOrders = at => {
  const {state, project, ink, letter, old} = at;
  const orders = rowsOf(state, 'orders');
  const drawn = [3, 4, 5].flatMap(level => {
    const rings = orders.filter(one => one.level === level).flatMap(one => ringsOf(one, at));
    return rings.length ? [levelShape(level, rings, {...at, old: old.orders})] : [];
  });
  const asked = rowsOf(state, 'proposals').flatMap(one => {
    const d = path(namedRings(one, at), project);
    return d ? [tag('path', {d, 'fill': 'none', 'stroke': ink[`rim${one.level}`] ?? ink.muted, 'stroke-width': letter / 7, 'stroke-dasharray': dashes(letter)})] : [];
  });
  return [...drawn, ...asked].join('');
};

const polygons = shape => {
  if (!shape) return [];
  if (shape.type === 'GeometryCollection') return shape.geometries.flatMap(polygons);
  return shape.type === 'Polygon' ? [shape.coordinates] : shape.type === 'MultiPolygon' ? shape.coordinates : [];
};

export const waterRings = one => polygons(one.area).flat();

/* Water that was seen is solid; what was seen long ago is grey with a dashed edge, and still water. */
export const drawWater = ({state, project, ink, letter, now, old}) => rowsOf(state, 'water').map(one => {
  const late = old.water || isOld(one.at, LIMITS.water, now);
  return tag('path', {
    'd': path(waterRings(one), project), 'fill': late ? ink.muted : ink.is, 'fill-opacity': late ? 0.55 : 0.9, 'fill-rule': 'evenodd',
    'stroke': late ? ink.ink : ink.is, 'stroke-width': letter / 9, 'stroke-dasharray': late ? dashes(letter) : null});
}).join('');

export const drawFlows = ({flows, project, ink, letter, old}) => byWidth(flows.streets, letter / 14).map(({width, lines}) => {
  const d = lines.map(line => lineOf(line.map(project))).join('');
  const ends = {'fill': 'none', 'stroke-linecap': 'round', 'stroke-linejoin': 'round'};
  return tag('path', {d, ...ends, 'stroke': ink.halo, 'stroke-width': width + letter / 7})
    + tag('path', {d, ...ends, 'stroke': old.flows ? ink.muted : ink.action, 'stroke-width': width, 'stroke-dasharray': old.flows ? dashes(letter) : null, 'class': 'flow'});
}).join('');

const CELL_M = 400;
const DEGREE_M = 111320;

const squareOf = ({lon, lat}) => {
  const up = CELL_M / DEGREE_M / 2;
  const across = up / Math.cos(lat * Math.PI / 180);
  return [[[lon - across, lat - up], [lon + across, lat - up], [lon + across, lat + up], [lon - across, lat + up]]];
};

/* A dot for every ten households, anywhere in their square or area; less than ten are not shown. */
export const drawUnreached = ({state, areas, project, ink, letter: large, brief, old}) => {
  const letter = brief ? large * 0.6 : large;
  const cells = unreachedCells(state).map(one => ({...one, rings: one.area ? areas?.[one.area] : squareOf(one)})).filter(one => one.rings?.length);
  const all = cells.reduce((sum, one) => sum + Math.floor(one.households / 10), 0);
  const share = Math.min(1, MOST_DOTS / (all || 1));
  const dots = cells.flatMap(one => scattered(one.rings, Math.ceil(Math.floor(one.households / 10) * share), one.area ?? `${one.lon} ${one.lat}`));
  const d = dots.map(project).map(([x, y]) => `M${px(x)} ${px(y)}h0`).join('');
  return d ? tag('path', {d, 'fill': 'none', 'stroke': ink.halo, 'stroke-width': letter / 2.2, 'stroke-linecap': 'round'})
    + tag('path', {d, 'fill': 'none', 'stroke': old.unreached ? ink.muted : ink.ink, 'stroke-width': letter / 3.4, 'stroke-linecap': 'round'}) : '';
};

const closureLine = (one, {project, ink, letter}) => {
  if (!(one.line?.length > 1)) return '';
  const d = lineOf(one.line.map(project));
  const ends = {'fill': 'none', 'stroke-linejoin': 'round'};
  return tag('path', {d, ...ends, 'stroke': ink.halo, 'stroke-width': letter / 2.2})
    + tag('path', {d, ...ends, 'stroke': ink.bad, 'stroke-width': letter / 3.5, 'stroke-dasharray': isSuspended(one) ? dashes(letter * 0.8) : null});
};

const placedAt = (rows, project, point) => rows.flatMap(one => {
  const spot = point(one);
  if (!spot) return [];
  const [x, y] = project(spot);
  return [{x, y, one}];
});

const lonlat = one => (known(one) ? [one.lon, one.lat] : null);
const middle = one => (one.line?.length ? middleOf(one.line) : null);

/* Where there is something to point at, by layer; near ones together. */
export const spotsOf = ({state, project, letter}) => ({
  closures: gathered(placedAt(rowsOf(state, 'closures').sort((a, b) => isSuspended(a) - isSuspended(b)), project, middle), letter * 1.2),
  observations: gathered(placedAt(rowsOf(state, 'observations'), project, lonlat), letter),
  sites: placedAt(openSites(state), project, lonlat),
  teams: placedAt(outTeams(state), project, lonlat),
  gauges: placedAt(rowsOf(state, 'gauges'), project, lonlat),
});

const closureTitle = (one, now) => `${one.street ?? ''} ${closureWord(one)} ${standing(one.at, now)} ${one.reason ?? ''}`;

export const drawClosures = (at, spots) => {
  const {state, ink, letter, now, old} = at;
  const size = letter * 1.15;
  const lines = rowsOf(state, 'closures').map(one => closureLine(one, at)).join('');
  const seen = spots.observations.map(spot => mark(`${spot.one.word} ${since(spot.one.at, now)}`, spot,
    seenSign(size, ink, old.closures || isOld(spot.one.at, LIMITS.closures, now))));
  const signs = spots.closures.map(spot => {
    const count = spot.all.length > MANY_STREETS ? spot.all.length : 1;
    return mark(closureTitle(spot.one, now), spot, closedSign(isSuspended(spot.one), size, ink) + times(count, size, ink));
  });
  return lines + seen.join('') + signs.join('');
};

const drawPlanned = ({state, project, ink, letter}) => placedAt(unconfirmedSites(state), project, lonlat)
  .map(spot => mark(`${spot.one.name} 未確認（計画では開設）`, spot, plannedSign(letter, ink))).join('');

/* On the wall only what somebody opened. */
export const drawSites = (at, {sites}) => {
  const {ink, letter, now, old, brief} = at;
  return (brief ? '' : drawPlanned(at)) + sites.map(spot => {
    const {one} = spot;
    const band = bandOf(one);
    const late = band !== 'danger' && (old.sites || isOld(one.as_of, LIMITS.sites, now));
    return mark(`${one.name} ${bandWord(band)} ${since(one.as_of, now)}`, spot, placeSign(band, letter * 1.25, ink, late));
  }).join('');
};

export const drawTeams = ({ink, letter, now, old}, {teams}) => teams.map(spot => {
  const {one} = spot;
  const late = {old: old.teams || isOld(one.last_heard, LIMITS.teams, now), overdue: Boolean(one.overdue_since)};
  return mark(`${one.team} ${areaWords(one.area_names ?? [], 1)} ${since(one.last_heard, now)}`, spot, teamSign(one.flight, letter, ink, late));
}).join('');

export const isOver = one => typeof one.level_m === 'number' && typeof one.danger_m === 'number' && one.level_m >= one.danger_m;
export const isSilent = (one, now) => Boolean(one.silent_since) || isOld(one.measured_at, LIMITS.gauges, now);

export const drawGauges = ({ink, letter, now, old}, {gauges}) => gauges.map(spot => mark(`${gaugeWords(spot.one)} ${since(spot.one.measured_at, now)}`, spot,
  gaugeSign(letter, ink, {old: old.gauges || isSilent(spot.one, now), over: isOver(spot.one)}))).join('');
