// An area that somebody draws around what is seen: when its line is whole, and what it holds.
import {streetsIn} from './fieldstreets.js';
import {toGeometry} from './hqalertring.js';

const LEAST = 3;
const FINE = 1e6;
const UNIT = 1e5;
const DEGREE_M = 111_320;
const CROSSES = '線が交わります。外側を順に回るように、別の所を押してください。';
const CROSSED = 'ここまでの線が交わっています。「1つ戻す」で交わる前まで戻すか、「全部消す」で描き直してください。';
const CANNOT_CLOSE = '閉じる線が交わります。「1つ戻す」で戻し、外側を順に回るように押し直してください。';

// Whole numbers: what the city sees cross, crosses here.
const fine = corners => corners.map(one => one.map(value => Math.round(value * FINE)));
const turn = ([ax, ay], [bx, by], [cx, cy]) => Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));
const isBetween = ([x, y], [ax, ay], [bx, by]) => (
  Math.min(ax, bx) <= x && x <= Math.max(ax, bx) && Math.min(ay, by) <= y && y <= Math.max(ay, by));

const meet = ([a, b], [c, d]) => {
  const turns = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  const touches = [[c, a, b], [d, a, b], [a, c, d], [b, c, d]];
  return (turns[0] * turns[1] < 0 && turns[2] * turns[3] < 0)
    || touches.some((one, n) => !turns[n] && isBetween(...one));
};
// Two stretches of one corner, the second straight back along the first.
const turnsBack = ([a, b], [, c]) => (
  !turn(a, b, c) && (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0);

const isCrossed = (corners, isClosed) => {
  const all = fine(isClosed ? [...corners, corners[0]] : corners);
  const lines = all.slice(1).map((one, n) => [all[n], one]);
  const last = lines.length - 1;
  return lines.some((one, n) => lines.slice(n + 1).some((other, m) => {
    if (!m) return turnsBack(one, other);
    return isClosed && !n && n + 1 + m === last ? turnsBack(other, one) : meet(one, other);
  }));
};

// Why a corner cannot follow, why the line cannot be closed: '' where it can.
export const whyNotCorner = (corners, next) => {
  if (isCrossed(corners, false)) return CROSSED;
  return isCrossed([...corners, next], false) ? CROSSES : '';
};
export const whyNotClosed = corners => {
  const left = LEAST - corners.length;
  if (left > 0) return `角が3つ以上要ります。地図を、あと${left}か所押してください。`;
  if (isCrossed(corners, false)) return CROSSED;
  return isCrossed(corners, true) ? CANNOT_CLOSE : '';
};

// What is still to do.
export const nextWords = ({corners, closed}) => {
  const left = LEAST - corners.length;
  if (closed) return `角${corners.length}つで囲みました。直すには「1つ戻す」か「全部消す」を押します。`;
  if (isCrossed(corners, false)) return CROSSED;
  return left > 0 ? `角${corners.length}つ。あと${left}つ以上押してください。`
    : `角${corners.length}つ。はじめの角か「線を閉じる」を押すと、閉じます。`;
};

// As it is sent; `why` it cannot be yet.
export const areaOf = line => {
  try {
    return {where: toGeometry(line), error: 0};
  } catch (error) {
    return {where: null, error: null, why: whyNotClosed(line.corners) || error.message};
  }
};

// How large it is, to and fro and up and down.
export const sizeOf = ({coordinates: [ring]}) => {
  const [west, south, east, north] = boxOf(ring);
  const metres = [(east - west) * Math.cos(north * Math.PI / 180), north - south].map(one => Math.round(one * DEGREE_M / 5) * 5);
  return `東西${metres[0]} m・南北${metres[1]} m`;
};

const holds = (ring, [x, y]) => {
  let inside = false;
  for (let n = 1; n < ring.length; n += 1) {
    const [[ax, ay], [bx, by]] = [ring[n - 1], ring[n]];
    if ((ay > y) !== (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax) inside = !inside;
  }
  return inside;
};
const boxOf = corners => [Math.min, Math.max].flatMap(of => [0, 1].map(axis => of(...corners.map(one => one[axis]))));
const isNear = (one, other) => one[0] <= other[2] && one[2] >= other[0] && one[1] <= other[3] && one[3] >= other[1];
const touches = (ring, line) => holds(ring, line[0])
  || line.slice(1).some((one, n) => ring.slice(1).some((corner, m) => meet([line[n], one], [ring[m], corner])));
// In the units in which cells are told: a street that runs through two of them is one.
const keyOf = line => line.flat().map(value => Math.round(value * UNIT / FINE)).join();

// How many streets an area touches, more than `most` at least; null where neither is known here. `came()`
// once more are.
export const streetsTouched = (area, came, most) => {
  const [drawn] = area.coordinates;
  const {streets, isWhole} = streetsIn(boxOf(drawn), came);
  const [ring, box] = [fine(drawn), boxOf(fine(drawn))];
  const found = streets.map(({line}) => fine(line)).filter(line => isNear(boxOf(line), box) && touches(ring, line));
  const {size} = new Set(found.map(keyOf));
  return isWhole || size > most ? size : null;
};
