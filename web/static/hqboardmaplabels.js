/* Where labels stand on headquarters' map: never on one another, and flows go before them. */

import {escaped, px, tag} from './hqboardmapmarks.js';

const CELL = 6;
const FLOW = 1;
const MARK = 8;
/* The share of a label that a flow may run under before the label is left out; what somebody must act
   on moves aside, but stays. */
const MOST_UNDER = 0.12;
const MOST_UNDER_URGENT = 0.5;
const URGENT = 70;
/* Heights of a plate that it may stand away from its area, unless it must stand somewhere. */
const NEAR = 3;
/* How dear each height of a plate is that it stands away from its area. */
const FAR = 6;

/* Letters are as wide as high, but those of the alphabet: nothing is measured, so that it is pure. */
export const widthOf = (text, size) => [...text].reduce((sum, one) => sum + (/[ -~｡-ﾟ]/u.test(one) ? 0.58 : 1), 0) * size;

/* How dear each small square of the picture is to a label. */
export const costs = (width, height, begun = null) => {
  const wide = Math.ceil(width / CELL);
  const high = Math.ceil(height / CELL);
  const cells = begun?.length === wide * high ? begun.slice() : new Float32Array(wide * high);
  const put = (x, y, cost) => {
    const [across, down] = [Math.floor(x / CELL), Math.floor(y / CELL)];
    if (across >= 0 && across < wide && down >= 0 && down < high) {
      const at = down * wide + across;
      if (cells[at] < cost) cells[at] = cost;
    }
  };
  const line = (points, cost = FLOW) => {
    for (let at = 1; at < points.length; at += 1) {
      const [[ax, ay], [bx, by]] = [points[at - 1], points[at]];
      const steps = Math.ceil(Math.hypot(bx - ax, by - ay) / CELL);
      if (steps > 2000) continue;
      for (let step = 0; step <= steps; step += 1) put(ax + (bx - ax) * step / (steps || 1), ay + (by - ay) * step / (steps || 1), cost);
    }
  };
  const spot = ({x, y}, size) => {
    for (let dx = -size / 2; dx <= size / 2; dx += CELL) for (let dy = -size / 2; dy <= size / 2; dy += CELL) put(x + dx, y + dy, MARK);
  };
  const under = ({x, y, w, h}) => {
    let sum = 0;
    let count = 0;
    for (let down = Math.floor(y / CELL); down <= (y + h) / CELL; down += 1) {
      for (let across = Math.floor(x / CELL); across <= (x + w) / CELL; across += 1) {
        count += 1;
        if (across >= 0 && across < wide && down >= 0 && down < high) sum += cells[down * wide + across];
      }
    }
    return sum / count;
  };
  return {cells, line, spot, under, width, height};
};

const overlap = (one, other) => one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h;

const beside = ({x, y}, {w, h}, gap) => [
  [gap, -h / 2], [-gap - w, -h / 2], [-w / 2, -gap - h], [-w / 2, gap],
  [gap * 0.8, -gap * 0.8 - h], [-gap * 0.8 - w, -gap * 0.8 - h], [gap * 0.8, gap * 0.8], [-gap * 0.8 - w, gap * 0.8],
].map(([dx, dy]) => ({x: x + dx, y: y + dy, w, h}));

const REACH = [0, 1, -1, 2, -2, 3, -3, 4, -4];

/* Around its spot, further and further away. */
const around = ({x, y}, {w, h}) => REACH.flatMap(down => REACH.map(across => (
  {x: x - w / 2 + across * w * 0.4, y: y - h / 2 + down * h * 1.3, w, h, far: Math.hypot(across * 0.4 * w, down * 1.3 * h)})));

const inSight = (box, {width, height}) => box.x >= 2 && box.y >= 2 && box.x + box.w <= width - 2 && box.y + box.h <= height - 2;

/* Those of the labels that have room, each with its box. `must`: it stands somewhere in any case. */
export const placed = (labels, ground, taken = []) => {
  const full = [...taken];
  const found = [];
  for (const one of [...labels].sort((a, b) => b.weight - a.weight)) {
    const tries = (one.gap ? beside(one, one, one.gap) : around(one, one)).filter(box => inSight(box, ground));
    const most = one.must ? Infinity : one.weight >= URGENT ? MOST_UNDER_URGENT : MOST_UNDER;
    let best = null;
    for (const [at, box] of tries.entries()) {
      if (full.some(other => overlap(box, other)) || (!one.must && box.far > NEAR * one.h)) continue;
      const under = ground.under(box);
      const cost = under * 100 + (box.far === undefined ? at * 0.05 : box.far / one.h * FAR);
      if (under <= most && (!best || cost < best.cost)) best = {...box, cost};
    }
    if (!best) continue;
    full.push(best);
    found.push({...one, box: best});
  }
  return found;
};

/* Text with the ground's colour around it. */
const plain = ({box, lines, of}, letter, ink) => tag('g', {'data-of': of}, lines.map(([text, tone], row) => tag('text', {
  'x': box.x, 'y': box.y + letter * (1 + row * 1.2), 'font-size': letter, 'font-weight': row ? 400 : 700, 'fill': ink[tone] ?? ink.ink,
  'stroke': ink.halo, 'stroke-width': letter / 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke'}, escaped(text))).join(''));

/* From a plate that stands aside to the area that it is for. */
const leader = ({box, x, y, level, h, of}, letter, ink) => {
  const [atX, atY] = [Math.min(Math.max(x, box.x), box.x + box.w), Math.min(Math.max(y, box.y), box.y + box.h)];
  if (Math.hypot(atX - x, atY - y) < h) return '';
  const colour = ink[`rim${level}`] ?? ink.ink;
  const line = {'x1': atX, 'y1': atY, 'x2': x, 'y2': y};
  return tag('g', {'data-of': of}, tag('line', {...line, 'stroke': ink.halo, 'stroke-width': letter / 3}) + tag('line', {...line, 'stroke': colour, 'stroke-width': letter / 8})
    + tag('circle', {'cx': x, 'cy': y, 'r': letter / 3, 'fill': colour, 'stroke': ink.halo, 'stroke-width': letter / 9}));
};

/* Number and word on the level's colour, the area on paper. */
const plate = (one, letter, ink) => {
  const {box, level, head, tail, of, dashed} = one;
  const cut = widthOf(head, letter) + letter * 0.9;
  const y = box.y + letter * 1.2;
  const rim = dashed ? {'stroke-dasharray': `${px(letter / 2)} ${px(letter / 3)}`} : {};
  return tag('g', {'data-of': of},
    tag('rect', {'x': box.x, 'y': box.y, 'width': box.w, 'height': box.h, 'rx': 3, 'fill': ink.paper, 'stroke': ink[`rim${level}`] ?? ink.ink, 'stroke-width': Math.max(1.5, letter / 9), ...rim})
    + tag('rect', {x: box.x, y: box.y, width: cut, height: box.h, rx: 3, fill: dashed ? 'none' : ink[`lv${level}`] ?? ink.muted})
    + tag('text', {'x': box.x + letter * 0.45, y, 'font-size': letter, 'font-weight': 700, 'fill': dashed ? ink.ink : ink[`on${level}`] ?? ink.paper}, escaped(head))
    + tag('text', {'x': box.x + cut + letter * 0.4, y, 'font-size': letter, 'font-weight': 700, 'fill': ink.ink}, escaped(tail)));
};

/* Lines to areas lie below every label. */
export const drawn = (labels, letter, ink) => [
  ...labels.filter(one => one.level).map(one => leader(one, letter, ink)),
  ...labels.map(one => (one.level ? plate : plain)(one, letter, ink)),
].join('');

export const plainLabel = (lines, letter) => ({
  lines, w: Math.max(...lines.map(([text]) => widthOf(text, letter))) + 2, h: letter * (0.3 + 1.2 * lines.length)});

export const plateLabel = (level, head, tail, letter) => ({
  level, head, tail, w: widthOf(head, letter) + widthOf(tail, letter) + letter * 1.8, h: letter * 1.65});
