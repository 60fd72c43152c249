// The map that moves. Asked for by a button; everything comes from the page and its own server.
(() => {
const spot = document.getElementById('move');
const [button, word] = spot.children;
const page = spot.dataset;
const form = spot.closest('form');
const plain = [...document.querySelectorAll(page.hides)];
const ICONS = {
  closer: 'M24 8v32M8 24h32',
  farther: 'M8 24h32',
  back: 'M24 4v10M24 34v10M4 24h10M34 24h10M36 24a12 12 0 1 1-24 0a12 12 0 1 1 24 0',
  close: 'M10 10l28 28M38 10L10 38',
};

// The style's colours are names of the page's CSS variables.
const painted = value => {
  if (typeof value === 'string') return value.startsWith('--') ? mapImages.colour(value) : value;
  if (Array.isArray(value)) return value.map(painted);
  if (!value || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, painted(one)]));
};

const make = (name, values = {}, ...inside) => {
  const made = Object.assign(document.createElement(name), values);
  made.append(...inside);
  return made;
};

const loaded = (name, values) => new Promise((resolve, reject) => {
  const quiet = {referrerPolicy: 'no-referrer', onload: resolve, onerror: reject};
  const made = make(name, {...quiet, ...values});
  document.head.append(made);
});

// Steps of latitude and longitude, each from the point before, to [lon, lat].
const points = text => {
  const steps = text ? text.split(' ').map(Number) : [];
  const found = [];
  let lat = 0;
  let lon = 0;
  for (let at = 0; at < steps.length; at += 2) {
    lat += steps[at];
    lon += steps[at + 1];
    found.push([lon / 1e5, lat / 1e5]);
  }
  return found;
};

const feature = (kind, type, coordinates) => (
  {type: 'Feature', properties: {kind}, geometry: {type, coordinates}});

// What the page knows of the question: it stays in the page.
const question = () => {
  const way = points(page.way);
  const second = points(page.second);
  const door = page.door ? page.door.split(',').map(Number).reverse() : way[0];
  const found = [];
  if (second.length) found.push(feature('second', 'LineString', second));
  if (way.length) found.push(feature('way', 'LineString', way));
  if (second.length) found.push(feature('place-2', 'Point', second.at(-1)));
  if (way.length) found.push(feature('place-1', 'Point', way.at(-1)));
  if (door) found.push(feature('door', 'Point', door));
  return {features: found, line: way.length ? way : door ? [door] : []};
};

const icon = name => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  for (const [key, value] of [['width', 28], ['height', 28], ['viewBox', '0 0 48 48']]) {
    svg.setAttribute(key, value);
  }
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
};

const around = (line, bounds) => {
  if (!line.length) return [[bounds[0], bounds[1]], [bounds[2], bounds[3]]];
  const lon = line.map(point => point[0]);
  const lat = line.map(point => point[1]);
  const room = 0.002;
  return [[Math.min(...lon) - room, Math.min(...lat) - room],
    [Math.max(...lon) + room, Math.max(...lat) + room]];
};

// Beside the keys; the whole city may lie below them.
const fit = asked => (
  {padding: asked.line.length ? {top: 40, bottom: 40, left: 40, right: 76} : 12, maxZoom: 17});

// What is not on the map stays out of the legend.
const legend = (now, asked) => {
  const kinds = new Set(asked.features.map(one => one.properties.kind));
  const has = {
    way: kinds.has('way'),
    second: kinds.has('second'),
    observed: now.style.sources.observed.data.features.length,
    closed: now.style.sources.closed.data.features.length,
  };
  return make('ul', {}, ...now.legend.filter(([name]) => has[name] ?? true).map(([name, text]) =>
    make('li', {}, make('i', {className: `l-${name}`}), text)));
};

const surround = (now, asked) => {
  const ground = make('div', {className: 'ground'});
  const keys = make('div', {className: 'keys'});
  const trouble = make('p', {className: 'trouble'});
  const time = make('p', {className: now.stale ? 'note warn' : '', innerHTML: now.now});
  trouble.setAttribute('role', 'status');
  ground.append(make('div', {className: 'canvas'}), keys);
  const notes = form ? [now.words.press, ...now.notes] : now.notes;
  const about = [time, ...notes.map(textContent => make('p', {textContent})), trouble];
  const sources = make('p', {className: 'age', lang: 'ja', textContent: now.attributions.join('、')});
  const around = make('div', {className: 'moving noprint'}, ground,
    make('div', {className: 'said'}, ...about), legend(now, asked),
    make('div', {className: 'said'}, sources));
  around.setAttribute('role', 'group');
  around.setAttribute('aria-label', now.words.title);
  return {around, keys, trouble, canvas: ground.firstChild};
};

const press = (name, words, act) => {
  const made = make('button', {type: 'button', title: words[name], onclick: act}, icon(name));
  made.setAttribute('aria-label', words[name]);
  return made;
};

const chart = (now, asked, parts) => {
  const [west, south, east, north] = now.bounds;
  const style = painted(now.style);
  style.sources.question.data.features = asked.features;
  return new maplibregl.Map({
    container: parts.canvas,
    style,
    bounds: around(asked.line, now.bounds),
    fitBoundsOptions: fit(asked),
    maxBounds: [[west - 0.1, south - 0.1], [east + 0.1, north + 0.1]],
    minZoom: 9,
    maxZoom: 18,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    locale: {'Map.Title': `${now.words.title}。${now.words.keys}`},
  });
};

// On the home page a tap marks the point, as one on the plain map does.
const mark = ({lngLat}) => {
  const {lat, lon, q, box} = form.elements;
  lat.value = lngLat.lat.toFixed(6);
  lon.value = lngLat.lng.toFixed(6);
  q.value = box.value = '';
  form.submit();
};

const show = (now, asked) => {
  const parts = surround(now, asked);
  const tiles = new PMTiles(now.tiles);
  const say = () => { parts.trouble.textContent = now.words.broken; };
  maplibregl.setWorkerUrl(now.load.worker);
  maplibregl.addProtocol('city', async ({url}) => {
    const [zoom, x, y] = url.slice('city://'.length).split('/').map(Number);
    return {data: await tiles.tile(zoom, x, y)};
  });
  plain[0].before(parts.around);
  plain.forEach(one => one.classList.add('moved'));
  const map = chart(now, asked, parts);
  const close = () => {
    map.remove();
    parts.around.remove();
    plain.forEach(one => one.classList.remove('moved'));
    spot.classList.remove('moved');
    button.disabled = false;
    button.focus();
  };
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.on('styleimagemissing', ({id}) => mapImages.add(map, id));
  map.on('error', say);
  if (form) map.on('click', mark);
  const back = () => map.fitBounds(around(asked.line, now.bounds), fit(asked));
  parts.keys.append(
    press('close', now.words, close), press('closer', now.words, () => map.zoomIn()),
    press('farther', now.words, () => map.zoomOut()), press('back', now.words, back));
  spot.classList.add('moved');
  word.textContent = '';
  map.getCanvas().focus({preventScroll: true});
  parts.around.scrollIntoView({block: 'start'});
  parts.around.map = map;
};

const open = async () => {
  button.disabled = true;
  word.textContent = page.wait;
  try {
    const answer = await fetch(page.now, {cache: 'no-store', referrerPolicy: 'no-referrer'});
    const now = await answer.json();
    if (!now.tiles) throw new Error('the tiles are not there yet');
    if (!window.maplibregl) {
      await Promise.all([
        loaded('link', {rel: 'stylesheet', href: now.load.sheet}),
        loaded('script', {src: now.load.maplibre}), loaded('script', {src: now.load.reader}),
        loaded('script', {src: now.load.images})]);
    }
    show(now, question());
  } catch {
    button.disabled = false;
    word.textContent = page.none;
  }
};

button.onclick = open;
open();
})();
