/* Headquarters' map as SVG text: a pure function of the state, for the board, replay, what-if and prints.

   boardSvg({state, areas, shapes, flows, ground, view, now, meta, ink, letter, brief, id, title})
     state   the board's state, or null while it was never read
     areas   {name: rings} of the areas under orders; shapes: {number: rings} of orders that were drawn;
             flows: {version, at, streets}; each may be null
     ground  what /api/v1/headquarters/board/ground answers, or null: then nothing lies beneath
     view    {middle, scale, width, height} of `hqboardmapgeo.js`; without it all that is there is shown
     now     milliseconds; meta: {read_at, checked_at, stale}: how old the state is
     ink     colours, of `hqboardmappalette.js`; letter: pixels of a label; brief: levels alone have labels
     off     ids of the layers that are not shown; taken: boxes {x, y, w, h} that labels keep free
   boardParts of the same: [[id of the layer, its SVG text]] and what else is to be said. */

import {drawClosures, drawFlows, drawGauges, drawOrders, drawSites, drawTeams, drawUnreached, drawWater, spotsOf, waterRings} from './hqboardmapdraw.js';
import {drawableFlows} from './hqboardmapflows.js';
import {projector, viewOf} from './hqboardmapgeo.js';
import {groundSvg} from './hqboardmapplain.js';
import {costs, drawn, placed} from './hqboardmaplabels.js';
import {layerStates, ringsOf, rowsOf} from './hqboardmaplayers.js';
import {escaped, px, tag} from './hqboardmapmarks.js';
import {labelsOf, signsOf} from './hqboardmapnames.js';
import {paper} from './hqboardmappalette.js';

export const LETTER = 14;

/* What should be seen: where orders are, what is shut, who is out; the whole city where there is nothing. */
export const corners = given => {
  const {state, ground} = given;
  const orders = [...rowsOf(state, 'orders'), ...rowsOf(state, 'proposals')];
  const found = [
    ...orders.flatMap(one => ringsOf(one, given)).flat(),
    ...rowsOf(state, 'closures').flatMap(one => one.line ?? []), ...rowsOf(state, 'water').flatMap(waterRings).flat(),
    ...rowsOf(state, 'teams').filter(one => typeof one.lat === 'number').map(one => [one.lon, one.lat]),
  ];
  return found.length ? found : everywhere(ground, state);
};

export const everywhere = (ground, state) => {
  const names = ground?.names.map(([, lon, lat]) => [lon, lat]) ?? [];
  const sites = rowsOf(state, 'sites').filter(one => typeof one.lat === 'number').map(one => [one.lon, one.lat]);
  return names.length ? names : sites.length ? sites : [[139, 35], [139.1, 35.1]];
};

const lateOf = given => Object.fromEntries(layerStates(given).map(one => [one.id, one.tone === 'old']));

/* Flows are tested against level 5 once for each pair of what is in force and what the plan says. */
const tested = new WeakMap();

const allowed = ({flows, state, areas, shapes}) => {
  if (!flows) return drawableFlows(null);
  const five = JSON.stringify(rowsOf(state, 'orders').filter(one => one.level === 5).map(one => [one.number, one.area_names, one.whole_city]));
  const known = tested.get(flows);
  if (known?.areas === areas && known.shapes === shapes && known.five === five) return known.found;
  const found = drawableFlows(flows, state, {areas, shapes});
  tested.set(flows, {areas, shapes, five, found});
  return found;
};

/* Thousands of streets are drawn once for a view, however often the rest of the state changes. */
const streetsDrawn = new WeakMap();

const flowsOf = at => {
  const {flows: {streets}, view, ink, letter, old} = at;
  const key = JSON.stringify([view, ink.action, letter, old.flows]);
  const known = streetsDrawn.get(streets);
  if (known?.key === key) return known;
  const room = costs(view.width, view.height);
  for (const one of streets) room.line(one.line.map(at.project));
  const found = {key, text: drawFlows(at), cells: room.cells};
  streetsDrawn.set(streets, found);
  return found;
};

export const boardParts = given => {
  const {state = null, ground = null, meta = {}, letter = LETTER, id = 'board', ink = paper, off = new Set()} = given;
  const view = given.view ?? viewOf(corners(given), {width: 960, height: 640});
  const flows = allowed(given);
  const old = lateOf({...given, meta, edition: ground ? '図' : ''});
  const at = {...given, state, meta, view, letter, id, ink, flows, old, project: projector(view), names: ground?.names};
  const spots = spotsOf(at);
  const walked = flowsOf(at);
  const room = costs(view.width, view.height, off.has('flows') ? null : walked.cells);
  for (const sign of signsOf(spots)) if (!off.has(sign.of)) room.spot(sign, letter * 1.3);
  const labels = placed(labelsOf(at, spots).filter(one => !off.has(one.of)), room, given.taken);
  return {
    view,
    said: flows.why,
    refused: flows.refused,
    parts: [
      ['orders', drawOrders(at)], ['water', drawWater(at)], ['flows', walked.text], ['unreached', drawUnreached(at)],
      ['closures', drawClosures(at, spots)], ['sites', drawSites(at, spots)], ['gauges', drawGauges(at, spots)], ['teams', drawTeams(at, spots)],
      ['labels', drawn(labels, letter, ink)],
    ],
  };
};

export const boardSvg = given => {
  const {ground = null, id = 'board', ink = paper, title = '状況図', off = new Set()} = given;
  const {parts, view} = boardParts(given);
  const beneath = ground ? groundSvg(ground, view, ink, {id, off}) : tag('rect', {width: view.width, height: view.height, fill: ink.land});
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${px(view.width)} ${px(view.height)}" role="img" aria-label="${escaped(title)}">`
    + `${beneath}${parts.filter(([name]) => !off.has(name)).map(([name, inside]) => tag('g', {'data-part': name}, inside)).join('')}</svg>`;
};
