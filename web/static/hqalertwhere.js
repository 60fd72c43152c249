/* Where an alert is for: by which of the ways it is chosen, and what belongs to each. */

import {at} from './deskdom.js';
import {get} from './staff.js';
import {API, japanese, number} from './hqalertsay.js';
import {chosenAreas, choose, clearSearch, onAreas} from './hqalertareas.js';
import {
  drawAgain, drawnGeometry, drawnNow, forgetStart, onDrawn, sayOfDrawing, showDrawing, startFrom, startHere, typedCorners,
} from './hqalertdraw.js';
import {isPicked, pickAgain, pickBody, pickedNow, showPicks} from './hqalertpick.js';

const radios = at('draft').elements.where;
const PICKS = ['zone', 'site', 'plan'];
let fixed = null;
let asking = null;
let tell = () => {};

export const FRESH_WHERE = {where: 'areas', areas: [], polygon: null, corners: '', zone: '', site: '', plan: ''};

/* A draft that was begun elsewhere says only whether it is for the whole city. */
export const whereOf = values => values.where ?? (values.whole_city ? 'city' : 'areas');

export const whereNow = () => ({
  where: radios.value, areas: chosenAreas(), polygon: drawnNow(fixed?.where === 'polygon'), corners: typedCorners(), ...pickedNow(),
});

export const fillWhere = values => {
  radios.value = whereOf(values);
  clearSearch();
  choose(values.areas);
  drawAgain(values.polygon, values.corners);
  pickAgain({zone: values.zone, site: values.site, plan: values.plan});
};

/* An order names areas: whom the plan sends somewhere is told by another kind of alert. */
export const adaptWhere = order => {
  radios.forEach(one => { one.disabled = order && one.dataset.plain === undefined; });
  if ([...radios].some(one => one.checked && one.disabled)) radios.value = 'areas';
  at('plain-only').hidden = !order;
  const where = radios.value;
  at('drawn-whole').hidden = !order || where !== 'polygon';
  for (const id of ['some-areas', 'area-said']) at(id).hidden = where !== 'areas';
  const appears = where === 'polygon' && at('draw-part').hidden;
  at('draw-part').hidden = where !== 'polygon';
  if (appears) showDrawing();
  showPicks(where, fixed);
};

/* What the revision `from` was for is where this one begins. `stays`: the server still has it, of the
   revision `before` or of the `same` one. */
export const beginWhere = (where, from, stays) => {
  forgetStart();
  return readWhere(where, from, stays);
};

const readWhere = async (where, from, stays) => {
  const reads = where === 'polygon' || isPicked(where);
  const asked = {where, name: ''};
  asking = asked;
  fixed = stays && reads ? asked : null;
  if (!from || !reads) return;
  const found = await get(`${API}/${from}/area`).catch(() => null);
  if (asking !== asked) return;
  if (!found) sayOfDrawing('前の区域の形を読めませんでした。描かなければ、区域は前のままです。', true);
  else if (where === 'polygon') startFrom(found.polygon, stays === 'before');
  else if (fixed) asked.name = found.name ?? '';
  else if (found.of && !pickedNow()[where]) pickAgain({[where]: found.of});
  tell();
};

export const whereBody = values => {
  const {where, areas} = values;
  const untouched = where === 'polygon' ? !values.polygon && !values.corners : !values[where];
  if (where === 'city') return {whole_city: true};
  if (fixed?.where === where && untouched) return {same_area: true};
  if (where === 'polygon') return {polygon: drawnGeometry()};
  if (isPicked(where)) return pickBody(where);
  if (!areas.length) throw Error('区域を選んでください。市内全域なら「市内全域」を選びます。');
  return {areas};
};

/* The server took it: from here on it is what the draft has. */
export const settleWhere = whole => {
  startHere();
  pickAgain(Object.fromEntries(PICKS.map(one => [one, ''])));
  readWhere(whole.where, whole.number, 'same');
};

export const toldWhere = whole => {
  if (radios.value !== 'polygon' || !whole.blast || whole.whole_city) return;
  const names = whole.area_names;
  const taken = whole.where === 'polygon' ? 'にかかります' : 'の全体に出ます';
  sayOfDrawing(`${number(whole.blast.square_km)} km²。${names.length}町${taken}：${names.join('、')}`);
};

/* What the server has against a drawn line is read where it was drawn. */
export const refusedWhere = words => {
  if (radios.value === 'polygon' && /区域|経度/u.test(words)) sayOfDrawing(japanese(words), true);
};

export const onWhere = heard => {
  tell = heard;
  onAreas(heard);
  onDrawn(heard);
};
