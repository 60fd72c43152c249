/* Geometry of headquarters' map: plain functions of degrees and pixels. */

export const TILE = 512;

/* A position in the unit square of the web's maps. */
export const mercator = ([lon, lat]) => [
  (lon + 180) / 360, (1 - Math.asinh(Math.tan(lat * Math.PI / 180)) / Math.PI) / 2];

export const fromMercator = ([x, y]) => [
  x * 360 - 180, Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI];

/* A view: `middle` in the unit square, `scale` pixels to its side. */
export const projector = ({middle, scale, width, height}) => point => {
  const [x, y] = mercator(point);
  return [(x - middle[0]) * scale + width / 2, (y - middle[1]) * scale + height / 2];
};

const boxOf = points => {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    if (x < box[0]) box[0] = x;
    if (y < box[1]) box[1] = y;
    if (x > box[2]) box[2] = x;
    if (y > box[3]) box[3] = y;
  }
  return box;
};

export const inRing = (ring, [x, y]) => {
  let found = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
    const [ax, ay] = ring[at];
    const [bx, by] = ring[before];
    if (ay > y !== by > y && x < (bx - ax) * (y - ay) / (by - ay) + ax) found = !found;
  }
  return found;
};

const side = ([ax, ay], [bx, by], [cx, cy]) => (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);

const meet = (a, b, c, d) => side(a, b, c) > 0 !== side(a, b, d) > 0 && side(c, d, a) > 0 !== side(c, d, b) > 0;

const apart = (one, other) => one[0] > other[2] || other[0] > one[2] || one[1] > other[3] || other[1] > one[3];

/* Whether some of a line lies in a ring. `box` is the ring's. */
const touches = (line, ring, box) => {
  if (apart(boxOf(line), box)) return false;
  if (line.some(point => inRing(ring, point))) return true;
  for (let at = 1; at < line.length; at += 1) {
    if (apart(boxOf([line[at - 1], line[at]]), box)) continue;
    for (let corner = 1; corner < ring.length; corner += 1) {
      if (meet(line[at - 1], line[at], ring[corner - 1], ring[corner])) return true;
    }
  }
  return false;
};

/* Says of a line whether some of it lies in one of the rings. */
export const reachesInto = rings => {
  const closed = rings.map(ring => [...ring, ring[0]]);
  const boxes = closed.map(boxOf);
  return line => closed.some((ring, at) => touches(line, ring, boxes[at]));
};

/* Always the same numbers from 0 to 1 for the same word. */
export const numbersOf = word => {
  let seed = 2166136261;
  for (const letter of word) seed = Math.imul(seed ^ letter.codePointAt(0), 16777619);
  return () => {
    seed = seed + 0x6d2b79f5 | 0;
    let mixed = Math.imul(seed ^ seed >>> 15, 1 | seed);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 4294967296;
  };
};

const TRIES = 60;

/* So many points in an area, always the same ones: they stand for no household's position. */
export const scattered = (rings, count, word) => {
  const [west, south, east, north] = boxOf(rings.flat());
  const next = numbersOf(word);
  const found = [];
  for (let tries = count * TRIES; found.length < count && tries > 0; tries -= 1) {
    const point = [west + next() * (east - west), south + next() * (north - south)];
    if (rings.some(ring => inRing(ring, point))) found.push(point);
  }
  return found;
};

const lengths = line => {
  const found = [0];
  for (let at = 1; at < line.length; at += 1) {
    found.push(found[at - 1] + Math.hypot(line[at][0] - line[at - 1][0], line[at][1] - line[at - 1][1]));
  }
  return found;
};

/* The middle of a line, on it. */
export const middleOf = line => {
  if (line.length < 2) return line[0];
  const far = lengths(line);
  const half = far.at(-1) / 2;
  const at = Math.max(1, far.findIndex(one => one >= half));
  const part = (half - far[at - 1]) / (far[at] - far[at - 1] || 1);
  return [0, 1].map(axis => line[at - 1][axis] + part * (line[at][axis] - line[at - 1][axis]));
};

const STEPS = 7;

/* A spot well inside the largest of some rings. */
export const spotIn = rings => {
  const sized = rings.map(ring => [boxOf(ring), ring]).sort(([a], [b]) => (b[2] - b[0]) * (b[3] - b[1]) - (a[2] - a[0]) * (a[3] - a[1]));
  const [[west, south, east, north], ring] = sized[0];
  let best = ring[0];
  let most = -1;
  for (let across = 1; across < STEPS; across += 1) {
    for (let up = 1; up < STEPS; up += 1) {
      const point = [west + (east - west) * across / STEPS, south + (north - south) * up / STEPS];
      const room = inRing(ring, point) ? Math.min(...ring.map(([x, y]) => Math.hypot(x - point[0], y - point[1]))) : -1;
      if (room > most) [most, best] = [room, point];
    }
  }
  return best;
};

/* The view that holds all these positions. */
export const viewOf = (points, {width, height, edge = 40, closest = 16.5}) => {
  const [west, north, east, south] = boxOf(points.map(mercator));
  const wide = Math.max(width - 2 * edge, 40);
  const high = Math.max(height - 2 * edge, 40);
  const scale = Math.min(wide / (east - west || 1e-9), high / (south - north || 1e-9), TILE * 2 ** closest);
  return {middle: [(west + east) / 2, (north + south) / 2], scale, width, height};
};

/* Those that stand nearer to one another than `room` pixels, together. */
export const gathered = (marks, room) => {
  const found = [];
  for (const one of marks) {
    const near = found.find(other => Math.hypot(other.x - one.x, other.y - one.y) < room);
    if (near) near.all.push(one); else found.push({...one, all: [one]});
  }
  return found;
};
