/* The flows of the plan that may be drawn: none in areas under level 5 (safety.md 4). */

import {reachesInto} from './hqboardmapgeo.js';
import {hasShape, ringsOf, rowsOf} from './hqboardmaplayers.js';

const NOWHERE = {streets: [], refused: 0, why: ''};

/* The outlines under level 5; none where one of them is not known. */
const allRings = (orders, known) => (orders.every(one => hasShape(one, known)) ? orders.flatMap(one => ringsOf(one, known)) : null);

const refuse = (flows, why) => ({streets: [], refused: flows.streets.length, why});

/* `streets` that may be drawn, how many were refused, and why none is drawn at all; `known`: areas, shapes. */
export const drawableFlows = (flows, state, known) => {
  if (!flows) return NOWHERE;
  const five = rowsOf(state, 'orders').filter(one => one.level === 5);
  if (!five.length) return {streets: flows.streets, refused: 0, why: ''};
  if (five.some(one => one.whole_city)) return refuse(flows, 'レベル5が市内全域に出ているため、流れを描きません。');
  const rings = allRings(five, known);
  if (!rings) return refuse(flows, 'レベル5の区域の形を読めないため、流れを描きません。');
  const within = reachesInto(rings);
  const streets = flows.streets.filter(one => !within(one.line));
  return {streets, refused: flows.streets.length - streets.length, why: ''};
};

const WIDTHS = [1.5, 2.2, 3, 4, 5.5, 7.5];

/* Lines of one width together, thin ones first; a street with four times the walkers is twice as wide. */
export const byWidth = (streets, unit = 1) => {
  const most = Math.max(1, ...streets.map(one => one.walkers));
  const found = WIDTHS.map(width => ({width: width * unit, lines: []}));
  for (const one of streets) {
    const at = Math.min(WIDTHS.length - 1, Math.floor(Math.sqrt(one.walkers / most) * WIDTHS.length));
    found[at].lines.push(one.line);
  }
  return found.filter(one => one.lines.length);
};
