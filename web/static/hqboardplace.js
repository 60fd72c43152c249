/* The place of the map: drawn by its own module, and the tables go on where that fails. */

import {at, put} from './deskdom.js';
import {mapData} from './hqboardmapdata.js';
import {root} from './hqboardsay.js';

const FAILED = '地図を出せません。場所・班・水位は下の表に、通行止めは「現地」にあります。';
const RESTS_MS = 250;
const data = mapData();
let resting = 0;
let mounted = null;
let shown = null;
let beside = {areas: null, flows: null};

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
    mounted.update(shown.state, beside.areas, beside.flows, {checked_at: shown.checked_at, stale: shown.stale, read_at: shown.now});
  } catch (error) {
    console.error(error);
  }
};

/* What belongs to the map alone comes beside: until then, and where it cannot be read, the map shows what
   it has, with its age. */
export const drawMap = async found => {
  shown = found;
  await mounting;
  update();
  const had = beside;
  beside = await data(found.state);
  if (beside.areas !== had.areas || beside.flows !== had.flows) update();
};

const select = key => {
  try {
    mounted?.select?.(key);
  } catch (error) {
    console.error(error);
  }
};

/* Who left the list before resting on one moves no map. */
export const pointNowhere = () => clearTimeout(resting);

/* Shows on the map where a decision is, once somebody rests on it: who steps on is not waited for. */
export const pointAt = key => {
  clearTimeout(resting);
  resting = setTimeout(select, RESTS_MS, key);
};
