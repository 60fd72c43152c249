// Sends what waits, of every place, and asks how this one stands. One request at a time: a figure that the city
// sent before it took a press must never come after it.
import {ask} from './deskask.js';
import {offsetNow, redated} from './deskclock.js';
import {isOfDoors, lateness} from './deskdoors.js';
import {DONE, REFUSED, waiting} from './queue.js';
import {SendLoop} from './sendloop.js';

const ORDER = ['needs', 'counts', 'opening', 'rooms'];
const BATCH = {counts: 200, needs: 50, opening: 1, rooms: 1};
const SPLIT = new Set([400, 409, 413, 422]);
const NOT_HERE = new Set([403, 404]);
const ASIDE = 60e3;

export class Sender extends SendLoop {
  constructor(queue, changed) {
    super('nigemichi-desk', changed);
    this.queue = queue;
    this.asides = new Map();
  }

  isIdle() {
    return !waiting(this.queue.all).length;
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

  trouble(site, answer) {
    if (site !== this.queue.site && NOT_HERE.has(answer.status)) return this.putAside(site, answer.why);
    return super.trouble(answer);
  }
}
