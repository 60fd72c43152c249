// The streets around, by cells of a hundredth of a degree; kept on the device as long as the city's map
// is the same.
const PER_DEGREE = 100;
const UNITS = PER_DEGREE * 1000;
const MOST = 9;
const NAME = 'field-streets-';

let kept = null;
const cells = new Map();
const failed = new Map();
const AGAIN = 15e3;

// Streets of another map are thrown away; without https nothing is kept.
export const useMap = async load => {
  if (!globalThis.caches) return;
  const name = `${NAME}${load}`;
  for (const other of await caches.keys()) {
    if (other.startsWith(NAME) && other !== name) await caches.delete(other);
  }
  kept = await caches.open(name);
};

const fetched = async url => {
  const known = await kept?.match(url);
  if (known) return known.json();
  const answer = await fetch(url, {signal: AbortSignal.timeout(30e3)});
  if (!answer.ok) throw new Error(`${answer.status}`);
  await kept?.put(url, answer.clone()).catch(() => {});
  return answer.json();
};

const placed = ([column, row], flat) => {
  const line = [];
  for (let at = 0; at < flat.length; at += 2) {
    line.push([column / PER_DEGREE + flat[at] / UNITS, row / PER_DEGREE + flat[at + 1] / UNITS]);
  }
  return line;
};

const read = (cell, {names, streets, waters}) => ({
  streets: streets.map(([name, ...flat]) => ({name: names[name] ?? '', line: placed(cell, flat)})),
  waters: waters.map(flat => placed(cell, flat)),
});

const load = async (cell, key) => {
  const url = `/api/v1/field/streets?column=${cell[0]}&row=${cell[1]}`;
  cells.set(key, null);
  try {
    cells.set(key, read(cell, await fetched(url)));
    failed.delete(key);
    return true;
  } catch {
    cells.delete(key);
    failed.set(key, Date.now());
    return false;
  }
};

const isDue = key => !cells.has(key) && Date.now() - (failed.get(key) ?? -Infinity) > AGAIN;

// Cells that a box of degrees touches, nearest to its middle first: all of them, and those that are asked for.
const touched = ([west, south, east, north]) => {
  const [left, low, right, high] = [west, south, east, north].map(one => Math.floor(one * PER_DEGREE));
  const [x, y] = [(west + east) / 2, (south + north) / 2].map(one => one * PER_DEGREE - 0.5);
  const all = [];
  for (let column = left; column <= right; column += 1) {
    for (let row = low; row <= high; row += 1) all.push([column, row]);
  }
  const far = ([column, row]) => (column - x) ** 2 + (row - y) ** 2;
  all.sort((one, other) => far(one) - far(other));
  return {all, asked: all.slice(0, MOST)};
};

// What is known in a box of degrees, and whether that is all; `came()` once more of it is.
export const streetsIn = (box, came) => {
  const {all, asked} = touched(box);
  for (const cell of asked) {
    const key = cell.join();
    if (isDue(key)) load(cell, key).then(isNew => isNew && came());
  }
  const known = asked.map(cell => cells.get(cell.join())).filter(Boolean);
  return {
    streets: known.flatMap(one => one.streets),
    waters: known.flatMap(one => one.waters),
    isWhole: known.length === all.length,
  };
};

// The cells around a place, before the network is gone.
export const fetchAround = ({lon, lat}) => {
  const side = 1 / PER_DEGREE;
  streetsIn([lon - side, lat - side, lon + side, lat + side], () => {});
};
