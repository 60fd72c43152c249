/* The drawing above the ground of headquarters' map: only what changed is put in anew. */

import {projector} from './hqboardmapgeo.js';
import {saidOf} from './hqboardmaplayers.js';

const SVG = 'http://www.w3.org/2000/svg';
const PARTS = ['ground', 'orders', 'water', 'flows', 'unreached', 'closures', 'sites', 'gauges', 'teams', 'labels', 'pointed'];

const shape = (name, values = {}) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
  return made;
};

export const surface = id => {
  const svg = shape('svg', {'class': 'mapover', 'role': 'img', 'aria-label': '地図'});
  const all = shape('g', {id: `${id}-all`});
  const groups = Object.fromEntries(PARTS.map(name => [name, shape('g', {'data-part': name})]));
  const texts = {};
  let drawn = null;
  all.append(...Object.values(groups));
  svg.append(all);

  const put = (name, text) => {
    if (texts[name] === text) return;
    texts[name] = text;
    groups[name].innerHTML = text;
  };

  return {
    svg,
    put,
    /* The view in which all that follows is drawn. */
    begin: view => {
      drawn = view;
      all.removeAttribute('transform');
      svg.setAttribute('viewBox', `0 0 ${view.width} ${view.height}`);
    },
    /* Until it is drawn anew, what is there moves along. */
    shift: view => {
      if (!drawn) return;
      const factor = view.scale / drawn.scale;
      const [dx, dy] = [0, 1].map(axis => (drawn.middle[axis] - view.middle[axis]) * view.scale);
      const [x, y] = [view.width / 2 + dx - factor * drawn.width / 2, view.height / 2 + dy - factor * drawn.height / 2];
      all.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${factor.toFixed(5)})`);
    },
    hide: off => {
      for (const part of svg.querySelectorAll('[data-part],[data-of]')) {
        part.toggleAttribute('hidden', off.has(part.dataset.part ?? part.dataset.of));
      }
    },
    holds: (spots, view) => spots.map(projector(view)).some(([x, y]) => x > 0 && y > 0 && x < view.width && y < view.height),
    /* What the map shows, for who does not see it. */
    name: layers => svg.setAttribute('aria-label', `地図。${layers.map(one => `${one.word} ${one.count}：${saidOf(one)}`).join('、')}`),
    clear: () => { for (const name of PARTS) put(name, ''); },
  };
};
