/* The elements of headquarters' map: the ground with its drawing, what is said of it, its layers. */

import {make} from './deskdom.js';
import {viewButtons, viewHands} from './hqboardmapview.js';

/* `hands`: what moves the map, or null where nobody does. */
export const framed = (element, drawing, {legend, hands}) => {
  const box = make('div', {className: 'mapground'}, drawing);
  const trouble = make('p', {className: 'maptrouble'});
  const tag = make('p', {className: 'maptag'});
  const list = make('ul', {className: 'maplegend'});
  trouble.setAttribute('role', 'status');
  list.setAttribute('aria-label', '地図の層');
  element.classList.add('boardmap');
  element.replaceChildren(box, trouble, ...(legend ? [list] : []));
  box.append(tag);
  if (hands) {
    box.tabIndex = 0;
    box.setAttribute('role', 'group');
    box.setAttribute('aria-label', '地図。矢印で動き、＋－で大きさ、0で全体');
    viewHands(box, hands);
    box.append(viewButtons(hands));
  }
  /* What lies above the drawing: labels keep it free. */
  const taken = () => [tag, ...box.querySelectorAll('.mapkeys')].map(one => (
    {x: one.offsetLeft, y: one.offsetTop, w: one.offsetWidth, h: one.offsetHeight}));
  return {box, trouble, tag, list, taken};
};
