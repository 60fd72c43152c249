/* Drawing by keyboard: arrows move a cross-hair, Enter sets a corner there, a corner is picked up. */

const STEP_PX = 24;
const FINE_PX = 4;
const INSIDE_PX = 16;
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

const far = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1]);

/* `view`: line, ground(), spots(), size(), told(text), clear(), draw(). The cross-hair is `cross`
   ([lon, lat] or null), the corner that is carried `held` (-1: none). */
export const listenToKeys = (over, view) => {
  const {line} = view;
  const keys = {cross: null, held: -1};

  const middle = () => view.ground().unproject(view.size().map(one => one / 2));
  const where = () => `北緯${keys.cross[1].toFixed(5)} 東経${keys.cross[0].toFixed(5)}`;

  const arrow = ([right, down], fine) => {
    const step = fine ? FINE_PX : STEP_PX;
    const ground = view.ground();
    let [x, y] = ground.project(keys.cross ?? middle());
    const [wide, high] = view.size();
    [x, y] = [x + right * step, y + down * step];
    const inside = [Math.min(Math.max(x, INSIDE_PX), wide - INSIDE_PX), Math.min(Math.max(y, INSIDE_PX), high - INSIDE_PX)];
    if (far(inside, [x, y]) > 0) ground.pan(inside[0] - x, inside[1] - y);
    keys.cross = ground.unproject(inside);
    if (keys.held >= 0) line.move(keys.held, keys.cross, true);
    view.draw();
    view.told(where());
  };

  const nearest = () => {
    const from = view.ground().project(keys.cross ?? middle());
    const away = view.spots().map(one => far(one, from));
    return away.indexOf(Math.min(...away));
  };

  const pick = () => {
    const found = keys.held >= 0 ? -1 : nearest();
    if (keys.held < 0 && found < 0) return;
    if (found >= 0) {
      keys.cross = line.now().corners[found];
      line.move(found, keys.cross);
    }
    keys.held = found;
    view.draw();
    view.told(found >= 0 ? `${found + 1}番目の角を持っています。矢印で動かし、Enterで置きます。` : '角を置きました。');
  };

  const enter = () => {
    const {corners, closed} = line.now();
    if (keys.held >= 0) return pick();
    if (!keys.cross || closed) return line.canClose() ? line.close() : undefined;
    const spot = view.ground().project(keys.cross);
    const meets = point => point && far(view.ground().project(point), spot) < 2;
    if (line.canClose() && (meets(corners[0]) || meets(corners.at(-1)))) return line.close();
    return meets(corners.at(-1)) ? undefined : line.add(keys.cross);
  };

  const remove = () => {
    const found = keys.held >= 0 ? keys.held : nearest();
    keys.held = -1;
    if (found >= 0) line.remove(found);
  };

  const undo = () => {
    keys.held = -1;
    if (line.canUndo()) line.undo();
  };

  const escape = () => {
    if (keys.held >= 0) undo();
    else if (keys.cross && !line.now().corners.length) keys.cross = null;
    else return view.clear();
    view.draw();
    return true;
  };

  const zoom = factor => () => view.ground().zoom(factor, view.ground().project(keys.cross ?? middle()));
  const ACTS = {
    'Enter': enter, ' ': pick, 'Backspace': undo, 'Delete': remove, '+': zoom(2), ';': zoom(2), '-': zoom(0.5), '0': () => view.ground().all(),
  };

  over.addEventListener('keydown', event => {
    if (!view.ground() || event.altKey || event.isComposing) return;
    const back = event.key === 'z' && (event.ctrlKey || event.metaKey);
    if ((event.ctrlKey || event.metaKey) && !back) return;
    if (event.key === 'Escape') {
      if (!escape()) return;
    } else if (back) undo();
    else if (event.key in ARROWS) arrow(ARROWS[event.key], event.shiftKey);
    else if (event.key in ACTS) ACTS[event.key]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    cross: () => keys.cross,
    drop: () => { Object.assign(keys, {cross: null, held: -1}); },
  };
};
