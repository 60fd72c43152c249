// The panel in which the place is set by hand: its buttons, and the map that is worked on.
import {at, put} from './deskdom.js';
import {Drawing, WIDEST_PX_M} from './fielddraw.js';
import {listenToHands} from './fieldmaphands.js';

const WIDE_M = 400;
const PARTS = ['editing', 'editing-how'];
const MODES = ['point', 'line', 'area'];

const say = (words, isWrong = false) => {
  put(at('editing-how'), words);
  at('editing-how').classList.toggle('wrong', isWrong);
};

export class Editing {
  // `start()`: where the map opens; `changed()` after each change.
  constructor(map, place, start, changed) {
    Object.assign(this, {map, place, start, changed, on: false});
    this.drawing = new Drawing(map, place, say, changed);
    at('edit').onclick = () => (this.on ? this.close() : this.open());
    at('edited').onclick = () => this.finish();
    for (const mode of MODES) at(`as-${mode}`).onclick = () => this.become(mode);
    at('closer').onclick = () => this.zoom(1.6);
    at('farther').onclick = () => this.zoom(1 / 1.6);
    at('step-back').onclick = () => this.drawing.stepBack();
    at('close-line').onclick = () => this.drawing.close();
    at('clear-line').onclick = () => this.drawing.clear();
    at('use-gps').onclick = () => this.forget();
    at('jump').onchange = event => this.jump(event.target.value);
    listenToHands(map, this);
  }

  get aim() {
    return this.on ? this.drawing.aim : null;
  }

  // Metres that it shows at first: on a narrow phone fewer, so that a line can be drawn at once.
  get wide() {
    return Math.min(WIDE_M, 0.9 * WIDEST_PX_M * this.map.size[0]);
  }

  // For a report that is taken back.
  restore(kept) {
    this.drawing.restore(kept);
    this.press(kept.mode);
    if (this.on) this.look();
  }

  // At what is set, else where it opens.
  look() {
    if (!this.place.own || !this.drawing.aim) this.drawing.aim = this.start();
    this.map.look(...this.drawing.aim, this.wide);
  }

  open() {
    this.on = true;
    for (const id of PARTS) at(id).hidden = false;
    at('edit').setAttribute('aria-expanded', 'true');
    this.map.svg.parentElement.classList.add('edits');
    const {svg} = this.map;
    svg.tabIndex = 0;
    svg.setAttribute('role', 'application');
    this.look();
    this.become(this.drawing.mode);
    svg.focus({preventScroll: true});
    svg.scrollIntoView({block: 'start'});
  }

  close() {
    this.on = false;
    for (const id of PARTS) at(id).hidden = true;
    at('edit').setAttribute('aria-expanded', 'false');
    this.map.svg.parentElement.classList.remove('edits');
    this.map.svg.removeAttribute('tabindex');
    this.map.svg.setAttribute('role', 'img');
    at('edit').focus();
    this.changed();
  }

  // An area that is not closed yet is no place: it is closed, or it is said why it cannot be.
  finish() {
    if (!this.drawing.isOpen || this.drawing.close()) this.close();
  }

  press(mode) {
    for (const one of MODES) at(`as-${one}`).setAttribute('aria-pressed', String(one === mode));
    at('line-acts').hidden = mode === 'point';
    at('close-line').hidden = mode !== 'area';
  }

  become(mode) {
    this.press(mode);
    this.drawing.become(mode);
    this.changed();
  }

  zoom(factor) {
    this.map.zoom(factor);
    this.changed();
  }

  jump(value) {
    if (!value) return;
    this.drawing.aim = value.split(',').map(Number);
    this.map.look(...this.drawing.aim, this.wide);
    this.changed();
  }

  // Back to what GPS says.
  forget() {
    this.drawing.forget();
    if (this.on) {
      const [lon, lat] = this.start();
      this.map.look(lon, lat);
      this.drawing.aim = [lon, lat];
    }
    this.changed();
  }
}
