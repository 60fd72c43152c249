/* Two maps, now and then, drawn as SVG from the board's state; without them the tables go on. */

import {at, make} from './deskdom.js';
import {API} from './hqwhatifsay.js';
import {heed} from './hqwhatifsigned.js';
import {get, now} from './staff.js';

const sizeOf = box => {
  const width = Math.max(300, box.clientWidth);
  return {width, height: Math.round(width * 0.76)};
};
let parts = null;
const read = {state: null, areas: null, shapes: null, ground: null, flows: null, meta: null};
let shownFlows = true;
let shown = null;
let pointed = [];

const load = async () => {
  const [svg, geo, palette, marks] = await Promise.all(
    ['./hqboardsvg.js', './hqboardmapgeo.js', './hqboardmappalette.js', './hqboardmapmarks.js'].map(one => import(one)));
  return {...svg, ...geo, ...palette, ...marks};
};

/* What is told of now; each part on its own, so that one that fails leaves the others. */
export const readNow = async () => {
  const [board, map, ground, flows] = await Promise.all([
    get(`${API}board`), get(`${API}board/map`), read.ground ?? get(`${API}board/ground`), get(`${API}flows`)].map(one => Promise.resolve(one).catch(error => { heed(error); return null; })));
  if (board) Object.assign(read, {state: board.state, meta: {read_at: board.now, checked_at: board.checked_at, stale: board.stale}});
  if (map) Object.assign(read, {areas: map.areas ?? map, shapes: map.orders ?? null});
  if (ground) read.ground = ground;
  if (flows) read.flows = flows;
};

export const standing = () => ({water: Object.values(read.state?.water ?? {}), closures: Object.values(read.state?.closures ?? {}).filter(one => one.basis === 'order')});
export const siteOf = id => read.state?.sites?.[id] ?? null;
export const closedSites = () => Object.values(read.state?.sites ?? {}).filter(one => ['unopened', 'preparing', 'closed'].includes(one.opening) && typeof one.lat === 'number');
export const toggleFlows = () => { shownFlows = !shownFlows; return shownFlows; };

const imaginedState = found => {
  const {state} = read;
  if (!state || !found) return state;
  const closures = {...state.closures};
  for (const one of found.imagined.close) closures[`if-${one.street}`] = {id: `if-${one.street}`, reason: '仮定', basis: 'order', street: one.name, at: null, line: one.line};
  const sites = {...state.sites};
  for (const one of found.imagined.open) sites[one.id] = {...sites[one.id], opening: 'open', band: 'room'};
  for (const one of found.imagined.shut) sites[one.id] = {...sites[one.id], opening: 'closed'};
  const water = {...state.water};
  found.imagined.lost.forEach((one, row) => {
    water[`if-${row}`] = {id: `if-${row}`, source: '仮定', at: new Date(now()).toISOString(), area: one.area};
  });
  return {...state, closures, sites, water};
};

/* Both maps show the same streets of the same version: those most walked now, and those then. */
const madeOf = new WeakMap();
const flowsOf = found => {
  if (!madeOf.has(found)) {
    const by = key => ({version: found.version, at: found.as_of, streets: found.flows.filter(one => one[key]).map(one => ({line: one.line, walkers: one[key]})).sort((a, b) => b.walkers - a.walkers)});
    madeOf.set(found, {now: by('walkers'), then: by('walkers_then')});
  }
  return madeOf.get(found);
};

/* What changes should be seen: the streets, the areas, the places. */
const cornersOf = found => [
  ...found.imagined.close.flatMap(one => one.line),
  ...found.imagined.lost.flatMap(one => one.area.coordinates).flat(2),
  ...[...found.moved.areas, ...found.cut_off.areas].slice(0, 30).flatMap(one => (one.at ? [one.at] : [])),
  ...found.sites.slice(0, 6).flatMap(one => { const site = siteOf(one.id); return typeof site?.lat === 'number' ? [[site.lon, site.lat]] : []; }),
];

/* A square where somebody goes elsewhere, a cross where somebody is cut off: areas, never homes. */
const signs = (found, view) => {
  const {projector, px, pagePalette} = parts;
  const project = projector(view);
  const ink = pagePalette();
  const sign = (one, d, colour, word, width) => {
    if (!one.at) return '';
    const [x, y] = project(one.at);
    return `<path d="M${px(x)} ${px(y)}${d}" fill="none" stroke="${ink.halo}" stroke-width="${width + 4}"/><path d="M${px(x)} ${px(y)}${d}" fill="none" stroke="${colour}" stroke-width="${width}"><title>${parts.escaped(`${one.area} ${one.households}世帯 ${word}`)}</title></path>`;
  };
  return found.moved.areas.map(one => sign(one, 'm-6 -6h12v12h-12z', ink.action, '行き先が変わる', 3)).join('')
    + found.cut_off.areas.map(one => sign(one, 'm-8 -8l16 16m0 -16l-16 16', ink.bad, '孤立する', 5)).join('');
};

/* Where it would be, in the map of now. */
const meant = (found, view) => {
  const project = parts.projector(view);
  const ink = parts.pagePalette();
  return found.imagined.close.map(one => `<path d="${parts.lineOf(one.line.map(project))}" fill="none" stroke="${ink.action}" stroke-width="6" stroke-dasharray="6 4"><title>${parts.escaped(`${one.area} ${one.name} 閉じてみる道`)}</title></path>`).join('');
};

const over = (svg, more) => svg.replace(/<\/svg>$/, `${more}</svg>`);

const parsed = svg => document.importNode(new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement, true);

/* A ring around what somebody points at in a list, and its lines. */
const pointer = () => {
  const lines = pointed.map(line => line.map(parts.projector(shown)));
  const ink = parts.pagePalette();
  const [x, y] = [0, 1].map(axis => {
    const all = lines.flat().map(one => one[axis]);
    return (Math.min(...all) + Math.max(...all)) / 2;
  });
  const drawn = (colour, width) => `<g fill="none" stroke="${colour}" stroke-width="${width}">${lines.map(line => `<path d="${parts.lineOf(line)}"/>`).join('')}<circle cx="${parts.px(x)}" cy="${parts.px(y)}" r="22"/></g>`;
  return `<svg xmlns="http://www.w3.org/2000/svg">${drawn(ink.halo, 9)}${drawn(ink.ink, 5)}</svg>`;
};

const showPointer = () => {
  for (const box of [at('map-now'), at('map-then')]) {
    box.querySelector('svg > .pointed')?.remove();
    const svg = box.querySelector('svg');
    if (!svg || !shown || !pointed.length) continue;
    const group = parsed('<g xmlns="http://www.w3.org/2000/svg" class="pointed"/>');
    group.append(...parsed(pointer()).childNodes);
    svg.append(group);
  }
};

/* Lines in (lon, lat) that are marked on both maps; none: nothing is. */
export const pointAt = lines => {
  pointed = lines;
  showPointer();
};

const put = (box, svg) => {
  box.replaceChildren(parsed(svg));
  showPointer();
};

/* A press on the map of now means a position, (lon, lat). */
export const onPick = does => at('map-now').addEventListener('click', event => {
  const svg = event.target.closest('svg');
  if (!svg || !shown) return;
  const box = svg.getBoundingClientRect();
  const [x, y] = [(event.clientX - box.left) / box.width - 0.5, (event.clientY - box.top) / box.height - 0.5];
  const {middle, scale, width, height} = shown;
  does(parts.fromMercator([middle[0] + x * width / scale, middle[1] + y * height / scale]).map(one => Number(one.toFixed(6))));
});

const common = () => ({areas: read.areas, shapes: read.shapes, ground: read.ground, now: now(), meta: read.meta ?? {}, ink: parts.pagePalette(), off: new Set(['unreached'])});

export const drawMaps = async found => {
  const [before, after] = [at('map-now'), at('map-then')];
  try {
    parts ??= await load();
    if (!read.state) throw Error('no state');
    const points = found ? cornersOf(found) : [];
    const seen = points.length ? points : parts.corners({state: read.state, areas: read.areas, shapes: read.shapes, ground: read.ground});
    const view = shown = parts.viewOf(seen, {...sizeOf(before), edge: 60, closest: 14.3});
    const drawn = parts.boardSvg({...common(), state: read.state, flows: shownFlows ? found ? flowsOf(found).now : read.flows : null, view, id: 'now', title: '今の地図'});
    put(before, found ? over(drawn, meant(found, view)) : drawn);
    if (!found) return after.replaceChildren(make('p', {className: 'none', textContent: '何を変えるかを選ぶと、ここに出ます。'}));
    const svg = parts.boardSvg({...common(), state: imaginedState(found), flows: shownFlows ? flowsOf(found).then : null, view, id: 'then', title: '変えたらの地図（仮定）'});
    return put(after, over(svg, signs(found, view)));
  } catch {
    for (const box of [before, after]) box.replaceChildren(make('p', {className: 'none', textContent: '地図を出せません。表は計算のとおりです。'}));
    return null;
  }
};
