/* What part of the city headquarters' map shows: by keys, by drag, by buttons; alike with tiles and without. */

import {make} from './deskdom.js';
import {TILE} from './hqboardmapgeo.js';

const STEP = 1.5;
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
const PART = 0.2;
const CLOSEST = TILE * 2 ** 18;
const FARTHEST = TILE * 2 ** 8;

export const moved = (view, dx, dy) => ({...view, middle: [view.middle[0] + dx / view.scale, view.middle[1] + dy / view.scale]});
export const scaled = (view, factor) => ({...view, scale: Math.min(CLOSEST, Math.max(FARTHEST, view.scale * factor))});

/* `change(view)` is called with each new view that a person asks for; `back()` returns to all there is. */
export const viewHands = (ground, {view, change, back}) => {
  let from = null;
  ground.addEventListener('pointerdown', event => {
    if (event.button || event.target.closest('button')) return;
    from = [event.clientX, event.clientY];
    ground.setPointerCapture(event.pointerId);
  });
  ground.addEventListener('pointermove', event => {
    if (!from) return;
    change(moved(view(), from[0] - event.clientX, from[1] - event.clientY));
    from = [event.clientX, event.clientY];
  });
  for (const end of ['pointerup', 'pointercancel']) ground.addEventListener(end, () => { from = null; });
  ground.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const {width, height} = view();
    const acts = {'+': () => change(scaled(view(), STEP)), '-': () => change(scaled(view(), 1 / STEP)), '0': back};
    const arrow = ARROWS[event.key];
    const act = arrow ? () => change(moved(view(), arrow[0] * width * PART, arrow[1] * height * PART)) : acts[event.key];
    if (!act) return;
    act();
    event.preventDefault();
    event.stopPropagation();
  });
};

const button = (text, name, onclick) => {
  const made = make('button', {type: 'button', textContent: text, title: name, onclick});
  made.setAttribute('aria-label', name);
  return made;
};

export const viewButtons = ({view, change, back}) => make('div', {className: 'mapkeys'},
  button('＋', '地図を大きく', () => change(scaled(view(), STEP))), button('－', '地図を小さく', () => change(scaled(view(), 1 / STEP))), button('全', '全体を見る', back));
