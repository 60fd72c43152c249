/* The layers of headquarters' map: which there are, how old each is, why one is not there. */

const MINUTE = 6e4;

/* `limit`: minutes after which what it says is old; `empty`: what is said where there is nothing. */
export const LAYERS = [
  {id: 'orders', word: '避難情報', limit: 2, empty: '発令なし'},
  {id: 'assumed', word: '想定の区域', limit: null, empty: ''},
  {id: 'water', word: '確認した浸水', limit: 60, empty: '確認の記録なし'},
  {id: 'closures', word: '通行止・報告', limit: 60, empty: '記録なし'},
  {id: 'sites', word: '避難場所', limit: 30, empty: '開いた所なし'},
  {id: 'unreached', word: '未到達 点＝10世帯', limit: 5, empty: '10世帯以上の町なし'},
  {id: 'teams', word: '班・ドローン', limit: 15, empty: '出ている班なし'},
  {id: 'gauges', word: '水位', limit: 20, empty: '水位計なし'},
  {id: 'flows', word: '計画の流れ', limit: 2, empty: '歩く人の見込みなし'},
].map((one, at) => ({...one, key: String(at + 1)}));

export const LIMITS = Object.fromEntries(LAYERS.map(one => [one.id, one.limit]));

/* Of which layer a row may be missing though the others are there. */
const SECTIONS = {closures: ['closures', 'observations'], flows: ['plan']};
const OPEN = new Set(['open', 'full', 'endangered', 'preparing']);

export const rowsOf = (state, section) => Object.values(state?.[section] ?? {});

/* The outlines of the areas that something names, as far as they are known. */
export const namedRings = (one, {areas}) => (one.area_names ?? []).flatMap(name => areas?.[name] ?? []);

/* The outlines of an order: as it was drawn, or those of the areas that it names. */
export const ringsOf = (one, known) => known.shapes?.[one.number] ?? namedRings(one, known);

/* Whether all of it is known; the whole city needs no outline. */
export const hasShape = (one, {areas, shapes}) => one.whole_city || Boolean(shapes?.[one.number]?.length)
  || (one.area_names?.length > 0 && one.area_names.every(name => areas?.[name]?.length));

export const minutesSince = (iso, now) => {
  const at = Date.parse(iso ?? '');
  return Number.isNaN(at) ? null : Math.max(0, (now - at) / MINUTE);
};

/* What has no moment is old: nothing is shown as new that nobody dated. */
export const isOld = (iso, limit, now) => {
  const minutes = minutesSince(iso, now);
  return minutes === null || minutes > limit;
};

export const ageWords = minutes => {
  if (minutes === null) return '確認なし';
  const whole = Math.floor(minutes);
  if (whole < 1) return '1分以内';
  if (whole < 60) return `${whole}分前`;
  const hours = Math.floor(whole / 60);
  if (hours >= 24) return `${Math.floor(hours / 24)}日前`;
  return whole % 60 && hours < 2 ? `${hours}時間${whole % 60}分前` : `${hours}時間前`;
};

/* Places that somebody opened or opens, and those that became dangerous; those that are open by the city's
   plan alone are told apart. */
export const openSites = state => rowsOf(state, 'sites').filter(one => OPEN.has(one.opening));
/* Those of them that are open now: as the prints count them. */
export const openedSites = state => rowsOf(state, 'sites').filter(one => ['open', 'full'].includes(one.opening));
export const unconfirmedSites = state => rowsOf(state, 'sites').filter(one => one.opening === 'unconfirmed');

/* Where ten households and more were not reached: squares where there are any, else whole areas; whole areas
   under an order that nobody was told of. */
export const unreachedCells = state => {
  const cells = rowsOf(state, 'unreached_cells');
  const untold = new Set(rowsOf(state, 'orders').filter(one => !one.told).flatMap(one => one.area_names ?? []));
  const areas = rowsOf(state, 'unreached').filter(one => one.area && (!cells.length || untold.has(one.area)));
  return [...cells, ...areas].filter(one => one.households >= 10);
};

/* Why no area stands there though orders are in force; nothing where all were reached. */
const uncounted = state => {
  const {unreached = null, unreached_few: few} = state.city?.city ?? {};
  if (!rowsOf(state, 'orders').length || few) return '';
  if (unreached === null) return 'まだ数えられていない';
  return unreached >= 10 ? '町ごとには分からない' : '';
};

/* A team that is out; a mission that ended is none. */
export const outTeams = state => rowsOf(state, 'teams').filter(one => one.state !== 'returned');

const MOMENTS = {
  water: state => rowsOf(state, 'water').map(one => one.at),
  closures: state => rowsOf(state, 'observations').map(one => one.at),
  sites: state => openSites(state).map(one => one.as_of),
  unreached: state => unreachedCells(state).length ? rowsOf(state, 'alerts').filter(one => one.in_force && one.counted_at).map(one => one.counted_at) : [],
  teams: state => outTeams(state).map(one => one.last_heard),
  gauges: state => rowsOf(state, 'gauges').map(one => one.measured_at),
};
const COUNTS = {
  orders: state => rowsOf(state, 'orders').length,
  closures: state => rowsOf(state, 'closures').length + rowsOf(state, 'observations').length,
  unreached: state => unreachedCells(state).reduce((sum, one) => sum + one.households, 0),
};

const none = (why, bad = true) => ({tone: bad ? 'lost' : 'none', age: '—', why, old: 0, count: 0});

const missing = (id, state) => {
  const gone = state.city?.city?.missing ?? [];
  return (SECTIONS[id] ?? [id]).some(one => gone.includes(one) || !state[one]);
};

/* Of rows with moments of their own: the newest says how old the layer is, the others are counted. */
const dated = (moments, limit, now) => {
  const minutes = moments.map(one => minutesSince(one, now));
  const old = minutes.filter(one => one === null || one > limit);
  const known = minutes.filter(one => one !== null);
  if (old.length === minutes.length) {
    return {tone: 'old', age: ageWords(known.length ? Math.min(...known) : null), old: old.length};
  }
  const worst = old.includes(null) ? null : Math.max(...old);
  if (old.length) return {tone: 'part', age: ageWords(worst), old: old.length};
  return {tone: 'ok', age: ageWords(Math.max(...known)), old: 0};
};

/* Orders that the map does not show, or not whole. */
export const shapeless = given => rowsOf(given.state, 'orders').filter(one => !hasShape(one, given));

const ofFlows = ({state, flows, meta, now}) => {
  if (!flows) return none('読めていない');
  if (!flows.version) return none('計画がまだない');
  const newest = state.plan?.newest?.number ?? flows.version;
  const minutes = minutesSince(meta.checked_at ?? flows.at, now);
  const late = meta.stale || minutes === null || minutes > LIMITS.flows || newest !== flows.version;
  return {tone: late ? 'old' : 'ok', age: `第${flows.version}版 ${ageWords(minutes)}`, old: 0, count: flows.streets.length};
};

const one = (layer, given) => {
  const {state, areas, meta, now, edition} = given;
  const {id, limit} = layer;
  if (id === 'assumed') return edition ? {tone: 'ok', age: edition, old: 0, count: 1} : none('地図の下地を読めていない');
  if (!state) return none('まだ読めていない');
  if (missing(id, state)) return none('読めない');
  if (id === 'orders' && shapeless(given).length) return {...none(areas ? `区域の形がない発令 ${shapeless(given).length}件` : '区域の形を読めていない'), count: rowsOf(state, 'orders').length};
  if (id === 'flows') return ofFlows(given);
  const read = minutesSince(meta.read_at, now);
  const late = read === null || read > LIMITS.orders;
  const moments = MOMENTS[id]?.(state) ?? [];
  const count = COUNTS[id]?.(state) ?? moments.length;
  if (late) return {tone: 'old', age: ageWords(read), old: count, count};
  if (!count && id === 'unreached' && uncounted(state)) return none(uncounted(state));
  if (!count) return {...none(layer.empty, false), age: ageWords(read)};
  if (!moments.length) return {tone: 'ok', age: ageWords(read), old: 0, count};
  return {...dated(moments, limit, now), count};
};

/* Of each layer `tone`: ok, part (some rows are old), old, none (nothing of it is known to be), lost
   (it could not be read); `left`: reports that the state does not list. `given`: state, areas, shapes,
   flows, meta (read_at, checked_at, stale), now in milliseconds, edition: which map the assumed zones are from. */
export const layerStates = given => LAYERS.map(layer => {
  const {tone, age, why = '', old, count} = one(layer, given);
  const left = layer.id === 'closures' ? given.state?.city?.city?.reports_left ?? 0 : 0;
  return {...layer, tone, age, why, old, count: count + left, left};
});

const ageOf = ({tone, age, why, old}) => {
  if (tone === 'lost') return `— ${why}`;
  if (tone === 'none') return `${why} ${age}`;
  if (tone === 'part') return `古い ${old}件 ${age}`;
  return tone === 'old' ? `古い ${age}` : age;
};

/* What a row of the legend says. */
export const saidOf = layer => `${ageOf(layer)}${layer.left ? `（ほか報告${layer.left}件は地図に出ません）` : ''}`;
