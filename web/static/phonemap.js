/* The pin on a small map: moved by arrow keys, or by a press on the map. */

const map = document.getElementById('map');
const image = document.getElementById('map-image');
const pin = document.getElementById('pin');
const EDGE = .12;
const STEP_M = 10;
const FAR_M = 50;
const METRES_A_DEGREE = 111320;
const MOVES = {ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0]};

let sides = null;
let at = null;
let moved = () => {};

const place = () => {
  if (!sides || !at) return;
  const x = (at.lon - sides.west) / (sides.east - sides.west);
  const y = (sides.north - at.lat) / (sides.north - sides.south);
  pin.style.left = `${100 * x}%`;
  pin.style.top = `${100 * y}%`;
};

const isInside = () => {
  if (!sides) return false;
  const x = (at.lon - sides.west) / (sides.east - sides.west);
  const y = (sides.north - at.lat) / (sides.north - sides.south);
  return Math.min(x, y, 1 - x, 1 - y) > EDGE;
};

export const putPin = position => {
  at = {lat: position.lat, lon: position.lon};
  place();
};

/* The map that an answer brings: another image only where the pin would leave this one. */
export const putMap = next => {
  if (sides && sides.url !== next.url && isInside()) return;
  if (!sides || sides.url !== next.url) image.src = next.url;
  sides = next;
  place();
};

const go = (east, north) => {
  const lat = at.lat + north / METRES_A_DEGREE;
  const lon = at.lon + east / (METRES_A_DEGREE * Math.cos(at.lat * Math.PI / 180));
  at = {lat: Number(lat.toFixed(6)), lon: Number(lon.toFixed(6))};
  place();
  moved(at);
};

export const listenToMap = whenMoved => {
  moved = whenMoved;
  map.addEventListener('keydown', event => {
    const move = MOVES[event.key];
    if (!move || !at || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    const metres = event.shiftKey ? FAR_M : STEP_M;
    go(move[0] * metres, move[1] * metres);
  });
  map.addEventListener('click', event => {
    if (!sides || !at) return;
    const box = image.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
    const y = (event.clientY - box.top) / box.height;
    const lat = sides.north - y * (sides.north - sides.south);
    const lon = sides.west + x * (sides.east - sides.west);
    at = {lat: Number(lat.toFixed(6)), lon: Number(lon.toFixed(6))};
    place();
    moved(at);
  });
};
