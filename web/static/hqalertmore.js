/* What lies beside the words of the open revision: its papers, door lists, and when each way begins.
   Asked for when it is opened, and again while something of it can move. */

import {at} from './deskdom.js';
import {get, now} from './staff.js';
import {API, OUT, root} from './hqalertsay.js';
import {drawClocks} from './hqalertclocks.js';
import {drawDoors} from './hqalertdoors.js';
import {drawPapers} from './hqalertpapers.js';

const TICK_MS = 5e3;
const SLOW = 3;
const PARTS = ['ways', 'doors', 'papers'];
let open = null;
let key = '';
let seen = {channels: [], aged() {}};
let found = {papers: null, doors: null};
let ticks = 0;

const stamp = () => new Date(now()).toISOString();
const isOut = one => OUT.includes(one.state);
const hasDoors = one => isOut(one) && one.kind === 'evacuation';

const draw = () => {
  if (!open) return;
  drawClocks(open, found.doors, seen.channels, isOut(open));
  drawDoors(open, hasDoors(open) ? found.doors : null, changedHere, seen.taken);
  drawPapers(open, found.papers, told);
  seen.aged();
};

/* What an answer says replaces what was known. */
const told = answer => {
  found.papers = {...found.papers, ...answer, at: stamp()};
  draw();
};

/* What cannot be read now stays as it was read, with its moment. */
const load = async () => {
  const one = open;
  const [papers, doors] = await Promise.all([
    get(`${API}/${one.number}/papers`).then(answer => ({...answer, at: stamp()}), () => null),
    hasDoors(one) ? get(`${API}/${one.number}/doors`).catch(() => null) : null,
  ]);
  if (open?.number !== one.number) return;
  found = {papers: papers ?? found.papers, doors: doors ?? found.doors};
  draw();
};

/* What was pressed may be gone: whoever works by keyboard stays at the lists. */
const changedHere = async () => {
  await load();
  if (document.activeElement === document.body) at('doors').focus({preventScroll: true});
};

/* `one`: the open revision, null for none; `channels`: their tests; `taken`: households whose message was
   taken and not confirmed; `aged` renews the ages. */
export const drawMore = (one, given) => {
  [open, seen] = [one, given];
  if (!one) {
    key = '';
    for (const id of PARTS) at(id).hidden = true;
    return;
  }
  const fresh = `${one.number}:${one.state}`;
  if (fresh !== key) {
    if (key.split(':')[0] !== String(one.number)) found = {papers: null, doors: null};
    key = fresh;
    load();
  }
  draw();
};

/* Somebody changed a door list. */
export const doorsChanged = () => { if (open && hasDoors(open)) load(); };

const comes = () => (found.papers?.papers ?? []).some(({job}) => job && !job.made_at && !job.failed_why);
setInterval(() => {
  ticks += 1;
  if (open && isOut(open) && !document.hidden && (comes() || ticks % SLOW === 0)) load();
}, TICK_MS);
root.addEventListener('ages', draw);
