/* Headquarters' map: mountMap(element, options) → {update, select, toggle, destroy}.

   update(state, areas, flows, meta)  what is known now (areas as board/map answers them); drawn at most once a second,
          twice while somebody moves it. `meta` holds
          read_at (when the board's answer came), checked_at and stale (of the plan).
   select(key)   points at what a decision is about ("closure:5"); nothing where that has no place.
   toggle(id)    shows or hides a layer, at once.
   options: readOnly (no keys, no moving), now() in milliseconds, letter (pixels), brief (levels alone
   have labels), legend, tiles (false: the plain ground alone). */

import {put} from './deskdom.js';
import {corners, boardParts, everywhere, LETTER} from './hqboardsvg.js';
import {viewOf} from './hqboardmapgeo.js';
import {framed} from './hqboardmapframe.js';
import {plainGround, tiledGround} from './hqboardmapground.js';
import {layerStates, shapeless} from './hqboardmaplayers.js';
import {renewLegend} from './hqboardmaplegend.js';
import {layerOfKey, listened} from './hqboardmapkeys.js';
import {pagePalette} from './hqboardmappalette.js';
import {groundSvg} from './hqboardmapplain.js';
import {ringAround, spotsOfKey} from './hqboardmappoint.js';
import {surface} from './hqboardmapsurface.js';
import {now as serverNow} from './staff.js';

const APART_MS = 1000;
const MOVED_APART_MS = 500;
const AGES_MS = 5000;
const TILES_AGAIN_MS = 60e3;
const GOES_ON = '簡単な地図で続けます。表と一覧は使えます。';
let maps = 0;

export const mountMap = (element, options = {}) => {
  const {readOnly = false, now = serverNow, letter = LETTER, brief = false, legend = true, tiles = true} = options;
  const id = `board${maps += 1}`;
  const over = surface();
  const hands = {view: () => view, change: to => look(to), back: () => back()};
  const {box, trouble, tag, list, taken} = framed(element, over.box, {legend, hands: readOnly ? null : hands});
  const off = new Set();
  let given = {state: null, areas: null, shapes: null, flows: null, meta: {}};
  let ground = null;
  let tiled = null;
  let why = '';
  let ink = pagePalette();
  let view = viewOf(everywhere(null, null), size());
  let byHand = false;
  let timer = 0;
  let due = 0;
  let last = -Infinity;
  let pointed = null;
  let again = 0;
  let ended = false;

  function size() {
    return {width: box.clientWidth || 640, height: box.clientHeight || 480};
  }

  const layers = () => layerStates({...given, now: now(), edition: tiled ? '市の地図' : ground ? '簡単な図' : ''});

  const sayAges = () => {
    const found = layers();
    if (legend) renewLegend(list, found, {ink, off, press: toggle});
    put(tag, given.state?.city?.city?.fictional ? '架空の市' : '');
    over.name(found);
    return found;
  };

  const notDrawn = () => {
    const count = given.areas ? shapeless(given).length : 0;
    return count ? `区域の形を読めない発令${count}件は、この地図に出ていません。` : '';
  };

  const say = said => put(trouble, [given.state ? '' : '本部の状態をまだ読めていません。', why, ground || tiled ? '' : '地図の下地がありません。', notDrawn(), said].filter(Boolean).join(' '));

  const fit = () => {
    view = {...viewOf(byHand ? everywhere(ground, given.state) : corners({...given, ground}), {...size(), edge: letter * 3})};
  };

  const beneath = () => over.put('ground', tiled ? '' : ground ? groundSvg(ground, view, ink, {id, off}) : '');

  const draw = () => {
    timer = 0;
    last = performance.now();
    if (ended) return;
    if (!byHand) fit();
    view = {...view, ...size()};
    const found = sayAges();
    if (found.every(one => one.tone === 'lost')) over.clear();
    const {parts, said} = boardParts({...given, ground, view, now: now(), ink, letter, brief, id, off, taken: taken()});
    over.begin(view, ink);
    beneath();
    for (const [name, inside] of parts) over.put(name, inside);
    over.put('pointed', ringAround(pointed, given, view, ink, letter));
    over.hide(off);
    tiled?.move(view);
    say(said);
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  };

  const soon = (apart = APART_MS) => {
    const wanted = last + apart;
    if (ended || (timer && wanted >= due)) return;
    clearTimeout(timer);
    due = wanted;
    timer = setTimeout(draw, Math.max(0, due - performance.now()));
  };

  const look = to => {
    byHand = true;
    view = to;
    over.shift(view);
    tiled?.move(view);
    soon(MOVED_APART_MS);
  };

  const back = () => {
    byHand = false;
    soon(MOVED_APART_MS);
  };

  function toggle(layer) {
    if (off.has(layer)) off.delete(layer); else off.add(layer);
    over.hide(off);
    if (layer === 'assumed') tiled?.toggle();
    sayAges();
    soon(MOVED_APART_MS);
  }

  const lost = (text, all) => {
    why = all ? `${text}${GOES_ON}` : text;
    if (all) {
      tiled?.end();
      tiled = null;
      element.dataset.ground = 'plain';
    }
    soon();
  };

  const begin = async () => {
    ground ??= await plainGround();
    if (!byHand) fit();
    soon(0);
    if (!tiles || ended) return;
    why = '';
    try {
      const made = await tiledGround(box, {view: () => view, off: () => off.has('assumed'), lost});
      if (ended) made.end(); else tiled = made;
    } catch (error) {
      if (!error.final) again = setTimeout(begin, TILES_AGAIN_MS);
      why = `${error.said ?? '動く地図を始められません。'}${GOES_ON}`;
    }
    element.dataset.ground = tiled ? 'tiles' : 'plain';
    soon(0);
  };

  const repaint = () => {
    ink = pagePalette();
    tiled?.repaint();
    soon();
  };

  const resized = () => {
    tiled?.resize();
    soon();
  };

  const stop = listened({box, repaint, resized, ages: sayAges, every: AGES_MS, key: readOnly ? null : event => {
    const layer = layerOfKey(event);
    if (layer) toggle(layer);
    return layer;
  }});
  begin();
  soon();

  return {
    update: (state, areas, flows, meta = {}) => {
      const more = !given.state || !given.areas && areas || !given.flows && flows;
      given = {state, areas: areas?.areas ?? areas, shapes: areas?.orders ?? null, flows, meta: {read_at: new Date(now()).toISOString(), ...meta}};
      soon(more ? 0 : APART_MS);
    },
    select: key => {
      pointed = key;
      const spots = spotsOfKey(key, given);
      const beyond = spots.length && !over.holds(spots, view);
      if (beyond) look({...viewOf(spots, {...size(), edge: letter * 6, closest: 15})}); else soon(MOVED_APART_MS);
    },
    toggle,
    destroy: () => {
      ended = true;
      clearTimeout(timer);
      clearTimeout(again);
      stop();
      tiled?.end();
      element.replaceChildren();
    },
  };
};
