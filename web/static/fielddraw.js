// What somebody sets on the map: a point, a line along the street, or an area around what is seen.
import {areaOf, nextWords, whyNotClosed, whyNotCorner} from './fieldarea.js';
import {makeLine} from './hqalertring.js';

const FINGER = 12;
const FIRST = 24;
const KEYS = 6;
const SUREST_M = 10;
const DRAWN_M = 15;
export const WIDEST_PX_M = DRAWN_M / FINGER;
const MOST = 499;
const HOW = {
  point: '地図を押すか、矢印キーで、起きている所に合わせます（Shift で細かく）。指で動かすと地図が動きます。',
  line: '道に沿って、始めと終わり（曲がり角も）を順に押します。キーでは矢印で動かし、Enter で点を打ちます。',
  area: '起きている所の外側を回るように、角を順に押します。はじめの角をもう一度押すと閉じます。'
    + 'キーでは矢印で動かし、Enter で角を打ちます（同じ所でもう一度 Enter を押すと閉じます）。',
};
const TOO_WIDE = '地図が広すぎて、道を選べません。「＋」で大きくしてから押してください。';
const FULL = `角は${MOST}個までです。`;
const rounded = place => place.map(one => Number(one.toFixed(6)));

export class Drawing {
  // `line` holds the corners, `aim` is where the keys are; `say(words, isWrong)`; `changed()` after each change.
  constructor(map, place, say, changed) {
    Object.assign(this, {map, place, say, changed, mode: 'point', aim: null});
    this.line = makeLine(byHand => byHand && this.tell());
  }

  get isArea() {
    return this.mode === 'area';
  }

  // As the map shows it.
  get shown() {
    return this.mode === 'point' ? {corners: [], closed: false} : {...this.line.now(), isArea: this.isArea};
  }

  // Whether an area was begun that is none yet.
  get isOpen() {
    const {corners, closed} = this.shown;
    return this.isArea && corners.length > 0 && !closed;
  }

  // For a report that is taken back.
  get kept() {
    return {mode: this.mode, line: this.line.now(), aim: this.aim, own: this.place.own};
  }

  restore({mode, line, aim, own}) {
    this.line.set(line);
    [this.mode, this.aim, this.place.own] = [mode, aim, own];
    this.say(this.how);
  }

  // The corners that are there go on as what is wanted now. A point has none: 「1つ戻す」 of a line brings them back.
  become(mode) {
    const {corners, closed} = this.line.now();
    if (closed && mode !== 'area') this.line.set({corners, closed: false, whole: null});
    this.mode = mode;
    if (!corners.length) this.say(HOW[mode]);
    else if (mode === 'point') this.leaveLine(corners);
    else this.tell();
  }

  leaveLine(corners) {
    this.aim ??= corners.at(-1);
    this.line.clear();
  }

  // `reach`: pixels from the first corner within which it is meant.
  tapped(where, reach = FIRST) {
    if (this.mode === 'point') return this.set(where);
    const {corners, closed} = this.line.now();
    if (closed) return this.say(nextWords(this.line.now()));
    if (this.isArea && corners.length && this.isAt(corners[0], where, reach)) return this.close();
    return this.corner(where);
  }

  moved(where) {
    if (this.mode === 'point') return this.set(where);
    this.aim = where;
    return this.changed();
  }

  entered() {
    const last = this.line.now().corners.at(-1);
    if (this.isArea && last && this.isAt(last, this.aim, 1)) return this.close();
    return this.tapped(this.aim, KEYS);
  }

  isAt(corner, where, pixels) {
    const [[ax, ay], [bx, by]] = [corner, where].map(one => this.map.project(one));
    return Math.hypot(ax - bx, ay - by) <= pixels;
  }

  set(where) {
    this.aim = where;
    this.line.set(null);
    this.tell();
  }

  // What is drawn says that its streets are meant, and no others: not on a map that shows too much.
  corner(where) {
    const {corners} = this.line.now();
    const next = rounded(where);
    if (String(corners.at(-1)) === String(next)) return undefined;
    const why = (1 / this.map.scale > WIDEST_PX_M && TOO_WIDE) || (corners.length >= MOST && FULL)
      || (this.isArea && whyNotCorner(corners, next));
    if (why) return this.say(why, true);
    this.aim = where;
    return this.line.add(next);
  }

  // Whether it is closed now; where it cannot be, it is said why.
  close() {
    const {corners, closed} = this.line.now();
    const why = closed ? '' : whyNotClosed(corners);
    if (why) this.say(why, true);
    else this.line.close();
    return !why;
  }

  stepBack() {
    if (this.mode !== 'point' && this.line.canUndo()) this.line.undo();
  }

  clear() {
    this.line.clear();
  }

  // What is to be done now.
  get how() {
    const now = this.line.now();
    return this.isArea && now.corners.length ? nextWords(now) : HOW[this.mode];
  }

  // What is meant now; nothing drawn is nothing set by hand.
  tell() {
    const now = this.line.now();
    const isDrawn = this.mode === 'point' || now.corners.length > 0;
    this.place.own = isDrawn ? this.meant(now) : null;
    this.say(this.how);
    this.changed();
  }

  // A finger on this map means so much.
  meant(now) {
    if (this.isArea) return areaOf(now);
    const {corners} = now;
    if (this.mode === 'line' && corners.length > 1) return {where: {type: 'LineString', coordinates: corners}, error: 0};
    const error = Math.round(Math.max(SUREST_M, FINGER / this.map.scale));
    return {where: {type: 'Point', coordinates: rounded(this.mode === 'line' ? corners[0] : this.aim)}, error};
  }

  forget() {
    [this.place.own, this.aim] = [null, null];
    this.line.set(null);
    this.say(HOW[this.mode]);
  }
}
