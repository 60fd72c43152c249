/* Signs on headquarters' map as SVG text: shape first, then word and colour. Sizes in pixels. */

const ESCAPES = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;'};

export const escaped = text => String(text ?? '').replace(/[&<>"']/g, one => ESCAPES[one]);
export const px = value => String(Math.round(value * 10) / 10);

/* One element; values that are null are left out. */
export const tag = (name, values, inside = '') => {
  const all = Object.entries(values).filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? px(value) : escaped(value)}"`).join('');
  return `<${name}${all}>${inside}</${name}>`;
};

export const lineOf = (points, closes = false) =>
  `M${points.map(([x, y]) => `${px(x)} ${px(y)}`).join('L')}${closes ? 'Z' : ''}`;

const titled = (word, x, y, inside) =>
  tag('g', {transform: `translate(${px(x)} ${px(y)})`}, `<title>${escaped(word)}</title>${inside}`);

const BANDS = {
  room: r => [r, ''],
  some: r => [r, `M0 0V${px(-r)}A${px(r)} ${px(r)} 0 0 1 ${px(r)} 0Z`],
  crowded: r => [r, `M0 ${px(-r)}A${px(r)} ${px(r)} 0 0 1 0 ${px(r)}Z`],
  full: r => [r, `M${px(-r)} 0a${px(r)} ${px(r)} 0 1 0 ${px(2 * r)} 0a${px(r)} ${px(r)} 0 1 0 ${px(-2 * r)} 0Z`],
};
const BAND_COLOURS = {room: 'free', some: 'some', crowded: 'busy', full: 'full'};

/* ○ ◔ ◑ ●, ✕ where it is in danger, and a dashed ? where nobody knows, or what is known is old. */
export const placeSign = (band, size, ink, old) => {
  const r = size / 2;
  const width = size / 9;
  if (band === 'danger') {
    return tag('circle', {r, 'fill': ink.paper, 'stroke': ink.bad, 'stroke-width': width})
      + tag('path', {'d': `M${px(-r / 2)} ${px(-r / 2)}L${px(r / 2)} ${px(r / 2)}M${px(r / 2)} ${px(-r / 2)}L${px(-r / 2)} ${px(r / 2)}`, 'fill': 'none', 'stroke': ink.bad, 'stroke-width': 1.8 * width});
  }
  if (!BANDS[band] || old) {
    return tag('circle', {r, 'fill': ink.paper, 'stroke': ink.muted, 'stroke-width': width, 'stroke-dasharray': `${px(size / 6)} ${px(size / 8)}`})
      + tag('text', {'y': size * 0.29, 'text-anchor': 'middle', 'font-size': size * 0.82, 'font-weight': 700, 'fill': ink.ink}, '?');
  }
  const [, part] = BANDS[band](r);
  const colour = ink[BAND_COLOURS[band]];
  return tag('circle', {r, 'fill': ink.paper, 'stroke': colour, 'stroke-width': width}) + (part ? tag('path', {d: part, fill: colour}) : '');
};

/* Open by the city's plan, confirmed by nobody. */
export const plannedSign = (size, ink) => tag('circle', {'r': size / 5, 'fill': ink.paper, 'stroke': ink.muted, 'stroke-width': size / 12});

/* A square for what is closed, a diamond for what is suspended until somebody confirms it. */
export const closedSign = (suspended, size, ink) => {
  const r = size / 2;
  const bar = tag('rect', {x: -r * 0.55, y: -r * 0.17, width: r * 1.1, height: r * 0.34, fill: suspended ? ink.bad : ink.paper});
  if (suspended) {
    return tag('path', {'d': `M0 ${px(-r * 1.2)}L${px(r * 1.2)} 0L0 ${px(r * 1.2)}L${px(-r * 1.2)} 0Z`, 'fill': ink.paper, 'stroke': ink.bad, 'stroke-width': size / 8}) + bar;
  }
  return tag('rect', {'x': -r, 'y': -r, 'width': size, 'height': size, 'rx': size / 8, 'fill': ink.bad, 'stroke': ink.paper, 'stroke-width': size / 16}) + bar;
};

const FLYING = 'M-1 0H1M0 -1V1M-1 -.35V.35M1 -.35V.35M-.35 -1H.35M-.35 1H.35';

/* A triangle on foot, a cross of rotors in the air; a ring around whom nobody hears. */
export const teamSign = (flight, size, ink, {old, overdue}) => {
  const r = size / 2;
  const colour = old && !overdue ? ink.muted : ink.ink;
  const body = flight
    ? tag('path', {'d': FLYING, 'transform': `scale(${px(r)})`, 'fill': 'none', 'stroke': colour, 'stroke-width': 0.28})
    : tag('path', {'d': `M0 ${px(-r)}L${px(r)} ${px(r * 0.8)}H${px(-r)}Z`, 'fill': old ? ink.paper : colour, 'stroke': old ? colour : ink.paper,
      'stroke-width': size / 10, 'stroke-dasharray': old ? `${px(size / 6)} ${px(size / 8)}` : null});
  return overdue ? tag('circle', {'r': size, 'fill': ink.paper, 'stroke': ink.bad, 'stroke-width': size / 8}) + body : body;
};

export const gaugeSign = (size, ink, {old, over}) => {
  const r = size / 2;
  return tag('path', {
    'd': `M0 ${px(-r * 1.3)}C${px(r * 0.4)} ${px(-r * 0.4)} ${px(r * 0.9)} 0 ${px(r * 0.9)} ${px(r * 0.4)}A${px(r * 0.9)} ${px(r * 0.9)} 0 0 1 ${px(-r * 0.9)} ${px(r * 0.4)}C${px(-r * 0.9)} 0 ${px(-r * 0.4)} ${px(-r * 0.4)} 0 ${px(-r * 1.3)}Z`,
    'fill': over && !old ? ink.is : ink.paper, 'stroke': old ? ink.muted : ink.is, 'stroke-width': size / 8,
    'stroke-dasharray': old ? `${px(size / 6)} ${px(size / 8)}` : null});
};

/* What was seen and still counts: a small square on its point, hollow when it is old. */
export const seenSign = (size, ink, old) => {
  const r = size * 0.36;
  return tag('path', {'d': `M0 ${px(-r)}L${px(r)} 0L0 ${px(r)}L${px(-r)} 0Z`, 'fill': old ? ink.paper : ink.muted, 'stroke': old ? ink.muted : ink.paper,
    'stroke-width': size / 12, 'stroke-dasharray': old ? `${px(size / 8)} ${px(size / 10)}` : null});
};

export const mark = (word, {x, y}, inside) => titled(word, x, y, inside);

/* How many stand here together. */
export const times = (count, size, ink) => (count > 1
  ? tag('text', {'x': size * 0.6, 'y': -size * 0.4, 'font-size': Math.max(14, size * 0.8), 'font-weight': 700, 'fill': ink.ink, 'stroke': ink.halo, 'stroke-width': size / 5, 'paint-order': 'stroke'}, `×${count}`) : '');
