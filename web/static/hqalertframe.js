/* A map of the city framed around the area that an alert is for, with the whole city in a corner. */

const SVG = 'http://www.w3.org/2000/svg';
const MARGIN = 0.35;
const CLOSEST = 24;
const CORNER = 0.24;
const WIDE_PX = 480;

export const shape = (name, values) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
  return made;
};

/* A position lies at x = x0 + x_lon·lon + x_lat·lat, y likewise (`web/staff/cityoutline.py`). */
export const placed = (svg, [lon, lat]) => {
  const [x0, xLon, xLat, y0, yLon, yLat] = svg.dataset.by.split(' ').map(Number);
  return [x0 + xLon * lon + xLat * lat, y0 + yLon * lon + yLat * lat];
};

/* Size of the whole city: what the page came with. */
const city = svg => {
  svg.dataset.city ||= svg.getAttribute('viewBox');
  return svg.dataset.city.split(' ').slice(2).map(Number);
};

/* The part of the map around points in units, in the shape of the whole; all of it where there are none. */
const boxAround = (svg, points) => {
  const [wide, high] = city(svg);
  if (!points.length) return [0, 0, wide, high];
  const [x, y] = [0, 1].map(axis => points.map(one => one[axis]));
  const [left, right, top, bottom] = [Math.min(...x), Math.max(...x), Math.min(...y), Math.max(...y)];
  const part = Math.max((right - left) / wide, (bottom - top) / high, 1 / CLOSEST) * (1 + 2 * MARGIN);
  if (part >= 1) return [0, 0, wide, high];
  return [(left + right - part * wide) / 2, (top + bottom - part * high) / 2, part * wide, part * high];
};

/* Which part of the city is shown; nothing where that is all of it. */
const corner = (svg, [x, y, wide, high]) => {
  const [allWide, allHigh] = city(svg);
  if (wide >= allWide) return [];
  const units = CORNER * wide;
  const tall = units * allHigh / allWide;
  const inset = shape('svg', {x: x + wide - units, y: y + high - tall, width: units, height: tall, viewBox: `0 0 ${allWide} ${allHigh}`, class: 'corner-map'});
  inset.append(shape('rect', {class: 'corner-ground', width: allWide, height: allHigh}), shape('use', {href: '#city-land'}),
    shape('rect', {class: 'corner-here', x, y, width: wide, height: high}));
  return [inset];
};

/* Frames the map; returns what goes on top of everything, and how many units a pixel is. */
export const frame = (svg, points) => {
  const box = boxAround(svg, points);
  svg.setAttribute('viewBox', box.map(one => one.toFixed(2)).join(' '));
  const [wide, high] = [svg.clientWidth || WIDE_PX, svg.clientHeight || WIDE_PX];
  return {over: corner(svg, box), unit: Math.max(box[2] / wide, box[3] / high)};
};
