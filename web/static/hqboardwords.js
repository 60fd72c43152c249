/* What the board and the wall say alike of a state: what the machine is doing, what could not be read, and
   how many are under orders and reached by nothing. */

export const UNKNOWN = '—';
export const COUNTING = '数えています';
const FEW = '10未満';

export const number = value => (value == null ? UNKNOWN : value.toLocaleString('en-US'));

const cityOf = state => state.city?.city ?? {};

/* Where that is not known it is in earnest. */
export const modeOf = state => {
  const {live, drill} = cityOf(state);
  return live ?? true ? 'live' : drill ? 'drill' : 'calm';
};

/* Whether a section of the state, or a part of it, could not be read. */
export const isUnread = (section, {missing}) => (missing ?? []).some(name => name.split('.')[0] === section);

/* A city of which no household is known: there 0 households would look like nobody. */
export const isEmpty = state => [0, null].includes(cityOf(state).households);

/* Households under any order, each once; null where that could not be read. */
export const targetOf = state => (isUnread('orders', cityOf(state)) || isEmpty(state) ? null : cityOf(state).target ?? null);

/* Of a row with `unreached`: so few that they could be told apart, or not counted yet. */
export const missed = ({unreached, unreached_few: few}) => (unreached != null ? number(unreached) : few ? FEW : COUNTING);
export const isCounted = one => one.unreached != null || Boolean(one.unreached_few);

/* Households that nothing reached as they are said, `isKnown` where all were counted: else it says why not. */
export const unreachedOf = state => {
  const city = cityOf(state);
  if (isUnread('alerts', city) || isUnread('unreached', city)) return {isKnown: false, said: '読めません'};
  if (isEmpty(state)) return {isKnown: false, said: UNKNOWN};
  if (isCounted(city)) return {isKnown: true, households: city.unreached ?? null, said: missed(city)};
  const waits = city.counting || Object.values(state.alerts ?? {}).some(one => one.in_force);
  return {isKnown: false, said: waits ? COUNTING : UNKNOWN};
};
