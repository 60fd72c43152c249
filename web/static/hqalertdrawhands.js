/* Drawing by mouse, pen or finger: a press adds a corner, a corner is dragged, the ground is pushed,
   two fingers or the wheel change its scale. */

const STILL_PX = 6;
const NEAR_PX = {mouse: 10, pen: 14, touch: 22};
const EDGE_PX = 12;

const far = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1]);

/* How far a point lies from the stretch between two others. */
const beside = (point, from, to) => {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const share = ((point[0] - from[0]) * dx + (point[1] - from[1]) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.min(Math.max(share, 0), 1);
  return far(point, [from[0] + t * dx, from[1] + t * dy]);
};

/* `view`: line, ground(), spots() (pixels of all corners), press(event). */
export const listenToHands = (over, view) => {
  const {line} = view;
  const fingers = new Map();
  let grip = null;

  const at = event => {
    const box = over.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const cornerAt = (point, event) => {
    const away = view.spots().map(one => far(one, point));
    const nearest = away.indexOf(Math.min(...away));
    return nearest >= 0 && away[nearest] <= (NEAR_PX[event.pointerType] ?? NEAR_PX.mouse) ? nearest : -1;
  };
  const edgeAt = point => {
    const spots = view.spots();
    const away = spots.map((one, index) => beside(point, one, spots[(index + 1) % spots.length]));
    const nearest = away.indexOf(Math.min(...away));
    return away[nearest] <= EDGE_PX ? nearest + 1 : -1;
  };

  const click = point => {
    const {corners, closed, whole} = line.now();
    const place = view.ground().unproject(point);
    // The second press of a double one meets the corner that the first one made.
    if ([0, corners.length - 1].includes(grip.corner) && line.canClose()) line.close();
    else if (grip.corner >= 0 || whole) view.press();
    else if (!closed) line.add(place);
    else if (corners.length && edgeAt(point) > 0) line.insert(edgeAt(point), place);
    else view.press();
  };

  const pinch = () => {
    const [one, other] = [...fingers.values()];
    return {apart: far(one, other), middle: [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2]};
  };

  over.addEventListener('pointerdown', event => {
    if (event.button || !view.ground()) return;
    over.focus({preventScroll: true});
    over.setPointerCapture(event.pointerId);
    const point = at(event);
    fingers.set(event.pointerId, point);
    grip = {from: point, corner: cornerAt(point, event), moved: fingers.size > 1, drags: false, pinch: fingers.size === 2 && pinch()};
    view.hands();
  });

  over.addEventListener('pointermove', event => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const point = at(event);
    fingers.set(event.pointerId, point);
    if (fingers.size === 2 && grip.pinch) {
      const next = pinch();
      view.ground().pan(next.middle[0] - grip.pinch.middle[0], next.middle[1] - grip.pinch.middle[1]);
      view.ground().zoom(next.apart / (grip.pinch.apart || 1), next.middle);
      grip.pinch = next;
      return;
    }
    if (!grip.moved && far(point, grip.from) < STILL_PX) return;
    if (grip.corner >= 0) {
      line.move(grip.corner, view.ground().unproject(point), grip.drags);
      grip.drags = true;
    } else view.ground().pan(...(grip.moved ? [point[0] - before[0], point[1] - before[1]] : [point[0] - grip.from[0], point[1] - grip.from[1]]));
    grip.moved = true;
  });

  const lift = event => {
    if (!fingers.delete(event.pointerId)) return;
    if (!grip.moved && !fingers.size && event.type === 'pointerup') click(at(event));
    grip = {...grip, moved: true, corner: -1, pinch: false};
  };
  over.addEventListener('pointerup', lift);
  over.addEventListener('pointercancel', lift);
  over.addEventListener('wheel', event => {
    // The page scrolls under the wheel until somebody works on the map.
    if (document.activeElement !== over || !view.ground()) return;
    event.preventDefault();
    view.ground().zoom(2 ** (-Math.sign(event.deltaY) / 2), at(event));
  }, {passive: false});
};
