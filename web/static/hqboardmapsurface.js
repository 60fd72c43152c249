/* The drawing above the ground of headquarters' map: only what changed is put in anew. */

import {make} from './deskdom.js';
import {projector} from './hqboardmapgeo.js';
import {saidOf} from './hqboardmaplayers.js';

const SVG = 'http://www.w3.org/2000/svg';
const SELDOM = ['ground', 'orders', 'water', 'flows', 'unreached'];
const OFTEN = ['closures', 'sites', 'gauges', 'teams', 'labels', 'pointed'];

const shape = (name, values = {}) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
  return made;
};

/* Puts in anew only the marks that differ: what is put in is painted, and large drawings paint slowly. */
const renew = (group, text) => {
  const made = shape('g');
  made.innerHTML = text;
  const [were, are] = [[...group.children], [...made.children]];
  const few = Math.min(were.length, are.length);
  const isSame = (one, other) => were[one].isEqualNode(are[other]);
  if (were.length === are.length) {
    for (const index of are.keys()) if (!isSame(index, index)) were[index].replaceWith(are[index]);
    return;
  }
  let [ahead, behind] = [0, 0];
  while (ahead < few && isSame(ahead, ahead)) ahead += 1;
  while (behind < few - ahead && isSame(were.length - 1 - behind, are.length - 1 - behind)) behind += 1;
  for (const one of were.slice(ahead, were.length - behind)) one.remove();
  const next = were[were.length - behind] ?? null;
  for (const one of are.slice(ahead, are.length - behind)) group.insertBefore(one, next);
};

/* What changes seldom lies in a sheet of its own, which is not painted again with each mark above it. */
const sheet = parts => {
  const groups = parts.map(name => [name, shape('g', {'data-part': name})]);
  const all = shape('g');
  const svg = shape('svg');
  all.append(...groups.map(([, group]) => group));
  svg.append(all);
  return {svg, all, groups};
};

export const surface = () => {
  const box = make('div', {className: 'mapover'});
  const sheets = [SELDOM, OFTEN].map(sheet);
  const groups = Object.fromEntries(sheets.flatMap(one => one.groups));
  const texts = {};
  let drawn = null;
  box.setAttribute('role', 'img');
  box.setAttribute('aria-label', '地図');
  box.append(...sheets.map(one => one.svg));

  const put = (name, text) => {
    if (texts[name] === text) return;
    texts[name] = text;
    renew(groups[name], text);
  };

  return {
    box,
    put,
    /* The view in which all that follows is drawn. */
    begin: view => {
      drawn = view;
      const whole = `0 0 ${view.width} ${view.height}`;
      for (const {svg, all} of sheets) {
        all.removeAttribute('transform');
        if (svg.getAttribute('viewBox') !== whole) svg.setAttribute('viewBox', whole);
      }
    },
    /* Until it is drawn anew, what is there moves along. */
    shift: view => {
      if (!drawn) return;
      const factor = view.scale / drawn.scale;
      const [dx, dy] = [0, 1].map(axis => (drawn.middle[axis] - view.middle[axis]) * view.scale);
      const [x, y] = [view.width / 2 + dx - factor * drawn.width / 2, view.height / 2 + dy - factor * drawn.height / 2];
      const moved = `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${factor.toFixed(5)})`;
      for (const {all} of sheets) all.setAttribute('transform', moved);
    },
    hide: off => {
      for (const part of box.querySelectorAll('[data-part],[data-of]')) {
        part.toggleAttribute('hidden', off.has(part.dataset.part ?? part.dataset.of));
      }
    },
    holds: (spots, view) => spots.map(projector(view)).some(([x, y]) => x > 0 && y > 0 && x < view.width && y < view.height),
    /* What the map shows, for who does not see it. */
    name: layers => box.setAttribute('aria-label', `地図。${layers.map(one => `${one.word} ${one.count}：${saidOf(one)}`).join('、')}`),
    clear: () => { for (const name of [...SELDOM, ...OFTEN]) put(name, ''); },
  };
};
