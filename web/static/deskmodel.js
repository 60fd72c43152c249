// What a desk knows, worked out from the city's figure and from what is not sent yet. No page, no
// clock, no storage in here.
import {REFUSED, waiting} from './queue.js';

export const THRESHOLDS = {some: 0.6, crowded: 0.8, full: 1};
const HALF_HOUR = 30 * 60e3;
const LARGEST = 5000;

const isCount = row => row.to === 'counts';

// What staff know of the place, rather than what the public sees of it.
export const known = state => ({
  capacity: state?.raw_capacity ?? state?.capacity ?? null,
  persons: state?.raw_persons ?? null,
  at: state?.raw_counted_at ? Date.parse(state.raw_counted_at) : null,
  ends: state?.raw_unknown_after ? Date.parse(state.raw_unknown_after) : null,
});

export const names = state => new Map((state?.rooms ?? []).map(one => [one.room, one.name]));

const inRooms = rooms => [...rooms.values()].reduce((sum, one) => sum + (one ?? 0), 0);

// As the city counts (shelters/counting.py): `loose` are those counted without a room, `whole`:
// somebody has counted the place as a whole. Before that a room begins empty; after it nobody knows
// who of them is in a room that was never counted. 'still' changes no number: it says when somebody
// looked.
const counted = (figure, {kind, persons, room}) => {
  if (kind === 'still') return figure;
  const {loose, rooms, whole} = figure;
  const before = rooms.get(room) ?? null;
  const found = one => new Map(rooms).set(room, one);
  if (kind === 'change') {
    if (!room || (whole && before === null)) return {...figure, loose: loose + persons};
    return {...figure, rooms: found(before + persons)};
  }
  if (room) {
    const more = persons - (before ?? 0);
    const explained = more > 0
      ? Math.min(more, Math.max(loose, 0)) : Math.max(more, Math.min(loose, 0));
    return {...figure, loose: loose - explained, rooms: found(persons)};
  }
  const sum = inRooms(rooms);
  if (sum <= persons && ![...rooms.values()].some(one => one < 0)) {
    return {loose: persons - sum, rooms, whole: true};
  }
  return {loose: persons, rooms: new Map([...rooms.keys()].map(one => [one, null])), whole: true};
};

// What waits, in the order in which it was counted, `offset` being what this tablet's clock is behind
// the city's (ms). A total that is older than the city's last count says nothing here of now: what it
// changes, only the city can tell.
const ownCounts = (state, rows, offset) => {
  const {at} = known(state);
  const when = row => Date.parse(row.body.at) + offset;
  return waiting(rows).filter(isCount)
    .filter(row => row.body.kind === 'change' || when(row) >= (at ?? 0))
    .sort((one, other) => when(one) - when(other));
};

// The city's figure with what waits here on top: {persons (null: nobody ever counted), rooms}. Where
// the city knows a number, somebody has perhaps counted the place as a whole.
export const figureOf = (state, rows, offset = 0) => {
  const {persons} = known(state);
  const rooms = new Map((state?.rooms ?? []).map(one => [one.room, one.persons]));
  const own = ownCounts(state, rows, offset);
  const start = {loose: (persons ?? 0) - inRooms(rooms), rooms, whole: persons !== null};
  const found = own.reduce((figure, row) => counted(figure, row.body), start);
  const none = persons === null && own.every(row => row.body.kind === 'still');
  return {persons: none ? null : found.loose + inRooms(found.rooms), rooms: found.rooms};
};

export const bandOf = (persons, capacity, limits = THRESHOLDS) => {
  if (persons === null || !capacity) return null;
  const share = persons / capacity;
  return share >= limits.full ? 'full' : share >= limits.crowded ? 'crowded'
    : share >= limits.some ? 'some' : 'room';
};

// When somebody last said how many there are: {at (ms of the city's clock), own}; null: never.
export const confirmed = (state, rows, offset) => {
  const own = ownCounts(state, rows, offset).at(-1);
  const city = known(state).at;
  const at = own ? Date.parse(own.body.at) + offset : null;
  if (at !== null && at >= (city ?? 0)) return {at, own: true};
  return city === null ? null : {at: city, own: false};
};

// A figure that nobody confirmed for too long is not known any more, whatever it says.
export const isUnknown = (state, last, now) => {
  if (!last) return true;
  const {at, ends} = known(state);
  return now > last.at + (ends ? ends - at : HALF_HOUR);
};

// The last press that can be taken back: a total after it has settled the matter already, and that
// somebody looked meanwhile has settled nothing.
export const undoable = (rows, now) => {
  const counts = rows.filter(row => (
    isCount(row) && row.status !== REFUSED && row.body.kind !== 'still'));
  const undone = new Set(counts.map(row => row.body.undoes).filter(Boolean));
  const last = counts.findLast(row => !row.body.undoes && !undone.has(row.id));
  return last && last.body.kind === 'change' && now - last.made < HALF_HOUR ? last : null;
};

const CODE = /^nigemichi:in:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([1-9]\d?)$/;

// Codes are nigemichi:in:UUID:PERSONS; scanners behind an input method type wide letters.
export const codeOf = text => {
  const plain = text.normalize('NFKC').trim().toLowerCase();
  const found = CODE.exec(plain);
  return found && {id: found[1], persons: Number(found[2])};
};

// FNV-1a, 32 bits.
const hashOf = text => [...new TextEncoder().encode(text)].reduce(
  (hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5) >>> 0;

// The id under which a code counts at a place: a family that is sent on counts at both, and every
// tablet of a place makes the same one. The code's own bits stay apart, so no two codes meet. Not
// crypto.subtle: that is missing on plain http, where the ids must be the same ones.
export const countId = (code, site) => {
  const mask = [0, 1, 2, 3].map(n => hashOf(`${n}${site}`).toString(16).padStart(8, '0')).join('');
  const plain = code.replaceAll('-', '');
  const mixed = [...plain].map((one, at) => (
    (parseInt(one, 16) ^ parseInt(mask[at], 16)).toString(16)));
  mixed[12] = '8';
  mixed[16] = (parseInt(mixed[16], 16) & 3 | 8).toString(16);
  return mixed.join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

// The id under which a code is scanned now: one more each time that it was taken back here.
export const scanId = (rows, code, site, times = 0) => {
  const id = countId(code, times ? `${site} ${times}` : site);
  const wasUndone = rows.some(row => row.body.undoes === id && row.status !== REFUSED);
  return wasUndone ? scanId(rows, code, site, times + 1) : id;
};

// Ten times the capacity, or very many where nobody knows it, is asked about once more.
export const isTenfold = (persons, capacity) => persons > (10 * (capacity || 0) || LARGEST);
