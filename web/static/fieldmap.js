// A small street map around a point, drawn by the page itself: without a network too.
import {streetsIn} from './fieldstreets.js';

const SVG = 'http://www.w3.org/2000/svg';
const DEGREE_M = 111_320;
const ROAD_M = 6;
const BARS = [10, 20, 50, 100, 200, 500, 1000, 2000];
const [CLOSEST, FARTHEST] = [4, 0.08];
const NAMES = 4;
const NEAR_M = 40;

const part = (name, values = {}, text = '') => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
};

const path = line => `M${line.map(one => one.map(value => value.toFixed(1)).join(' ')).join('L')}`;

// How far a point is from a stretch.
const distance = ([x, y], [ax, ay], [bx, by]) => {
  const [dx, dy] = [bx - ax, by - ay];
  const share = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
};

export class FieldMap {
  // `lon`, `lat` of its middle, `scale` in pixels a metre; `name` of the street at the point.
  constructor(svg, came) {
    Object.assign(this, {svg, came, lon: 0, lat: 0, scale: 1, name: ''});
  }

  get size() {
    return [this.svg.clientWidth || 358, this.svg.clientHeight || 146];
  }

  look(lon, lat, metres = null) {
    [this.lon, this.lat] = [lon, lat];
    if (metres) this.scale = Math.min(CLOSEST, Math.max(FARTHEST, this.size[0] / metres));
  }

  // A whole line, with room around it; at least so many metres.
  lookAt(corners, metres) {
    const [west, east] = [Math.min, Math.max].map(of => of(...corners.map(([lon]) => lon)));
    const [south, north] = [Math.min, Math.max].map(of => of(...corners.map(([, lat]) => lat)));
    const [width, height] = this.size;
    const wide = Math.max((east - west) * this.wide, (north - south) * DEGREE_M * width / height);
    this.look((west + east) / 2, (south + north) / 2, Math.max(metres, 1.3 * wide));
  }

  zoom(factor) {
    this.scale = Math.min(CLOSEST, Math.max(FARTHEST, this.scale * factor));
  }

  get wide() {
    return DEGREE_M * Math.cos(this.lat * Math.PI / 180);
  }

  project([lon, lat]) {
    const [width, height] = this.size;
    return [width / 2 + (lon - this.lon) * this.wide * this.scale,
      height / 2 - (lat - this.lat) * DEGREE_M * this.scale];
  }

  unproject([x, y]) {
    const [width, height] = this.size;
    return [this.lon + (x - width / 2) / this.wide / this.scale,
      this.lat - (y - height / 2) / DEGREE_M / this.scale];
  }

  pan(dx, dy) {
    const [width, height] = this.size;
    this.look(...this.unproject([width / 2 - dx, height / 2 - dy]));
  }

  // `point` with `error` (m), `gps`, what is `drawn` (corners of a line, or of an area that is `closed`), an
  // `aim`: each [lon, lat], or left out.
  show({point = null, error = null, isUnsure = false, gps = null, drawn = {corners: []}, aim = null}) {
    const [width, height] = this.size;
    const box = [...this.unproject([0, height]), ...this.unproject([width, 0])];
    const {streets, waters, isWhole} = streetsIn(box, this.came);
    this.isWhole = isWhole;
    const lines = streets.map(({name, line}) => ({name, line: line.map(one => this.project(one))}));
    const at = point && this.project(point);
    this.name = at ? this.nearest(at, lines) : '';
    this.svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.svg.replaceChildren(
      ...this.ground(lines, waters), ...this.names(lines, at),
      ...(gps ? [part('circle', {class: 'gps', r: 6, ...this.centre(gps)})] : []),
      ...this.line(drawn), ...(at && !drawn.corners.length ? this.marked(at, error, isUnsure) : []),
      ...(aim ? this.cross(this.project(aim)) : []), ...this.furniture());
  }

  centre(place) {
    const [cx, cy] = this.project(place);
    return {cx, cy};
  }

  ground(lines, waters) {
    const d = lines.map(({line}) => path(line)).join('');
    const road = Math.max(2, ROAD_M * this.scale);
    const surface = waters.map(ring => `${path(ring.map(one => this.project(one)))}Z`).join('');
    return [
      part('path', {'class': 'waters', 'd': surface}),
      part('path', {'class': 'rim', d, 'stroke-width': road + 2.5}),
      part('path', {'class': 'road', d, 'stroke-width': road}),
    ];
  }

  // The names of a few streets, where they cover neither each other nor the point.
  names(lines, at) {
    const [width, height] = this.size;
    const taken = at ? [[...at, 50]] : [];
    const found = new Map();
    for (const {name, line} of lines) {
      const middle = line[Math.floor(line.length / 2)];
      const half = name.length * 7 + 4;
      const [x, y] = line.length === 2 ? [(line[0][0] + line[1][0]) / 2, (line[0][1] + line[1][1]) / 2] : middle;
      const isInside = x > half && x < width - half && y > 20 && y < height - 12;
      const isFree = taken.every(([left, top, room]) => Math.abs(x - left) > half + room || Math.abs(y - top) > 34);
      if (name && !found.has(name) && isInside && isFree && found.size < NAMES) {
        found.set(name, part('text', {'x': x, 'y': y - 6, 'text-anchor': 'middle'}, name));
        taken.push([x, y, half]);
      }
    }
    return [...found.values()];
  }

  nearest(at, lines) {
    let [best, name] = [NEAR_M * this.scale, ''];
    for (const one of lines) {
      for (let n = 1; one.name && n < one.line.length; n += 1) {
        const far = distance(at, one.line[n - 1], one.line[n]);
        if (far < best) [best, name] = [far, one.name];
      }
    }
    return name;
  }

  marked([cx, cy], error, isUnsure) {
    const round = {'class': isUnsure ? 'round unsure' : 'round', cx, cy, 'r': Math.max(12, (error ?? 0) * this.scale)};
    return [part('circle', round), part('circle', {class: 'dot', cx, cy, r: 7})];
  }

  // The first corner of an area is where it is closed.
  line({corners, closed = false, isArea = false}) {
    const d = `${path(corners.map(one => this.project(one)))}${closed ? 'Z' : ''}`;
    const lines = corners.length > 1 ? [...(closed ? ['inside'] : []), 'drawn-rim', 'drawn'].map(name => part('path', {class: name, d})) : [];
    const dots = corners.map(one => part('circle', {class: 'corner', r: 8, ...this.centre(one)}));
    if (isArea && !closed && corners.length) dots[0] = part('circle', {class: 'corner first', r: 12, ...this.centre(corners[0])});
    return [...lines, ...dots];
  }

  cross([x, y]) {
    return [part('path', {class: 'aim', d: `M${x - 16} ${y}H${x + 16}M${x} ${y - 16}V${y + 16}`})];
  }

  furniture() {
    const [width, height] = this.size;
    const metres = BARS.findLast(one => one * this.scale <= 90) ?? BARS[0];
    const long = metres * this.scale;
    const said = metres < 1000 ? `${metres} m` : `${metres / 1000} km`;
    const room = Math.max(long, 44) + 16;
    return [
      part('rect', {class: 'plate', x: 6, y: height - 40, width: room, height: 34, rx: 4}),
      part('path', {class: 'ruler', d: `M14 ${height - 18}v6h${long}v-6`}),
      part('text', {class: 'scale', x: 14, y: height - 23}, said),
      part('circle', {class: 'plate', cx: width - 24, cy: 26, r: 18}),
      part('path', {class: 'needle', d: `M${width - 24} 11l6 16l-6-3l-6 3z`}),
      part('text', {'class': 'north', 'x': width - 24, 'y': 41, 'text-anchor': 'middle'}, '北'),
    ];
  }
}
