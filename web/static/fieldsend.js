// Sends what waits: words of the mission, then reports with their small pictures, people first and the
// newest first; then originals piece by piece, so that no new report waits for one.
import {renewed} from './cityask.js';
import {offsetNow, redated} from './deskclock.js';
import {ask} from './fieldask.js';
import {MINE, MISSION, bySendingOrder, isHeld, owed} from './fieldqueue.js';
import {GAVE_WAY, Upload, giveWay} from './fieldtus.js';
import {DONE, REFUSED} from './queue.js';
import {SendLoop} from './sendloop.js';

const REFUSES = new Set([400, 403, 404, 409, 413, 422]);
const ASKS_EVERY = 20e3;
const SLOW = 3e3;
const KNOWN = '届いています。どうなったかは、下の一覧を見てください。';
const GONE = '元の写真がこの端末にありません。小さい写真は届いています。';
const UNREADABLE = 'この端末で元の写真を読めません。小さい写真は届いています。';
const MOST_UNREAD = 5;

export class FieldSender extends SendLoop {
  constructor(queue, changed) {
    super('nigemichi-field', changed);
    this.queue = queue;
    this.uploads = new Map();
    this.broken = new Map();
    this.unreads = new Map();
    this.asked = -Infinity;
    this.slow = false;
    this.last = null;
  }

  isIdle() {
    return !this.queue.unsent.length && !this.queue.all.some(row => owed(row).length);
  }

  // One thing at a time, in order; then once more where something is left.
  async once() {
    await this.queue.read();
    if (offsetNow() === null && !await this.mission() && !await this.reports()) return;
    this.again = await this.step() || this.again;
  }

  // Whether there may be more to do.
  async step() {
    const [row] = bySendingOrder(this.queue.unsent).filter(one => !isHeld(one));
    if (row) return this.report(row);
    const owing = bySendingOrder(this.queue.all).flatMap(one => owed(one).map(photo => [one, photo]));
    const tries = ([, {id}]) => this.broken.get(id) ?? 0;
    const [next] = owing.sort((one, other) => tries(one) - tries(other));
    if (performance.now() - this.asked > ASKS_EVERY) return await this.poll() && Boolean(next);
    return next ? this.original(...next) : !this.well();
  }

  // A report waits for no photo, and for no pause either.
  hurry() {
    giveWay();
    this.kick();
  }

  askNow() {
    this.asked = -Infinity;
    this.kick();
  }

  well() {
    [this.net, this.why] = ['on', ''];
    return true;
  }

  async timed(act) {
    const began = performance.now();
    const answer = await act();
    this.slow = performance.now() - began > SLOW;
    return answer;
  }

  // All times by the city's clock.
  async report(row) {
    const offset = offsetNow();
    const [now] = await this.queue.change([row.id], one => ({tries: one.tries + 1, ...redated(one, offset)}));
    const iso = ms => new Date(ms + offset).toISOString();
    const sent = row.to === MISSION ? {sent_at: iso(Date.now())} : {};
    const body = {id: row.id, ...now.body, at: iso(Date.parse(now.body.at)), ...sent};
    const answer = await this.timed(() => ask(row.path, body));
    if (answer.data) return this.settle(now, answer);
    // Without a word of ours it is some network's own page.
    if (!answer.why || !REFUSES.has(answer.status)) return this.delay(now, answer);
    await this.queue.change([row.id], () => ({status: REFUSED, why: answer.why}));
    return this.well();
  }

  async delay(row, answer) {
    const {failed = 0} = row;
    if (answer.status >= 500) await this.queue.change([row.id], () => ({failed: failed + 1}));
    return this.trouble(answer);
  }

  async settle(row, {data, offset}) {
    const got = Date.now() + offset;
    const {photo: _, ...body} = row.body;
    const words = data.status === 'known' && data.words ? KNOWN : data.words ?? '';
    const told = {
      words, streets: data.streets ?? [], result: data.status,
      noPhoto: data.no_photo ?? '', noMission: data.no_mission ?? ''};
    const seen = {...this.queue.seen, got, offset};
    const done = () => ({status: DONE, done: Date.now(), why: '', body, ...told});
    await this.queue.answered(MINE, [row.id], done, seen);
    if ('mission' in data) await this.keep(MISSION, {offset}, data.mission);
    if (told.words) this.last = {got, ...told};
    this.asked = -Infinity;
    return this.well();
  }

  async poll() {
    await this.mission();
    return this.reports();
  }

  // What headquarters says of the mission; whether it answered.
  async mission() {
    const answer = await ask(MISSION);
    if (answer.data) await this.keep(MISSION, answer, answer.data.mission);
    return Boolean(answer.data);
  }

  // What became of one's reports.
  async reports() {
    const answer = await this.timed(() => ask('reports'));
    if (!answer.data) return this.trouble(answer);
    await this.keep(MINE, answer, answer.data.reports);
    this.asked = performance.now();
    return this.well();
  }

  keep(site, {offset}, state) {
    return this.queue.answered(site, [], () => ({}), {state, got: Date.now() + offset, offset});
  }

  async original(row, photo) {
    const {id} = photo;
    this.broken.set(id, (this.broken.get(id) ?? 0) + 1);
    try {
      const upload = this.uploads.get(id) ?? await this.opened(row, photo);
      if (!upload) return this.photoIs(row, photo, {state: REFUSED, why: GONE});
      const isDone = await upload.step();
      [this.broken, this.unreads].forEach(counted => counted.delete(id));
      return this.photoIs(row, photo, {sent: upload.sent, ...(isDone ? {state: DONE} : {})});
    } catch (error) {
      if (error.status === undefined) return this.unread(row, photo, error);
      if (error.status === GAVE_WAY || (error.status === 403 && await renewed())) return true;
      if (error.final) return this.photoIs(row, photo, {state: REFUSED, why: error.why});
      return this.trouble(error);
    }
  }

  // The disk failed, not the city: it is read again after a pause, and nothing is said of the network. What
  // a disk that is believed cannot read time after time is given up.
  unread(row, photo, error) {
    const {id} = photo;
    this.uploads.delete(id);
    if (!this.queue.durable || !(error instanceof DOMException)) return false;
    this.unreads.set(id, (this.unreads.get(id) ?? 0) + 1);
    return this.unreads.get(id) >= MOST_UNREAD && this.photoIs(row, photo, {state: REFUSED, why: UNREADABLE});
  }

  // The upload of a photo, null where its original is gone; throws where the disk does not answer.
  async opened(row, photo) {
    const blob = await this.queue.original(photo.id);
    if (!blob) return null;
    const upload = new Upload(photo, row.id, blob);
    this.uploads.set(photo.id, upload);
    return upload;
  }

  async photoIs(row, photo, values) {
    await this.queue.photo(row, photo.id, values);
    if (values.state) this.uploads.delete(photo.id);
    return this.well();
  }
}
