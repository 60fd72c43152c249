/* Drawing where an alert is for: the line above the map, what is said of it, and its buttons. */

import {at, make, put} from './deskdom.js';
import {say} from './staff.js';
import {listenToHands} from './hqalertdrawhands.js';
import {listenToKeys} from './hqalertdrawkeys.js';
import {findGround, groundNow, lookAt, size} from './hqalertground.js';
import {lineOf, textOf} from './hqalertpoints.js';
import {fromGeometry, isEmpty, makeLine, ringsOf, toGeometry} from './hqalertring.js';
import {twice} from './hqalertsend.js';

const SVG = 'http://www.w3.org/2000/svg';
const over = at('draw-over');
const said = at('draw-said');
const text = at('draw-text');
let opening = false;
let start = null;
let before = null;
let typing = false;
let heard = () => {};

const part = (name, values) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
  return made;
};
const path = (rings, className, closes = true) => part('path', {
  'class': className,
  'd': rings.map(ring => `M${ring.map(one => groundNow().project(one).map(value => value.toFixed(1)).join(' ')).join('L')}${closes ? 'Z' : ''}`).join(''),
});

const line = makeLine(byHand => {
  if (byHand) typing = false;
  draw();
  tellCount();
  if (byHand) heard();
});
const spots = () => line.now().corners.map(one => groundNow().project(one));
const keys = listenToKeys(over, {line, ground: groundNow, spots, size, told: words => say(said, words), clear: () => askClear(), draw: () => draw()});
listenToHands(over, {
  line, ground: groundNow, spots, press: () => tellCount(),
  hands: () => {
    keys.drop();
    draw();
  },
});

const crossHair = () => {
  if (!keys.cross() || document.activeElement !== over) return [];
  const [x, y] = groundNow().project(keys.cross());
  return [part('path', {class: 'cross', d: `M${x - 14} ${y}H${x + 14}M${x} ${y - 14}V${y + 14}`})];
};

const draw = () => {
  const {corners, closed, whole} = line.now();
  if (!typing) text.value = textOf(line.now());
  if (!groundNow()) return;
  const shape = whole ? [path(ringsOf(whole), 'drawn')] : corners.length ? [path([corners], closed ? 'drawn' : 'drawn open', closed)] : [];
  const old = before ? [path(ringsOf(before), 'was')] : [];
  const dots = spots().map(([cx, cy], index) => part('circle', {class: index ? 'corner' : 'corner first', cx, cy, r: 8}));
  over.replaceChildren(...old, ...shape, ...dots, ...crossHair());
};

const tellCount = () => {
  const {corners, closed, whole} = line.now();
  const left = 3 - corners.length;
  if (whole) say(said, '穴や飛び地のある区域です。角は動かせません。座標で直すか、消して描き直します。');
  else if (!corners.length) say(said, '地図を押すと、角ができます。');
  else if (closed) say(said, `角${corners.length}つで閉じました。角は引いて動かせます。線を押すと角が増えます。`);
  else say(said, left > 0 ? `角${corners.length}つ。あと${left}つ以上要ります。` : `角${corners.length}つ。はじめの角を押すか、「線を閉じる」で閉じます。`);
};

const askClear = () => {
  if (isEmpty(line.now())) return false;
  twice(at('draw-clear'), `描いた区域（角${line.now().corners.length}つ）を消します。`, () => {
    line.clear();
    keys.drop();
    over.focus();
  });
  return true;
};

const look = () => lookAt([...line.now().corners, ...ringsOf(line.now().whole).flat(), ...ringsOf(before).flat()]);

at('draw-close').addEventListener('click', () => {
  if (line.canClose()) line.close();
  else tellCount();
});
at('draw-undo').addEventListener('click', () => line.canUndo() && line.undo());
at('draw-clear').addEventListener('click', askClear);
for (const [id, factor] of [['draw-closer', 2], ['draw-farther', 0.5]]) {
  at(id).addEventListener('click', () => groundNow()?.zoom(factor, size().map(one => one / 2)));
}
at('draw-all').addEventListener('click', () => groundNow()?.all());
over.addEventListener('focus', draw);
over.addEventListener('blur', draw);
at('draw-take').addEventListener('click', () => {
  const {line: found, wrong = []} = lineOf(text.value);
  at('draw-wrong').replaceChildren(...wrong.map(one => make('li', {textContent: one})));
  text.setAttribute('aria-invalid', String(Boolean(wrong.length)));
  if (!found) return text.focus();
  line.draw(found);
  return look();
});
// What is typed here is a line only once it was taken.
text.addEventListener('input', () => { typing = true; });

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/* The map is made when it is first shown. */
export const showDrawing = () => {
  if (!opening) findGround({moved: () => draw(), isFree: () => isEmpty(line.now()), stands: () => {
    look();
    draw();
  }});
  opening = true;
  tellCount();
};
/* As it is kept; null where there is none, or where a fixed one is what it began with. */
export const drawnNow = fixed => {
  const empty = isEmpty(line.now());
  return (fixed && start ? same(line.now(), start) : empty) ? null : line.now();
};
export const typedCorners = () => (typing ? text.value : '');
export const drawAgain = (value, corners) => {
  line.set(value);
  typing = Boolean(corners);
  if (!typing) return;
  text.value = corners;
  text.closest('details').open = true;
};
/* What another revision was for: the start of this line, unless one was drawn already. */
export const startFrom = (geometry, shown) => {
  const untouched = isEmpty(line.now()) || same(line.now(), start);
  start = fromGeometry(geometry);
  before = shown ? geometry : before;
  if (!untouched || same(line.now(), start)) return draw();
  line.set(start);
  return look();
};
export const startHere = () => { start = line.now(); };
export const forgetStart = () => { [start, before] = [null, null]; };
export const drawnGeometry = () => {
  if (typing) throw Error('書いた座標が、まだ地図に入っていません。「座標を地図に入れる」を押してください。');
  return toGeometry(line.now());
};
export const sayOfDrawing = (words, isError) => say(said, words, isError);
export const onDrawn = tell => { heard = tell; };
