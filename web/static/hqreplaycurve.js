/* Households that nobody had reached: a step line of the record, a dashed one of what was assumed. */

import {make} from './deskdom.js';
import {minute, number} from './hqreplaysay.js';

const NS = 'http://www.w3.org/2000/svg';
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [1380, 190, 70, 150, 14, 30];

const tag = (name, values, text) => {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
};

const nice = most => {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  return [1, 2, 5, 10].map(one => one * power).find(one => one >= most);
};

/* Steps, with a break where it was not known. */
const steps = (rows, key, x, y, end) => rows.map((one, index) => {
  const from = x(Date.parse(one.at)).toFixed(1);
  const known = one[key] != null;
  const before = index > 0 && rows[index - 1][key] != null;
  if (!known) return before ? `H${from}` : '';
  return before ? `H${from}V${y(one[key]).toFixed(1)}` : `M${from} ${y(one[key]).toFixed(1)}`;
}).join('') + (rows.at(-1)[key] == null ? '' : `H${end}`);

export const drawCurve = (box, rows, title) => {
  if (!rows.length) {
    box.replaceChildren();
    return;
  }
  const [first, last] = [rows[0], rows.at(-1)].map(one => Date.parse(one.at));
  const known = (...keys) => rows.flatMap(one => keys.map(key => one[key])).filter(count => count != null);
  const most = nice(Math.max(0, ...known('recorded', 'changed')));
  const x = at => LEFT + ((at - first) / Math.max(1, last - first)) * (WIDTH - LEFT - RIGHT);
  const y = count => HEIGHT - BOTTOM - (count / most) * (HEIGHT - TOP - BOTTOM);
  const svg = tag('svg', {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', class: 'curve'});
  const peak = key => (known(key).length ? number(Math.max(...known(key))) : '不明');
  svg.setAttribute('aria-label', `届いていない世帯。いちばん多いとき 記録 ${peak('recorded')}、${title} ${peak('changed')}`);
  for (const share of most > 1 ? [0, 0.5, 1] : [0, 1]) {
    svg.append(tag('path', {d: `M${LEFT} ${y(most * share)}H${WIDTH - RIGHT}`, class: 'grid'}),
      tag('text', {'x': LEFT - 8, 'y': y(most * share) + 5, 'text-anchor': 'end'}, number(most * share)));
  }
  for (let part = 0; part <= 6; part += 1) {
    const at = first + ((last - first) * part) / 6;
    svg.append(tag('text', {'x': x(at), 'y': HEIGHT - 8, 'text-anchor': 'middle'}, minute(at)));
  }
  svg.append(tag('path', {d: steps(rows, 'changed', x, y, WIDTH - RIGHT), class: 'changed'}),
    tag('path', {d: steps(rows, 'recorded', x, y, WIDTH - RIGHT), class: 'recorded'}),
    tag('text', {x: WIDTH - RIGHT + 10, y: TOP + 12, class: 'key'}, '━ 記録'),
    tag('text', {x: WIDTH - RIGHT + 10, y: TOP + 34, class: 'key changed-key'}, '┅ 仮定'));
  box.replaceChildren(svg, make('p', {className: 'kind', textContent: `仮定は、記録の届き方を発令と同じだけ早めたものです。${rows.some(one => one.recorded == null) ? '線の切れているところは、不明か、発令のないときです。' : ''}`}));
};
