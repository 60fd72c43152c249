// Signs, hatches and texts of the map that moves, drawn in the page's colours when it needs them.
const mapImages = (() => {
const FONT = '"BIZ UDPGothic","Hiragino Sans","Noto Sans JP","Noto Sans CJK JP",sans-serif';
const SIZES = {street: 13, area: 16, place: 14};

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const drawn = (wide, high, draw) => {
  const size = {width: 2 * wide, height: 2 * high};
  const canvas = Object.assign(document.createElement('canvas'), size);
  const pen = canvas.getContext('2d');
  pen.scale(2, 2);
  draw(pen);
  return pen.getImageData(0, 0, 2 * wide, 2 * high);
};

// A text with the phone's own fonts: no outside server is asked for letters.
const lettered = (kind, text) => {
  const size = SIZES[kind];
  const font = `${kind === 'area' ? 700 : 400} ${size}px ${FONT}`;
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = font;
  const wide = Math.ceil(pen.measureText(text).width) + 8;
  const high = size + 10;
  return drawn(wide, high, on => {
    Object.assign(on, {font, textAlign: 'center', textBaseline: 'middle', lineJoin: 'round'});
    Object.assign(on, {lineWidth: 4, strokeStyle: colour('--land'), fillStyle: colour('--ink')});
    on.strokeText(text, wide / 2, high / 2);
    on.fillText(text, wide / 2, high / 2);
  });
};

const hatched = (name, side, width, slope) => drawn(side, side, on => {
  Object.assign(on, {strokeStyle: colour(name), lineWidth: width, lineCap: 'square'});
  for (const shift of [-side, 0, side]) {
    on.beginPath();
    on.moveTo(shift, slope > 0 ? 0 : side);
    on.lineTo(shift + side, slope > 0 ? side : 0);
    on.stroke();
  }
});

const disc = (side, fill, rim, width, then = () => {}) => drawn(side, side, on => {
  Object.assign(on, {fillStyle: colour(fill), strokeStyle: colour(rim), lineWidth: width});
  on.beginPath();
  on.arc(side / 2, side / 2, (side - width) / 2 - 1, 0, 7);
  on.fill();
  on.stroke();
  then(on, side / 2);
});

const numbered = (text, name) => (on, middle) => {
  Object.assign(on, {textAlign: 'center', textBaseline: 'middle', fillStyle: colour(name)});
  on.font = `700 17px ${FONT}`;
  on.fillText(text, middle, middle + 1);
};

const cross = (on, middle) => {
  on.lineWidth = 3;
  on.beginPath();
  for (const way of [1, -1]) {
    on.moveTo(middle - 4, middle - 4 * way);
    on.lineTo(middle + 4, middle + 4 * way);
  }
  on.stroke();
};

const dot = (on, middle) => {
  on.fillStyle = colour('--ink');
  on.beginPath();
  on.arc(middle, middle, 3.5, 0, 7);
  on.fill();
};

const IMAGES = {
  'hatch-could': () => hatched('--could', 8, 2.5, -1),
  'hatch-yellow': () => hatched('--yellow', 9, 3, 1),
  'hatch-slide': () => hatched('--slide', 7, 2.5, 1),
  closed: () => disc(20, '--paper', '--red', 2.5, cross),
  'place-1': () => disc(30, '--action', '--case', 2.5, numbered('1', '--on')),
  'place-2': () => disc(28, '--paper', '--action', 2.5, numbered('2', '--ink')),
  door: () => disc(26, '--paper', '--ink', 5, dot),
  site: () => drawn(12, 12, on => {
    Object.assign(on, {fillStyle: colour('--ink'), strokeStyle: colour('--land'), lineWidth: 1.5});
    on.fillRect(1, 1, 10, 10);
    on.strokeRect(1, 1, 10, 10);
  }),
};

const add = (map, id) => {
  const cut = id.indexOf('|');
  if (map.hasImage(id)) return;
  if (cut > 0) map.addImage(id, lettered(id.slice(0, cut), id.slice(cut + 1)), {pixelRatio: 2});
  else if (IMAGES[id]) map.addImage(id, IMAGES[id](), {pixelRatio: 2});
};

return {add, colour};
})();
