// The desk's memory: each press is on the disk before it shows, and stays until the city has it.
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

export class Queue {
  // `rows` of one place, oldest first; `seen` what the city last said of it; `durable`: on a disk.
  constructor(site) {
    this.site = site;
    this.rows = [];
    this.seen = null;
    this.durable = true;
    this.heard = () => {};
    this.others = 'BroadcastChannel' in window ? new BroadcastChannel(NAME) : null;
    if (this.others) this.others.onmessage = () => this.read().then(() => this.heard());
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
    const late = new Promise((_, reject) => { setTimeout(reject, PATIENCE); });
    this.base = await Promise.race([connect(), late]);
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

  async read() {
    if (!this.durable) return;
    const view = await this.begin('readonly');
    const rows = result(view.objectStore('rows').index('site').getAll(this.site));
    const seen = result(view.objectStore('seen').get(this.site));
    this.rows = await rows;
    this.seen = (await seen) ?? null;
  }

  // Runs `act(rows, seen)` to the disk.
  async write(act) {
    const writing = await this.begin('readwrite', {durability: 'strict'});
    act(writing.objectStore('rows'), writing.objectStore('seen'));
    await ended(writing);
    this.others?.postMessage('');
  }

  // Whether it was added: an id is taken once only.
  async add(row) {
    if (this.rows.some(one => one.id === row.id)) return false;
    const made = {...row, site: this.site, status: QUEUED, tries: 0, why: ''};
    try {
      if (!this.durable) throw new Error('no disk');
      await this.write(rows => {
        rows.add(made).onsuccess = event => { made.n = event.target.result; };
      });
    } catch (error) {
      if (error?.name === 'ConstraintError') return this.read().then(() => false);
      this.durable = false;
    }
    if (!this.rows.some(one => one.id === row.id)) this.rows.push(made);
    return true;
  }

  // Changes rows by their ids: `values(row)` gives what is new in each.
  async change(ids, values) {
    const changed = new Set(ids);
    const before = this.rows.filter(row => changed.has(row.id));
    const after = before.map(row => ({...row, ...values(row)}));
    const now = new Map(after.map(row => [row.id, row]));
    this.rows = this.rows.map(row => now.get(row.id) ?? row);
    await this.tryWrite(rows => after.forEach(row => rows.put(row)));
  }

  // What the city says now, in the same transaction as what it has answered to.
  async answered(ids, values, seen) {
    const changed = new Set(ids);
    const after = this.rows.map(row => (changed.has(row.id) ? {...row, ...values(row)} : row));
    const old = after.filter(row => row.status === DONE).slice(0, -KEPT);
    const gone = new Set(old.map(row => row.id));
    this.rows = after.filter(row => !gone.has(row.id));
    this.seen = {...seen, site: this.site};
    await this.tryWrite((rows, store) => {
      after.filter(row => changed.has(row.id) && !gone.has(row.id)).forEach(row => rows.put(row));
      old.forEach(row => rows.delete(row.n));
      store.put(this.seen);
    });
  }

  async forget(ids) {
    const gone = this.rows.filter(row => ids.includes(row.id));
    this.rows = this.rows.filter(row => !ids.includes(row.id));
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
