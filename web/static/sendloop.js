// When something is sent: one request at a time, again after a pause that grows, at once when the
// network is back. What is sent says the subclass: `once()`, and whether anything waits: `isIdle()`.
import {pauseOf} from './queue.js';

const POLL = 5e3;

export class SendLoop {
  // `net` is 'on', 'off' (no network), 'ill' (the server fails), 'out' (not let in any more). Several
  // tabs of one device take turns by the name of `lock`.
  constructor(lock, changed) {
    this.lock = lock;
    this.changed = changed;
    this.net = 'on';
    this.why = '';
    this.tries = 0;
    this.next = 0;
    this.busy = false;
    this.hasty = false;
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
      await this.inTurn(() => this.once()).catch(() => this.failed('ill', ''));
      this.tries = this.net === 'on' ? 0 : this.tries + 1;
      this.changed();
    }
    this.busy = false;
    const rest = document.hidden && this.isIdle() ? 12 * POLL : POLL;
    const pause = this.tries ? pauseOf(this.tries, Math.random()) : rest;
    this.next = Date.now() + pause;
    this.timer = setTimeout(() => this.kick(), pause);
    this.changed();
  }

  inTurn(act) {
    return navigator.locks ? navigator.locks.request(this.lock, act) : act();
  }

  trouble({status, why}) {
    if (status === 401) return this.failed('out', why);
    return this.failed(status ? 'ill' : 'off', why);
  }

  failed(net, why) {
    [this.net, this.why] = [net, why];
    return false;
  }
}
