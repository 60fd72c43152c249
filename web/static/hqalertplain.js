/* The outline of the city to draw on, where the map that moves cannot be had. Pixels of its box are
   what everything else counts in. */

const SVG = 'http://www.w3.org/2000/svg';
const FARTHEST = 0.8;
const CLOSEST = 64;
const LETTER = 14;
const names = JSON.parse(document.querySelector('[data-names]').dataset.names);

const part = (name, values = {}, text = '') => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
};

/* Names that cover no other one. */
const labelled = (at, wide, high) => {
  const taken = [];
  return names.flatMap(([name, unitX, unitY]) => {
    const [x, y] = at(unitX, unitY);
    const half = name.length * LETTER / 2 + 2;
    if (x < half || y < LETTER || x > wide - half || y > high - LETTER) return [];
    if (taken.some(([left, top, width]) => Math.abs(x - left) < half + width && Math.abs(y - top) < LETTER + 4)) return [];
    taken.push([x, y, half]);
    return [part('text', {x: x.toFixed(1), y: y.toFixed(1)}, name)];
  });
};

/* `box` holds it; null where the city has no outline yet. */
export const plainGround = (box, moved) => {
  const map = document.getElementById('reach-map');
  if (!map) return null;
  const [x0, xLon, xLat, y0, yLon, yLat] = map.dataset.by.split(' ').map(Number);
  const {width, height} = map.viewBox.baseVal;
  const city = part('g');
  city.append(part('use', {href: '#city-land'}), part('use', {href: '#city-borders'}));
  const texts = part('g', {class: 'names'});
  const svg = part('svg', {'class': 'plain', 'aria-hidden': 'true'});
  svg.append(city, texts);
  box.prepend(svg);
  let [scale, left, top] = [0, 0, 0];
  const size = () => [box.clientWidth, box.clientHeight];
  const least = () => FARTHEST * Math.min(size()[0] / width, size()[1] / height);
  const show = () => {
    const at = (x, y) => [x * scale + left, y * scale + top];
    city.setAttribute('transform', `translate(${left} ${top}) scale(${scale})`);
    texts.replaceChildren(...labelled(at, ...size()));
    moved();
  };
  const ground = {
    project: ([lon, lat]) => [(x0 + xLon * lon + xLat * lat) * scale + left, (y0 + yLon * lon + yLat * lat) * scale + top],
    unproject: ([x, y]) => {
      const [a, b] = [(x - left) / scale - x0, (y - top) / scale - y0];
      const whole = xLon * yLat - xLat * yLon;
      return [(a * yLat - b * xLat) / whole, (b * xLon - a * yLon) / whole];
    },
    pan: (dx, dy) => {
      [left, top] = [left + dx, top + dy];
      show();
    },
    zoom: (factor, [x, y]) => {
      if (!scale) return;
      const next = Math.min(Math.max(scale * factor, least()), CLOSEST);
      [left, top] = [x - (x - left) * next / scale, y - (y - top) * next / scale];
      scale = next;
      show();
    },
    all: () => {
      const [wide, high] = size();
      scale = Math.min(wide / width, high / height);
      [left, top] = [(wide - width * scale) / 2, (high - height * scale) / 2];
      show();
    },
    resize: () => (scale ? show() : ground.all()),
    end: () => svg.remove(),
  };
  return ground;
};
