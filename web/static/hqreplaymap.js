/* The map of a recorded moment: still lines, drawn from the record alone. */

import {at, make, put} from './deskdom.js';
import {said} from './hqreplaysay.js';
import {get} from './staff.js';

const box = at('map');
const GROUND = '/api/v1/headquarters/board/ground';
let drawing = null;
let ground = null;

/* The map's parts come on their own: without them the tables go on. */
const load = async () => {
  const [parts, palette, found] = await Promise.all([
    import('./hqboardsvg.js'), import('./hqboardmappalette.js'), get(GROUND).catch(() => null),
  ]);
  ground = found;
  return given => parts.boardSvg({...given, ink: palette.pagePalette()});
};

const without = () => {
  box.replaceChildren(make('p', {className: 'none', textContent: '地図を出せません。下の表は記録のとおりです。'}));
};

export const drawMap = async seen => {
  drawing ??= load();
  try {
    const boardSvg = await drawing;
    const then = Date.parse(seen.moment);
    const drawn = boardSvg({
      state: seen.state, areas: seen.areas, flows: null, ground, now: then, id: 'replay',
      meta: {read_at: seen.moment, checked_at: seen.moment, stale: false}, title: `${said(then)}の記録の地図`,
    });
    const parsed = new DOMParser().parseFromString(drawn, 'image/svg+xml').documentElement;
    const stamp = make('p', {className: 'stamp'});
    put(stamp, `記録 ${said(then)}`);
    box.replaceChildren(document.importNode(parsed, true), stamp);
  } catch {
    without();
  }
};
