// Hands on the map: a tap, a finger that pushes it, arrow keys that move a cross-hair.
const STEP_M = 5;
const SMALL_STEP_M = 1;
const STILL = 8;
const MOVES = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

// While `edits.on`, all of it goes to its `drawing`.
export const listenToHands = (map, edits) => {
  const {svg} = map;
  const {drawing} = edits;

  const press = event => {
    if (!edits.on) return;
    const began = [event.clientX, event.clientY];
    let last = began;
    let isPan = false;
    svg.setPointerCapture(event.pointerId);
    svg.onpointermove = ({clientX, clientY}) => {
      isPan ||= Math.hypot(clientX - began[0], clientY - began[1]) > STILL;
      if (!isPan) return;
      map.pan(clientX - last[0], clientY - last[1]);
      last = [clientX, clientY];
      edits.changed();
    };
    svg.onpointercancel = svg.onpointerup = ({type, clientX, clientY}) => {
      svg.onpointermove = svg.onpointerup = svg.onpointercancel = null;
      if (isPan || type === 'pointercancel') return;
      const {left, top} = svg.getBoundingClientRect();
      drawing.tapped(map.unproject([clientX - left, clientY - top]));
    };
  };

  const move = ([x, y], metres) => {
    const [px, py] = map.project(drawing.aim);
    const step = metres * map.scale;
    const next = map.unproject([px + x * step, py - y * step]);
    const [width, height] = map.size;
    const [nx, ny] = map.project(next);
    if (nx < 0 || ny < 0 || nx > width || ny > height) map.look(...next);
    drawing.moved(next);
  };

  const key = event => {
    if (!edits.on) return;
    const way = MOVES[event.key];
    if (way) {
      event.preventDefault();
      move(way, event.shiftKey ? SMALL_STEP_M : STEP_M);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      drawing.entered();
    } else if (event.key === 'Backspace') drawing.stepBack();
    else if (event.key === 'Escape') edits.close();
  };

  svg.onkeydown = key;
  svg.onpointerdown = press;
};
