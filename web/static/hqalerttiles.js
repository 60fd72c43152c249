/* The map that moves, to draw on: streets, water, what is closed now. Everything comes from our own
   server; gestures are those of the drawing above it. */

import {make} from './deskdom.js';

const NOW = '/map/now.json?lang=ja';
const EDGE = 12;

/* The style's colours are names of the page's CSS variables. */
const painted = value => {
  if (typeof value === 'string') return value.startsWith('--') ? mapImages.colour(value) : value;
  if (Array.isArray(value)) return value.map(painted);
  if (!value || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, painted(one)]));
};

const loaded = src => new Promise((resolve, reject) => {
  document.head.append(make('script', {referrerPolicy: 'no-referrer', onload: resolve, onerror: reject, src}));
});

const libraries = async ({load}) => {
  if (window.maplibregl) return;
  await Promise.all([load.maplibre, load.reader, load.images].map(loaded));
  maplibregl.setWorkerUrl(load.worker);
};

const read = async () => {
  if (!window.DecompressionStream || !make('canvas').getContext('webgl2')) throw Error('no map that moves');
  const answer = await fetch(NOW, {cache: 'no-store', referrerPolicy: 'no-referrer'});
  const now = await answer.json();
  if (!answer.ok || !now.tiles) throw Error('the tiles are not there yet');
  await libraries(now);
  return now;
};

const chart = (now, canvas) => {
  const tiles = new PMTiles(now.tiles);
  maplibregl.addProtocol('city', async ({url}) => {
    const [zoom, x, y] = url.slice('city://'.length).split('/').map(Number);
    return {data: await tiles.tile(zoom, x, y)};
  });
  const [west, south, east, north] = now.bounds;
  const map = new maplibregl.Map({
    container: canvas, style: painted(now.style), interactive: false, attributionControl: false, fadeDuration: 0,
    bounds: [[west, south], [east, north]], fitBoundsOptions: {padding: EDGE}, minZoom: 9, maxZoom: 18,
    maxBounds: [[west - 0.1, south - 0.1], [east + 0.1, north + 0.1]], trackResize: false,
  });
  map.on('styleimagemissing', ({id}) => mapImages.add(map, id));
  return map;
};

const plainText = markup => new DOMParser().parseFromString(markup, 'text/html').body.textContent;

const shown = map => new Promise((resolve, reject) => {
  map.once('load', resolve);
  map.once('webglcontextlost', reject);
});

/* What is not on this map stays out of it. */
const legendOf = ({legend, style}) => {
  const has = {way: false, second: false};
  for (const name of ['observed', 'closed']) has[name] = style.sources[name].data.features.length > 0;
  return legend.filter(([name]) => has[name] ?? true);
};

/* As `plainGround`, with `said` and `legend`: what is to be read beside it. Rejects where it cannot be drawn. */
export const movingGround = async (box, moved) => {
  const now = await read();
  const canvas = make('div', {className: 'canvas'});
  canvas.setAttribute('aria-hidden', 'true');
  canvas.style.visibility = 'hidden';
  box.prepend(canvas);
  try {
    const map = chart(now, canvas);
    await shown(map);
    map.getCanvas().tabIndex = -1;
    map.on('move', moved);
    const [west, south, east, north] = now.bounds;
    const still = {animate: false};
    return {
      map,
      legend: legendOf(now),
      said: [plainText(now.now), ...now.notes, now.attributions.join('、')],
      project: point => {
        const {x, y} = map.project(point);
        return [x, y];
      },
      unproject: point => map.unproject(point).toArray(),
      pan: (dx, dy) => map.panBy([-dx, -dy], still),
      zoom: (factor, point) => map.zoomTo(map.getZoom() + Math.log2(factor), {...still, around: map.unproject(point)}),
      all: () => map.fitBounds([[west, south], [east, north]], {...still, padding: EDGE}),
      shows: () => { canvas.style.visibility = ''; },
      resize: () => map.resize(),
      end: () => {
        map.remove();
        canvas.remove();
      },
    };
  } catch (error) {
    canvas.remove();
    throw error;
  }
};
