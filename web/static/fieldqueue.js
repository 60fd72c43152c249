// The field page's memory: reports with their small pictures, words of a mission, and the originals
// of photos, which are not read as a whole. What the disk does not take is said, and kept in the page.
import {inTime, result} from './disk.js';
import {DONE, QUEUED, Queue, waiting} from './queue.js';

export const MINE = 'mine';
export const MISSION = 'mission';
export const UNDO_MS = 5e3;
const KEPT = 30;
const MOST_FAILED = 2;
const MORE_URGENT = ['rescue', 'place_in_danger', 'isolated'];

export const isReport = row => row.to === 'reports';
const isOwed = photo => photo.state === 'waits';

// Of a report that the city has, photos that it does not have yet.
export const owed = row => (row.status === DONE ? (row.photos ?? []).filter(isOwed) : []);

const lockOf = id => `nigemichi-photo-${id}`;

// Whether some open page holds an original that is on no disk.
const isInPage = async id => {
  const {held = []} = await navigator.locks?.query() ?? {};
  return held.some(one => one.name === lockOf(id));
};

// Whether a report still waits to be taken back: for some seconds, wherever somebody sets the clock.
export const isHeld = ({until = 0}) => {
  const left = until - Date.now();
  return left > 0 && left <= UNDO_MS;
};

// People first, then what stops a road, then the rest; of these the newest first. What the server fails
// on again and again keeps no other waiting.
const rank = ({to, body, stops, failed = 0}) => {
  if (failed > MOST_FAILED) return 3 + failed;
  if (to === MISSION) return 0;
  return MORE_URGENT.includes(body.kind) ? 1 : stops ? 2 : 3;
};

export const bySendingOrder = rows => (
  rows.toSorted((one, other) => rank(one) - rank(other)
    || (one.to === MISSION ? one.made - other.made : other.made - one.made)));

export class Reports extends Queue {
  // `loose`: originals that are on no disk; `dropped`: ids of those that may still be on it.
  constructor(name) {
    super('nigemichi-field', MINE, name, {files: 'photos', kept: KEPT});
    this.loose = new Map();
    this.dropped = new Set();
  }

  // Whether it would be lost, or sent though it was taken back, if the page were closed now.
  get isLoose() {
    const gone = [...this.unkept].filter(id => !this.all.some(row => row.id === id));
    return this.loose.size > 0 || (!this.durable && this.unsent.length + gone.length > 0);
  }

  // What has not left yet, and originals behind it.
  get unsent() {
    return waiting(this.all);
  }

  get unsentPhotos() {
    return this.all.flatMap(row => (row.status === QUEUED ? row.photos ?? [] : owed(row)));
  }

  // A photo that was refused stays until somebody has read why.
  isSettled(row) {
    return super.isSettled(row) && (row.photos ?? []).every(one => one.state === DONE);
  }

  // The report first: where there is no room for an original, its small picture is kept all the same.
  async report(row, originals) {
    await this.add(row);
    for (const [id, blob] of originals) {
      this.dropped.delete(id);
      try {
        if (!this.durable) throw new Error('no disk');
        await this.keep(id, blob);
      } catch {
        this.hold(id, blob);
      }
    }
  }

  // No other page gives it up as long as this one is open.
  hold(id, blob) {
    this.loose.set(id, blob);
    navigator.locks?.request(lockOf(id), () => new Promise(() => {}));
  }

  keep(id, blob) {
    return this.write((_rows, _seen, photos) => photos.put({id, blob}));
  }

  async recover() {
    await super.recover();
    if (!this.durable) return;
    const dropped = [...this.dropped].filter(id => !this.loose.has(id));
    this.dropped.clear();
    await this.drop(dropped);
    for (const [id, blob] of [...this.loose]) {
      await this.keep(id, blob);
      // Sent or taken back meanwhile, it is on no disk any more.
      if (!this.loose.delete(id)) await this.drop([id]);
    }
  }

  // The original, null where no page and no disk that is believed has it; throws where that is not known.
  async original(id) {
    const held = this.loose.get(id);
    if (held) return held;
    const view = await this.begin(['photos'], 'readonly');
    const found = await inTime(result(view.objectStore('photos').get(id)));
    if (!found && (!this.durable || await isInPage(id))) throw new Error('another page has it, or has sent it');
    return found?.blob ?? null;
  }

  // What is new of one photo; once the city has the original it is forgotten here.
  async photo(row, id, values) {
    const found = this.all.find(one => one.id === row.id);
    const photos = found.photos.map(one => (one.id === id ? {...one, ...values} : one));
    await this.change([row.id], () => ({photos}));
    if (values.state === DONE) await this.drop([id]);
  }

  // A report that was taken back.
  async takeBack(row) {
    await this.forget([row.id]);
    await this.drop((row.photos ?? []).map(one => one.id));
  }

  async drop(ids) {
    ids.forEach(id => this.loose.delete(id));
    if (ids.length) await this.tryWrite((_rows, _seen, photos) => ids.forEach(id => photos.delete(id)), []);
    if (!this.durable) ids.forEach(id => this.dropped.add(id));
  }
}
