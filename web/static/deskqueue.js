// The desk's memory: each press is on the disk before it shows, and stays until the city has it.
// One memory for all places that this tablet stood in: what is unsent of another is sent too.
import {DONE, QUEUED} from './deskmodel.js';

const NAME = 'nigemichi-desk';
const KEPT = 300;
const PATIENCE = 5e3;

const result = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const ended = transaction => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onabort = () => reject(transaction.error ?? new Error('not written'));
});

const connect = () => {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => {
    const rows = asked.result.createObjectStore('rows', {keyPath: 'n', autoIncrement: true});
    rows.createIndex('id', 'id', {unique: true});
    rows.createIndex('site', 'site');
    asked.result.createObjectStore('seen', {keyPath: 'site'});
  };
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error('blocked by another page'));
  });
};

const inTime = act => Promise.race([
  act, new Promise((_, reject) => { setTimeout(reject, PATIENCE); })]);

export class Queue {
  // `all` rows, oldest first; `places` what the city last said of each; `durable`: on a disk.
  constructor(site, name) {
    this.site = site;
    this.name = name;
    this.all = [];
    this.places = new Map();
    this.durable = true;
    this.heard = () => {};
    this.others = 'BroadcastChannel' in window ? new BroadcastChannel(NAME) : null;
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
    this.base = await inTime(connect());
    this.base.onversionchange = () => this.base.close();
  }

  // A transaction; a browser may have closed its base meanwhile.
  async begin(...asked) {
    try {
      return this.base.transaction(['rows', 'seen'], ...asked);
    } catch {
      await this.connect();
      return this.base.transaction(['rows', 'seen'], ...asked);
    }
  }

  // What cannot be read any more is counted and sent from what this page still holds.
  async read() {
    if (!this.durable) return;
    try {
      const view = await this.begin('readonly');
      const asked = ['rows', 'seen'].map(name => result(view.objectStore(name).getAll()));
      const [rows, seen] = await inTime(Promise.all(asked));
      this.all = rows;
      this.places = new Map(seen.map(one => [one.site, one]));
    } catch {
      this.durable = false;
    }
  }

  // Runs `act(rows, seen)` to the disk. What a slow disk writes after its time is sent once more, and
  // counted once.
  async write(act) {
    const writing = await this.begin('readwrite', {durability: 'strict'});
    act(writing.objectStore('rows'), writing.objectStore('seen'));
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
      this.durable = false;
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
    await this.tryWrite(rows => after.forEach(row => rows.put(row)));
    return after;
  }

  // What the city says now of a place, in the same transaction as what it has answered to.
  async answered(site, ids, values, seen) {
    const changed = new Set(ids);
    const after = this.all.map(row => (changed.has(row.id) ? {...row, ...values(row)} : row));
    const settled = after.filter(row => row.site === site && row.status === DONE);
    const old = settled.slice(0, -KEPT);
    const gone = new Set(old.map(row => row.id));
    this.all = after.filter(row => !gone.has(row.id));
    this.places.set(site, {...seen, site});
    await this.tryWrite((rows, store) => {
      after.filter(row => changed.has(row.id) && !gone.has(row.id)).forEach(row => rows.put(row));
      old.forEach(row => rows.delete(row.n));
      store.put({...seen, site});
    });
  }

  async forget(ids) {
    const gone = this.all.filter(row => ids.includes(row.id));
    this.all = this.all.filter(row => !ids.includes(row.id));
    await this.tryWrite(rows => gone.forEach(row => rows.delete(row.n)));
  }

  // What fails here is sent once more after a crash, and counted once.
  async tryWrite(act) {
    if (!this.durable) return;
    try {
      await this.write(act);
    } catch {
      this.durable = false;
    }
  }
}
