/* The plain ground of headquarters' map: streets, rivers and assumed zones without WebGL or tiles. */

import {projector} from './hqboardmapgeo.js';
import {px, tag} from './hqboardmapmarks.js';

const stripes = (id, colour, side, width, turn) => tag('pattern', {id, 'width': side, 'height': side, 'patternUnits': 'userSpaceOnUse', 'patternTransform': `rotate(${turn})`},
  tag('path', {'d': `M0 0V${side}`, 'stroke': colour, 'stroke-width': width}));

/* Units of the ground to pixels: over one city that is a straight line. */
const matrix = ({by_degrees: [x0, xLon, xLat, y0, yLon, yLat]}, project, [, lon0, lat0]) => {
  const step = 0.01;
  const units = (lon, lat) => [x0 + xLon * lon + xLat * lat, y0 + yLon * lon + yLat * lat];
  const [u0, u1, u2] = [units(lon0, lat0), units(lon0 + step, lat0), units(lon0, lat0 + step)];
  const [p0, p1, p2] = [[lon0, lat0], [lon0 + step, lat0], [lon0, lat0 + step]].map(project);
  const det = (u1[0] - u0[0]) * (u2[1] - u0[1]) - (u2[0] - u0[0]) * (u1[1] - u0[1]);
  const along = axis => {
    const one = ((p1[axis] - p0[axis]) * (u2[1] - u0[1]) - (p2[axis] - p0[axis]) * (u1[1] - u0[1])) / det;
    const two = ((p2[axis] - p0[axis]) * (u1[0] - u0[0]) - (p1[axis] - p0[axis]) * (u2[0] - u0[0])) / det;
    return [one, two, p0[axis] - one * u0[0] - two * u0[1]];
  };
  const [[a, c, e], [b, d, f]] = [along(0), along(1)];
  return [a, b, c, d, e, f];
};

const lines = (d, stroke, width, more = {}) => (d ? tag('path', {d, 'fill': 'none', stroke, 'stroke-width': width, 'vector-effect': 'non-scaling-stroke', ...more}) : '');
const area = (d, fill, more = {}) => (d ? tag('path', {d, fill, ...more}) : '');

/* As SVG text; hatches keep their size whatever the scale. */
export const groundSvg = (ground, view, ink, {id = 'board', off = new Set()} = {}) => {
  const middle = ground.names[Math.floor(ground.names.length / 2)] ?? ['', 139, 35];
  const fit = matrix(ground, projector(view), middle);
  const {paths} = ground;
  const unit = Math.hypot(fit[0], fit[1]);
  const hatch = (name, colour, side, width, turn) => stripes(`${id}-${name}`, colour, side / unit, width / unit, turn);
  const could = off.has('assumed') ? '' : tag('g', {'data-part': 'assumed'},
    area(paths.assumed, `url(#${id}-could)`) + area(paths.yellow, `url(#${id}-yellow)`) + area(paths.red, `url(#${id}-red)`)
    + lines(paths.collapse, ink.muted, 2, {'stroke-dasharray': '1 5', 'stroke-linecap': 'round'}));
  return tag('defs', {}, hatch('could', ink.could, 8, 2.4, 45) + hatch('yellow', ink.yellow, 9, 3, -45) + hatch('red', ink.slide, 7, 2.6, -45))
    + tag('rect', {width: view.width, height: view.height, fill: ink.land})
    + tag('g', {transform: `matrix(${fit.map(one => one.toPrecision(8)).join(' ')})`},
      could + area(paths.rivers, ink.river, {'fill-rule': 'evenodd'}) + lines(paths.streams, ink.river, 3)
      + lines(paths.streets, ink.rim, 1.2) + lines(paths.borders, ink.muted, 0.8, {'stroke-dasharray': '4 4', 'stroke-opacity': 0.5}));
};
