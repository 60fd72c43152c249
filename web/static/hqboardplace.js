/* The place of the map: drawn by its own module, and the tables go on where that fails. */

import {at, put} from './deskdom.js';
import {get} from './staff.js';
import {API, root} from './hqboardsay.js';

const FAILED = '地図を出せません。場所・班・水位は下の表に、通行止めは「現地」にあります。';
const AGAIN_MS = 5e3;
let mounted = null;
let shown = null;

const failed = error => {
  console.error(error);
  put(at('map-none') ?? at('board-map'), FAILED);
};

const mounting = import(root.dataset.map).then(module => {
  const map = module.mountMap(at('board-map'));
  at('map-none')?.remove();
  mounted = map;
}).catch(failed);

const update = () => {
  if (!mounted || !shown) return;
  try {
    mounted.update(shown.state, outlines.value, flows.value, {checked_at: shown.checked_at, stale: shown.stale, read_at: shown.now});
  } catch (error) {
    console.error(error);
  }
};

/* What belongs to the map alone is asked for again when `key` says that it is another; where it cannot be
   read the map shows what it has, with its age, and it is asked for later. */
const beside = path => {
  const made = {value: null};
  let known = null;
  let triedAt = -AGAIN_MS;
  made.renew = async key => {
    if (key === known || performance.now() - triedAt < AGAIN_MS) return;
    triedAt = performance.now();
    try {
      made.value = await get(`${API}${path}`);
      known = key;
      update();
    } catch {
      known = null;
    }
  };
  return made;
};

const outlines = beside('board/map');
const flows = beside('flows');

export const drawMap = found => {
  shown = found;
  const {orders, plan} = found.state;
  outlines.renew(JSON.stringify(Object.values(orders).map(one => [one.number, one.area_names, one.level])));
  flows.renew(String(plan.newest?.number));
  mounting.then(update);
};

/* Shows on the map where a decision is. */
export const pointAt = key => {
  try {
    mounted?.select?.(key);
  } catch (error) {
    console.error(error);
  }
};
