// A page's memory: each press is on the disk before it shows, and stays until the city has it.
// One memory for all that a device speaks for: what is unsent of another `site` is sent too.
import {connect, ended, inTime, putOver, result} from './disk.js';

export const QUEUED = 'queued';
export const DONE = 'done';
export const REFUSED = 'refused';
const KEPT = 300;
const AGAIN = 15e3;

export const waiting = rows => rows.filter(row => row.status === QUEUED);

// Full jitter above half: many devices come back at once.
export const pauseOf = (tries, chance) => (
  Math.min(60e3, 1e3 * 2 ** Math.min(tries, 6)) * (0.5 + chance));

export class Queue {
  // `all` rows, oldest first; `places` what the city last said of each; `durable`: on a disk, `unkept`
  // the ids of what it did not take. `files` names a store beside them that is not read as a whole; of
  // settled rows the last `kept` stay.
  constructor(base, site, name, {files = '', kept = KEPT} = {}) {
    this.site = site;
    this.name = name;
    this.files = files;
    this.kept = kept;
    this.connecting = () => connect(base, files);
    this.all = [];
    this.places = new Map();
    this.durable = true;
    this.unkept = new Set();
    this.turn = 0;
    this.tried = -Infinity;
    this.heard = () => {};
    this.others = 'BroadcastChannel' in window ? new BroadcastChannel(base) : null;
    if (this.others) this.others.onmessage = () => this.read().then(() => this.heard());
  }

  // Those of this page's place, and what the city last said of it.
  get rows() {
    return this.all.filter(row => row.site === this.site);
  }

  get seen() {
    return this.places.get(this.site) ?? null;
  }

  // The newest moment, by the city's clock, at which it was heard.
  get lastHeard() {
    return [...this.places.values()].reduce((last, {got}) => Math.max(last, got), 0) || null;
  }

  async open() {
    try {
      await this.connect();
      await this.read();
    } catch {
      this.durable = false;
    }
    return this;
  }

  async connect() {
    this.base = await inTime(this.connecting());
    this.base.onversionchange = () => this.base.close();
  }

  // A transaction; a browser may have closed its base meanwhile.
  async begin(stores, ...asked) {
    try {
      return this.base.transaction(stores, ...asked);
    } catch {
      await this.connect();
      return this.base.transaction(stores, ...asked);
    }
  }

  // What cannot be read any more is counted and sent from what this page still holds. A reading that a
  // write has overtaken, or a disk that failed, tells nothing of now.
  async read() {
    if (!this.durable) return this.tryAgain();
    try {
      const [names, turn] = [['rows', 'seen'], this.turn];
      const view = await this.begin(names, 'readonly');
      const asked = names.map(name => result(view.objectStore(name).getAll()));
      const [rows, seen] = await inTime(Promise.all(asked));
      if (turn !== this.turn || !this.durable) return this.read();
      this.all = rows;
      this.places = new Map(seen.map(one => [one.site, one]));
    } catch {
      this.durable = false;
    }
    return undefined;
  }

  // A disk may come back; one try at a time. Nobody waits for it: a report leaves from the page meanwhile.
  tryAgain() {
    if (performance.now() - this.tried < AGAIN) return;
    this.tried = Infinity;
    this.recover().then(() => this.heard(), () => {}).finally(() => { this.tried = performance.now(); });
  }

  // The disk is believed again once it has taken all that it did not, also what changed meanwhile; throws
  // where it fails still.
  async recover() {
    const held = id => this.all.find(row => row.id === id) ?? null;
    do {
      const written = new Map();
      await this.write((rows, seen) => {
        for (const id of this.unkept) written.set(id, held(id));
        for (const [id, row] of written) putOver(rows, id, row);
        for (const one of this.places.values()) seen.put(one);
      });
      for (const [id, row] of written) if (held(id) === row) this.unkept.delete(id);
    } while (this.unkept.size);
    this.durable = true;
    await this.read();
  }

  // Runs `act(rows, seen, files)` to the disk. What a slow disk writes after its time is sent once
  // more, and counted once.
  async write(act) {
    this.turn += 1;
    const names = ['rows', 'seen', this.files].filter(Boolean);
    const writing = await this.begin(names, 'readwrite', {durability: 'strict'});
    act(...names.map(name => writing.objectStore(name)));
    await inTime(ended(writing));
    this.others?.postMessage('');
  }

  // Whether it was added: an id is taken once only.
  async add(row) {
    if (this.all.some(one => one.id === row.id)) return false;
    const made = {...row, site: this.site, place: this.name, status: QUEUED, tries: 0, why: ''};
    try {
      if (!this.durable) throw new Error('no disk');
      await this.write(rows => {
        rows.add(made).onsuccess = event => { made.n = event.target.result; };
      });
    } catch (error) {
      if (error?.name === 'ConstraintError') return this.read().then(() => false);
      this.failed([row.id]);
    }
    if (!this.all.some(one => one.id === row.id)) this.all.push(made);
    return true;
  }

  // Changes rows by their ids: `values(row)` gives what is new in each. Returns them as they are now.
  async change(ids, values) {
    const changed = new Set(ids);
    const before = this.all.filter(row => changed.has(row.id));
    const after = before.map(row => ({...row, ...values(row)}));
    const now = new Map(after.map(row => [row.id, row]));
    this.all = this.all.map(row => now.get(row.id) ?? row);
    await this.tryWrite(rows => after.forEach(row => rows.put(row)), [...now.keys()]);
    return after;
  }

  // What the city says now of a place, in the same transaction as what it has answered to.
  async answered(site, ids, values, seen) {
    const changed = new Set(ids);
    const after = this.all.map(row => (changed.has(row.id) ? {...row, ...values(row)} : row));
    const settled = after.filter(row => row.site === site && this.isSettled(row));
    const old = settled.slice(0, -this.kept);
    const gone = new Set(old.map(row => row.id));
    this.all = after.filter(row => !gone.has(row.id));
    this.places.set(site, {...seen, site});
    await this.tryWrite((rows, store) => {
      after.filter(row => changed.has(row.id) && !gone.has(row.id)).forEach(row => rows.put(row));
      old.forEach(row => rows.delete(row.n));
      store.put({...seen, site});
    }, [...changed, ...gone]);
  }

  // Whether nothing of a row waits any more.
  isSettled(row) {
    return row.status === DONE;
  }

  async forget(ids) {
    const gone = this.all.filter(row => ids.includes(row.id));
    this.all = this.all.filter(row => !ids.includes(row.id));
    await this.tryWrite(rows => gone.forEach(row => rows.delete(row.n)), ids);
  }

  // What fails here is sent once more after a crash, and counted once. `ids`: of which rows it is.
  async tryWrite(act, ids) {
    try {
      if (!this.durable) throw new Error('no disk');
      await this.write(act);
    } catch {
      this.failed(ids);
    }
  }

  failed(ids) {
    this.durable = false;
    ids.forEach(id => this.unkept.add(id));
  }
}
