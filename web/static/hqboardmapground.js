/* What lies beneath headquarters' map: tiles drawn by MapLibre, all from our own server. */

import {make} from './deskdom.js';
import {TILE, fromMercator} from './hqboardmapgeo.js';

const NOW = '/map/now.json?lang=ja';
const PLAIN = '/api/v1/headquarters/board/ground';
/* What is plain is there meanwhile. */
const PATIENCE_MS = 45e3;
const NONE = '地図の下地（タイル）を読めません。';
const SOME = '地図の下地（タイル）の一部を読めません。';
/* The public map's layers that are ground; forecasts are shown nowhere here. */
const GROUND = new Set(['land', 'depth', 'yellow', 'red', 'rivers', 'streams', 'road-edges', 'roads', 'steps', 'areas', 'collapse']);
const ASSUMED = ['depth', 'yellow', 'red', 'collapse'];

const trouble = (text, final = false) => Object.assign(Error(text), {said: text, final});

const painted = value => {
  if (typeof value === 'string') return value.startsWith('--') ? mapImages.colour(value) : value;
  if (Array.isArray(value)) return value.map(painted);
  if (!value || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, painted(one)]));
};

/* Red is kept for what a person must act on. */
const QUIET = {collapse: {'line-color': '--muted', 'line-width': 2, 'line-dasharray': [0.5, 2.5]}};

const layerOf = (one, off) => ({
  ...one, paint: {...one.paint, ...QUIET[one.id]},
  layout: ASSUMED.includes(one.id) ? {...one.layout, visibility: off ? 'none' : 'visible'} : one.layout ?? {},
});

const styleOf = ({style}, off) => painted({
  ...style, sources: {city: style.sources.city}, layers: style.layers.filter(one => GROUND.has(one.id)).map(one => layerOf(one, off)),
});

const loaded = src => new Promise((resolve, reject) => {
  document.head.append(make('script', {referrerPolicy: 'no-referrer', onload: resolve, onerror: reject, src}));
});

const libraries = async ({load}) => {
  if (!window.maplibregl) {
    await Promise.all([load.maplibre, load.reader, load.images].map(loaded)).catch(() => { throw trouble('地図のプログラムを読めません。'); });
  }
  maplibregl.setWorkerUrl(load.worker);
};

const asked = async url => {
  const answer = await fetch(url, {cache: 'no-store', referrerPolicy: 'no-referrer'});
  if (!answer.ok) throw Error(`${url} answers ${answer.status}`);
  return answer.json();
};

/* The ground that needs no library; null where it cannot be read. */
export const plainGround = () => asked(PLAIN).catch(() => null);

const drawsGl = () => {
  const found = make('canvas').getContext('webgl2');
  found?.getExtension('WEBGL_lose_context')?.loseContext();
  return Boolean(found);
};

const read = async () => {
  if (!window.DecompressionStream || !drawsGl()) throw trouble('この画面は動く地図を描けません（WebGLなし）。', true);
  const now = await asked(NOW).catch(() => { throw trouble('地図の下地を読めません。'); });
  if (!now.tiles) throw trouble('地図の下地（タイル）がまだありません。');
  await libraries(now);
  return now;
};

const zoomOf = scale => Math.log2(scale / TILE);
const placeOf = view => ({center: fromMercator(view.middle), zoom: zoomOf(view.scale)});

/* `heard` of each tile whether it could be read. */
const protocol = (address, heard) => {
  const tiles = new PMTiles(address);
  maplibregl.addProtocol('city', async ({url}) => {
    const [zoom, x, y] = url.slice('city://'.length).split('/').map(Number);
    try {
      const data = await tiles.tile(zoom, x, y);
      heard(true);
      return {data};
    } catch (error) {
      heard(false);
      throw error;
    }
  });
};

const chart = (now, canvas, view, off) => new maplibregl.Map({
  container: canvas, style: styleOf(now, off), interactive: false, attributionControl: false, fadeDuration: 0, trackResize: false,
  ...placeOf(view), minZoom: 7, maxZoom: 19,
});

/* Once all of what is in view is drawn: before that the plain ground stays. */
const whole = (map, failed) => new Promise((resolve, reject) => {
  const late = setTimeout(() => reject(trouble('地図の下地が届きません。')), PATIENCE_MS);
  const done = act => value => {
    clearTimeout(late);
    act(value);
  };
  failed.then(done(() => reject(trouble(NONE))));
  map.once('idle', done(resolve));
  map.once('webglcontextlost', done(() => reject(trouble('地図の描画が止まりました。'))));
});

/* Tiles in `box`, behind what is there already. Rejects with what is to be `said`; `final`: it is not
   worth another try.
   `lost(text)`: what stops it later. */
export const tiledGround = async (box, {view, off, lost}) => {
  const now = await read();
  const canvas = make('div', {className: 'tiles'});
  canvas.setAttribute('aria-hidden', 'true');
  let broken;
  let any = false;
  let bad = false;
  const all = () => bad && !any;
  const failed = new Promise(resolve => { broken = resolve; });
  protocol(now.tiles, good => {
    any ||= good;
    bad ||= !good;
    if (!good) broken();
  });
  box.prepend(canvas);
  let map;
  try {
    map = chart(now, canvas, view(), off());
    map.on('styleimagemissing', ({id}) => mapImages.add(map, id));
    map.on('error', () => {});
    await whole(map, failed);
    if (all()) throw trouble(NONE);
  } catch (error) {
    map?.remove();
    canvas.remove();
    throw error.said ? error : trouble('動く地図を始められません。');
  }
  map.getCanvas().tabIndex = -1;
  let placed = '';
  const place = to => {
    const wanted = placeOf(to);
    const words = JSON.stringify(wanted);
    // Each jump draws the whole ground, even one to where it is.
    if (words === placed) return;
    placed = words;
    map.jumpTo(wanted);
  };
  failed.then(() => lost(all() ? NONE : SOME, all()));
  map.on('webglcontextlost', () => lost('地図の描画が止まりました。', true));
  return {
    credits: now.attributions,
    move: place,
    resize: () => map.resize(),
    toggle: () => { for (const id of ASSUMED) if (map.getLayer(id)) map.setLayoutProperty(id, 'visibility', off() ? 'none' : 'visible'); },
    repaint: () => map.setStyle(styleOf(now, off()), {diff: false}),
    end: () => {
      map.remove();
      canvas.remove();
    },
  };
};
