/* A line that somebody draws, corner by corner, [lon, lat]; every step can be taken back. What has
   holes or several parts (`whole`, GeoJSON) is kept as it is: no corner of it can be moved. */

const EMPTY = {corners: [], closed: false, whole: null};
const LEAST = 3;
const MOST = 300;

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const rounded = point => point.map(one => Math.round(one * 1e6) / 1e6);

/* A GeoJSON geometry as a line is kept; the last corner of a ring is its first. */
export const fromGeometry = geometry => {
  if (!geometry) return EMPTY;
  const parts = geometry.type === 'MultiPolygon' ? geometry.coordinates : [geometry.coordinates];
  if (parts.length > 1 || parts[0].length > 1 || parts[0][0].length > MOST) return {...EMPTY, whole: geometry};
  const corners = parts[0][0].map(([lon, lat]) => [lon, lat]);
  if (corners.length > 1 && same(corners[0], corners.at(-1))) corners.pop();
  return {corners, closed: true, whole: null};
};

export const isEmpty = line => !line.corners.length && !line.whole;

/* As the server takes it; throws what is missing in words. */
export const toGeometry = line => {
  if (line.whole) return line.whole;
  if (line.corners.length < LEAST) throw Error('区域を地図に描いてください。角が3つ以上要ります。');
  if (!line.closed) throw Error('描いた区域が閉じていません。「線を閉じる」を押してください。');
  return {type: 'Polygon', coordinates: [[...line.corners, line.corners[0]]]};
};

/* All rings of a GeoJSON geometry. */
export const ringsOf = geometry => (geometry?.type === 'MultiPolygon' ? geometry.coordinates.flat() : geometry?.coordinates ?? []);

/* `told(byHand)` after each change. */
export const makeLine = told => {
  let now = EMPTY;
  let past = [];
  const go = (next, goesOn = false) => {
    if (!goesOn) past.push(now);
    now = {...EMPTY, ...next};
    told(true);
  };
  const replaced = (index, count, ...points) => {
    const corners = [...now.corners];
    corners.splice(index, count, ...points.map(rounded));
    return {corners, closed: now.closed && corners.length >= LEAST};
  };
  return {
    now: () => now,
    set: value => {
      past = [];
      now = value ?? EMPTY;
      told(false);
    },
    draw: value => go(value),
    add: point => !now.closed && !now.whole && go(replaced(now.corners.length, 0, point)),
    insert: (index, point) => go(replaced(index, 0, point)),
    move: (index, point, goesOn) => go(replaced(index, 1, point), goesOn),
    remove: index => go(replaced(index, 1)),
    clear: () => !isEmpty(now) && go(EMPTY),
    canClose: () => !now.closed && now.corners.length >= LEAST,
    canUndo: () => Boolean(past.length) || !isEmpty(now),
    close() {
      if (this.canClose()) go({...now, closed: true});
    },
    undo() {
      if (past.length) now = past.pop();
      else if (now.closed) now = {...now, closed: false};
      else now = {...EMPTY, corners: now.corners.slice(0, -1)};
      told(true);
    },
  };
};
