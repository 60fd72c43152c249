// Setting the place by hand: a tap or the arrow keys; a point, or a line along the street.
import {at, put} from './deskdom.js';

const STEP_M = 5;
const SMALL_STEP_M = 1;
const FINGER = 12;
const SUREST_M = 10;
const LINE_M = 15;
const TOO_WIDE = '地図が広すぎて、道を選べません。「＋」で大きくしてから押してください。';
const STILL = 8;
const WIDE_M = 400;
const MOST = 500;
const HOW = {
  point: '地図を押すか、矢印キーで、起きている所に合わせます（Shift で細かく）。指で動かすと地図が動きます。',
  line: '道に沿って、始めと終わり（曲がり角も）を順に押します。キーでは矢印で動かし、Enter で点を打ちます。',
};
const MOVES = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};
const rounded = place => place.map(one => Number(one.toFixed(6)));

export class Editing {
  // `start()`: where the map opens, and how many metres it shows; `changed()` after each change.
  constructor(map, place, start, changed) {
    Object.assign(this, {map, place, start, changed, on: false, mode: 'point', aim: null, corners: []});
    at('edit').onclick = () => (this.on ? this.close() : this.open());
    at('edited').onclick = () => this.close();
    at('as-point').onclick = () => this.become('point');
    at('as-line').onclick = () => this.become('line');
    at('closer').onclick = () => this.zoom(1.6);
    at('farther').onclick = () => this.zoom(1 / 1.6);
    at('step-back').onclick = () => this.stepBack();
    at('use-gps').onclick = () => this.forget();
    at('jump').onchange = event => this.jump(event.target.value);
    map.svg.onkeydown = event => this.key(event);
    map.svg.onpointerdown = event => this.press(event);
  }

  open() {
    this.on = true;
    at('editing').hidden = false;
    at('edit').setAttribute('aria-expanded', 'true');
    this.map.svg.parentElement.classList.add('edits');
    const {svg} = this.map;
    svg.tabIndex = 0;
    svg.setAttribute('role', 'application');
    const [lon, lat] = this.start();
    this.map.look(lon, lat, WIDE_M);
    this.aim ??= [lon, lat];
    this.become(this.mode);
    svg.focus({preventScroll: true});
    svg.scrollIntoView({block: 'nearest'});
  }

  close() {
    this.on = false;
    at('editing').hidden = true;
    at('edit').setAttribute('aria-expanded', 'false');
    this.map.svg.parentElement.classList.remove('edits');
    this.map.svg.removeAttribute('tabindex');
    this.map.svg.setAttribute('role', 'img');
    at('edit').focus();
    this.changed();
  }

  become(mode) {
    this.mode = mode;
    for (const one of ['point', 'line']) at(`as-${one}`).setAttribute('aria-pressed', String(one === mode));
    put(at('editing-how'), HOW[mode]);
    at('step-back').hidden = mode !== 'line';
    this.changed();
  }

  zoom(factor) {
    this.map.zoom(factor);
    this.changed();
  }

  jump(value) {
    if (!value) return;
    this.aim = value.split(',').map(Number);
    this.map.look(...this.aim, WIDE_M);
    this.changed();
  }

  press(event) {
    if (!this.on) return;
    const {svg} = this.map;
    const began = [event.clientX, event.clientY];
    let last = began;
    let isPan = false;
    svg.setPointerCapture(event.pointerId);
    svg.onpointermove = ({clientX, clientY}) => {
      isPan ||= Math.hypot(clientX - began[0], clientY - began[1]) > STILL;
      if (!isPan) return;
      this.map.pan(clientX - last[0], clientY - last[1]);
      last = [clientX, clientY];
      this.changed();
    };
    svg.onpointercancel = svg.onpointerup = ({type, clientX, clientY}) => {
      svg.onpointermove = svg.onpointerup = svg.onpointercancel = null;
      if (isPan || type === 'pointercancel') return;
      const {left, top} = svg.getBoundingClientRect();
      this.set(this.map.unproject([clientX - left, clientY - top]));
    };
  }

  key(event) {
    if (!this.on) return;
    const move = MOVES[event.key];
    if (move) {
      event.preventDefault();
      this.move(move, event.shiftKey ? SMALL_STEP_M : STEP_M);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      this.set(this.aim);
    } else if (event.key === 'Backspace') this.stepBack();
    else if (event.key === 'Escape') this.close();
  }

  move([x, y], metres) {
    const [px, py] = this.map.project(this.aim);
    const step = metres * this.map.scale;
    const next = this.map.unproject([px + x * step, py - y * step]);
    const [width, height] = this.map.size;
    const [nx, ny] = this.map.project(next);
    if (nx < 0 || ny < 0 || nx > width || ny > height) this.map.look(...next);
    if (this.mode === 'point') return this.set(next);
    this.aim = next;
    return this.changed();
  }

  // A line says that its streets are meant, and no others: it is not drawn on a map that shows too much.
  set(where) {
    if (this.mode === 'line' && FINGER / this.map.scale > LINE_M) {
      put(at('editing-how'), TOO_WIDE);
      return;
    }
    this.aim = where;
    if (this.mode === 'line') this.corners = [...this.corners, rounded(where)].slice(0, MOST);
    else this.corners = [];
    this.tell();
  }

  stepBack() {
    this.corners = this.corners.slice(0, -1);
    this.tell();
  }

  // A finger on this map means that much.
  tell() {
    const isLine = this.mode === 'line' && this.corners.length > 1;
    const error = Math.round(Math.max(SUREST_M, FINGER / this.map.scale));
    const where = isLine ? {type: 'LineString', coordinates: this.corners}
      : {type: 'Point', coordinates: rounded(this.corners.at(-1) ?? this.aim)};
    this.place.own = {where, error: isLine ? 0 : error};
    this.changed();
  }

  // Back to what GPS says.
  forget() {
    [this.place.own, this.corners, this.aim] = [null, [], null];
    if (this.on) {
      const [lon, lat] = this.start();
      this.map.look(lon, lat);
      this.aim = [lon, lat];
    }
    this.changed();
  }
}
