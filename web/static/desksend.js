// Sends what waits, and asks how the place stands. One request at a time: a figure that the city
// sent before it took a press must never come after it.
import {DONE, REFUSED, pauseOf, waiting} from './deskmodel.js';

const API = '/api/v1/desk/';
const ORDER = ['needs', 'counts', 'opening', 'rooms'];
const BATCH = {counts: 200, needs: 50, opening: 1, rooms: 1};
const POLL = 5e3;
const SINGLE = new Set(['opening', 'rooms']);
const LASTS = 30 * 60e3;
const SPLIT = new Set([400, 409, 413, 422]);

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
    this.csrf = document.querySelector('meta[name=csrf]').content;
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
      await inTurn(() => this.once()).catch(() => this.failed('off', ''));
      this.tries = this.net === 'on' ? 0 : this.tries + 1;
      this.changed();
    }
    this.busy = false;
    const rest = document.hidden && !waiting(this.queue.rows).length ? 12 * POLL : POLL;
    const pause = this.tries ? pauseOf(this.tries, Math.random()) : rest;
    this.next = Date.now() + pause;
    this.timer = setTimeout(() => this.kick(), pause);
    this.changed();
  }

  // One kind of thing that the city does not take keeps no other kind waiting.
  async once() {
    await this.queue.read();
    await this.drop();
    let well = true;
    for (const to of ORDER) {
      const rows = waiting(this.queue.rows).filter(row => row.to === to);
      const size = BATCH[to];
      for (let at = 0; at < rows.length; at += size) {
        well = (await this.send(to, rows.slice(at, at + size))) && well;
        if (!well && this.net !== 'ill') return;
        if (!well) break;
      }
    }
    const counts = waiting(this.queue.rows).some(row => row.to === 'counts');
    if (!counts) well = (await this.poll()) && well;
    if (well) [this.net, this.why] = ['on', ''];
  }

  // What was said of doors and rooms half an hour ago may be wrong now: it is asked again.
  async drop() {
    const old = row => SINGLE.has(row.to) && Date.now() - row.made > LASTS;
    const ids = waiting(this.queue.rows).filter(old).map(row => row.id);
    const why = '30分以内に送れませんでした。いまもそうなら、もう一度押してください。';
    if (ids.length) await this.queue.change(ids, () => ({status: REFUSED, why, late: true}));
  }

  // Whether all of them are settled. Rows that the city cannot read keep no other row waiting.
  async send(to, rows) {
    await this.queue.change(rows.map(row => row.id), row => ({tries: row.tries + 1}));
    const answer = await this.ask(to, this.body(to, rows));
    if (answer.data) return this.settle(to, rows, answer);
    if (SPLIT.has(answer.status)) {
      if (rows.length === 1) return this.refuse(rows, answer.why);
      const half = Math.ceil(rows.length / 2);
      return (await this.send(to, rows.slice(0, half))) && this.send(to, rows.slice(half));
    }
    if (SINGLE.has(to) && [403, 404].includes(answer.status)) return this.refuse(rows, answer.why);
    return this.trouble(answer);
  }

  body(to, rows) {
    const {site} = this.queue;
    if (SINGLE.has(to)) return {site, ...rows[0].body};
    return {
      site, sent_at: new Date().toISOString(), [to]: rows.map(row => ({id: row.id, ...row.body}))};
  }

  // Only what the answer names is settled: the rest waits.
  async settle(to, rows, {data, offset}) {
    const results = SINGLE.has(to) ? [{id: rows[0].id, status: 'applied'}] : data.results;
    const found = new Map(results.map(one => [one.id, one]));
    const ids = rows.map(row => row.id).filter(id => found.has(id));
    const seen = this.seen(data.site, offset);
    const done = row => (
      {status: DONE, result: found.get(row.id).status, done: Date.now(), why: ''});
    await this.queue.answered(ids, done, seen);
    return ids.length === rows.length || this.failed('ill', '');
  }

  seen(state, offset) {
    return {state, got: Date.now() + offset, offset};
  }

  async refuse(rows, why) {
    await this.queue.change(rows.map(row => row.id), () => ({status: REFUSED, why}));
    return true;
  }

  async poll() {
    const answer = await this.ask(`site?site=${encodeURIComponent(this.queue.site)}`);
    if (!answer.data) return this.trouble(answer);
    const {server_now: _, ...state} = answer.data;
    await this.queue.answered([], () => ({}), this.seen(state, answer.offset));
    return true;
  }

  trouble({status, why}) {
    if (status === 401) return this.failed('out', why);
    return this.failed(status ? 'ill' : 'off', why);
  }

  failed(net, why) {
    [this.net, this.why] = [net, why];
    return false;
  }

  // {data, offset (ms that this clock is behind)} or {status (0: no network), why}.
  async ask(path, body, again = true) {
    const began = Date.now();
    let answer;
    let data;
    try {
      answer = await fetch(API + path, {
        method: body ? 'POST' : 'GET',
        headers: body ? {'content-type': 'application/json', 'x-csrf-token': this.csrf} : {},
        body: body && JSON.stringify(body),
        cache: 'no-store',
        signal: AbortSignal.timeout(15e3),
      });
      data = await answer.json();
    } catch {
      return {status: answer && !answer.ok ? answer.status : 0, why: ''};
    }
    if (answer.status === 403 && body && again && await this.renewed()) {
      return this.ask(path, body, false);
    }
    if (!answer.ok) return {status: answer.status, why: data.detail ?? ''};
    const server = Date.parse(data.server_now);
    if (!server) return {status: 0, why: ''};
    return {data, offset: Math.round(server - (began + Date.now()) / 2)};
  }

  // A page kept for offline may carry a token of the sign-in before.
  async renewed() {
    try {
      const page = await (await fetch(location.href, {cache: 'no-store'})).text();
      const made = new DOMParser().parseFromString(page, 'text/html');
      const fresh = made.getElementById('desk') && made.querySelector('meta[name=csrf]');
      if (!fresh || fresh.content === this.csrf) return false;
      this.csrf = fresh.content;
      return true;
    } catch {
      return false;
    }
  }
}
