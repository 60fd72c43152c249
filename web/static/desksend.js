// Sends what waits, of every place, and asks how this one stands. One request at a time: a figure that the city
// sent before it took a press must never come after it.
import {ask} from './deskask.js';
import {offsetNow, redated} from './deskclock.js';
import {isOfDoors, lateness} from './deskdoors.js';
import {DONE, REFUSED, pauseOf, waiting} from './deskmodel.js';

const ORDER = ['needs', 'counts', 'opening', 'rooms'];
const BATCH = {counts: 200, needs: 50, opening: 1, rooms: 1};
const POLL = 5e3;
const SPLIT = new Set([400, 409, 413, 422]);
const NOT_HERE = new Set([403, 404]);
const ASIDE = 60e3;

// Several tabs of one tablet take turns.
const inTurn = act => (navigator.locks ? navigator.locks.request('nigemichi-desk', act) : act());

export class Sender {
  // `net` is 'on', 'off' (no network), 'ill' (the server fails), 'out' (not let in any more).
  constructor(queue, changed) {
    this.queue = queue;
    this.changed = changed;
    this.net = 'on';
    this.why = '';
    this.tries = 0;
    this.next = 0;
    this.busy = false;
    this.hasty = false;
    this.asides = new Map();
  }

  start() {
    addEventListener('online', () => this.kick());
    addEventListener('offline', () => { this.failed('off', ''); this.changed(); });
    document.addEventListener('visibilitychange', () => document.hidden || this.kick());
    addEventListener('pageshow', event => event.persisted && this.kick());
    this.kick();
  }

  // The network came back, or somebody looks: try now.
  kick() {
    this.again = true;
    clearTimeout(this.timer);
    if (!this.busy) this.run();
  }

  // A press waits a moment for the next one; while the city does not answer, for the next try.
  soon() {
    if (this.busy && !this.tries) this.again = true;
    if (this.tries || this.busy || this.hasty) return;
    this.hasty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.kick(), 250);
  }

  async run() {
    this.busy = true;
    this.hasty = false;
    while (this.again) {
      this.again = false;
      await inTurn(() => this.once()).catch(() => this.failed('ill', ''));
      this.tries = this.net === 'on' ? 0 : this.tries + 1;
      this.changed();
    }
    this.busy = false;
    const rest = document.hidden && !waiting(this.queue.all).length ? 12 * POLL : POLL;
    const pause = this.tries ? pauseOf(this.tries, Math.random()) : rest;
    this.next = Date.now() + pause;
    this.timer = setTimeout(() => this.kick(), pause);
    this.changed();
  }

  async once() {
    await this.queue.read();
    let well = true;
    for (const site of this.sites()) {
      well = (await this.drain(site)) && well;
      if (!well && this.net !== 'ill') return;
    }
    const counts = waiting(this.queue.rows).some(row => row.to === 'counts');
    if (!counts) well = (await this.poll(this.queue.site)) && well;
    if (well) [this.net, this.why] = ['on', ''];
  }

  // Where something waits, this place first.
  sites() {
    const {all, site: here} = this.queue;
    const others = waiting(all).map(row => row.site).filter(site => !this.isAside(site));
    return new Set([here, ...others]);
  }

  isAside(site) {
    return (this.asides.get(site) ?? -Infinity) > performance.now();
  }

  // One kind of thing that the city does not take keeps no other kind waiting.
  async drain(site) {
    let well = true;
    for (const to of ORDER) {
      const rows = await this.due(site, to);
      const size = BATCH[to];
      for (let at = 0; at < rows.length; at += size) {
        const sent = await this.send(site, to, rows.slice(at, at + size));
        if (this.isAside(site)) return true;
        well = sent && well;
        if (!well && this.net !== 'ill') return false;
        if (!sent) break;
      }
    }
    return well;
  }

  // What waits of one kind. Of what was said of the door only the last word holds now: the city takes
  // 満員 and 開設 no faster than once a minute.
  async due(site, to) {
    const rows = waiting(this.queue.all).filter(row => row.site === site && row.to === to);
    const older = to === 'opening' ? rows.slice(0, -1).map(row => row.id) : [];
    if (!older.length) return rows;
    await this.queue.change(older, () => ({status: DONE, result: 'superseded', done: Date.now()}));
    return rows.slice(-1);
  }

  // Whether all of them are settled. Rows that the city cannot read keep no other row waiting. What is
  // said of the door is held against what others have said of it by now.
  async send(site, to, given) {
    if (offsetNow() === null || to === 'opening') await this.poll(site);
    const ids = given.map(row => row.id);
    const offset = offsetNow();
    if (offset === null) return false;
    const rows = await this.queue.change(ids, row => (
      {tries: row.tries + 1, ...redated(row, offset)}));
    const {state} = this.queue.places.get(site) ?? {};
    const late = isOfDoors(to) && lateness(rows[0], state ?? {}, offset);
    if (late) return this.refuse(rows, late, true);
    const answer = await ask(to, this.body(site, to, rows, offset));
    if (answer.data) return this.settle(site, to, rows, answer);
    if (SPLIT.has(answer.status)) {
      if (rows.length === 1) return this.refuse(rows, answer.why);
      const half = Math.ceil(rows.length / 2);
      return (await this.send(site, to, rows.slice(0, half)))
        && this.send(site, to, rows.slice(half));
    }
    if (isOfDoors(to) && NOT_HERE.has(answer.status)) return this.refuse(rows, answer.why);
    return this.trouble(site, answer);
  }

  // All times by the city's clock: what a request takes on the way then says nothing against them.
  body(site, to, rows, offset) {
    if (isOfDoors(to)) return {site, ...rows[0].body};
    const iso = ms => new Date(ms + offset).toISOString();
    const dated = rows.map(({id, body}) => ({id, ...body, at: iso(Date.parse(body.at))}));
    return {site, sent_at: iso(Date.now()), [to]: dated};
  }

  // Only what the answer names is settled: the rest waits.
  async settle(site, to, rows, {data, offset}) {
    const results = isOfDoors(to) ? [{id: rows[0].id, status: 'applied'}] : data.results;
    const found = new Map(results.map(one => [one.id, one]));
    const ids = rows.map(row => row.id).filter(id => found.has(id));
    const seen = this.seen(data.site, offset);
    const done = row => (
      {status: DONE, result: found.get(row.id).status, done: Date.now(), why: ''});
    await this.queue.answered(site, ids, done, seen);
    return ids.length === rows.length || this.failed('ill', '');
  }

  seen(state, offset) {
    return {state, got: Date.now() + offset, offset};
  }

  async refuse(rows, why, late = false) {
    await this.queue.change(rows.map(row => row.id), () => ({status: REFUSED, why, late}));
    return true;
  }

  async poll(site) {
    const answer = await ask(`site?site=${encodeURIComponent(site)}`);
    if (!answer.data) return this.trouble(site, answer);
    const {server_now: _, ...state} = answer.data;
    await this.queue.answered(site, [], () => ({}), this.seen(state, answer.offset));
    return true;
  }

  // A place that the city does not know any more, or that this tablet does not speak for, keeps its
  // rows, is tried again in a minute, and keeps no other place waiting.
  async putAside(site, why) {
    this.asides.set(site, performance.now() + ASIDE);
    const rows = waiting(this.queue.all).filter(row => row.site === site);
    await this.queue.change(rows.map(row => row.id), () => ({why}));
    return false;
  }

  async trouble(site, {status, why}) {
    if (site !== this.queue.site && NOT_HERE.has(status)) return this.putAside(site, why);
    if (status === 401) return this.failed('out', why);
    return this.failed(status ? 'ill' : 'off', why);
  }

  failed(net, why) {
    [this.net, this.why] = [net, why];
    return false;
  }
}
