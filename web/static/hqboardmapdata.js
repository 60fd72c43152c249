/* What headquarters' map needs besides the state: outlines of areas and the flows of the plan, each asked
   for again only when the state says that they may have changed. */

import {rowsOf} from './hqboardmaplayers.js';
import {get} from './staff.js';

const MAP = '/api/v1/headquarters/board/map';
const FLOWS = '/api/v1/headquarters/flows';
const AGAIN_MS = 5e3;

const ordersKey = state => JSON.stringify([...rowsOf(state, 'orders'), ...rowsOf(state, 'proposals')].map(one => [one.number, one.level, one.area_names]));
/* While another answer is computed the server gives the version before. */
const isNewest = (found, state) => !state?.plan?.newest || found.version >= state.plan.newest.number;
const planKey = state => `${state?.plan?.newest?.number} ${ordersKey(state)}`;

/* `isOf` whether an answer is of this state: an older one is shown, and asked for again. */
const kept = (url, keyOf, isOf = () => true) => {
  const held = {key: null, value: null, asking: false, tried: 0};
  const renew = async state => {
    const key = keyOf(state);
    const due = held.key !== key && (held.tried !== key || performance.now() - held.at > AGAIN_MS);
    if (!due || held.asking) return;
    Object.assign(held, {asking: true, tried: key, at: performance.now()});
    try {
      held.value = await get(url);
      held.key = isOf(held.value, state) ? key : null;
    } catch {
      // What is there stays; it says itself of which version it is.
    } finally {
      held.asking = false;
    }
  };
  return {renew, now: () => held.value};
};

/* Gives a function of the state that answers {areas, flows}: what board/map and flows answered; null what
   was never read. */
export const mapData = () => {
  const areas = kept(MAP, ordersKey);
  const flows = kept(FLOWS, planKey, isNewest);
  return async state => {
    await Promise.all([areas.renew(state), flows.renew(state)]);
    return {areas: areas.now(), flows: flows.now()};
  };
};
