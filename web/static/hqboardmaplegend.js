/* The legend of headquarters' map, which is the list of its layers too: key, sign, word, age. */

import {fill, make, put} from './deskdom.js';
import {saidOf} from './hqboardmaplayers.js';
import {closedSign, gaugeSign, placeSign, tag, teamSign} from './hqboardmapmarks.js';
import {BAND_WORDS} from './hqboardmapwords.js';

const S = 16;
const at = (x, inside) => tag('g', {transform: `translate(${x} ${S / 2 + 1})`}, inside);
const strip = (x, colour, width = 3, dash = null) => tag('path', {'d': `M${x} ${S / 2 + 1}h20`, 'fill': 'none', 'stroke': colour, 'stroke-width': width, 'stroke-dasharray': dash});
const stripes = (x, colour) => tag('path', {'d': `M${x} ${S}L${x + 6} 2M${x + 5} ${S}L${x + 11} 2M${x + 10} ${S}L${x + 16} 2`, 'fill': 'none', 'stroke': colour, 'stroke-width': 2});

const SIGNS = {
  orders: ink => [3, 4, 5].map((level, x) => tag('rect', {'x': 2 + x * 16, 'y': 3, 'width': 12, 'height': 12, 'fill': ink[`lv${level}`], 'stroke': ink[`rim${level}`], 'stroke-width': 2})).join(''),
  assumed: ink => stripes(1, ink.could) + stripes(18, ink.yellow) + tag('path', {'d': `M37 ${S / 2 + 1}h13`, 'fill': 'none', 'stroke': ink.muted, 'stroke-width': 3, 'stroke-dasharray': '1 5', 'stroke-linecap': 'round'}),
  water: ink => tag('rect', {x: 12, y: 3, width: 26, height: 12, fill: ink.is}),
  closures: ink => at(15, closedSign(false, 13, ink)) + at(38, closedSign(true, 12, ink)),
  sites: ink => ['room', 'full', 'unknown'].map((band, x) => at(8 + x * 17, placeSign(band, 13, ink))).join(''),
  unreached: ink => [[12, 5], [20, 12], [26, 6], [33, 13], [38, 4]].map(([cx, cy]) => tag('circle', {cx, cy, r: 2, fill: ink.ink})).join(''),
  teams: ink => at(14, teamSign(false, 13, ink, {})) + at(37, teamSign(true, 14, ink, {})),
  gauges: ink => at(25, gaugeSign(12, ink, {})),
  flows: ink => strip(4, ink.action, 2) + strip(27, ink.action, 5),
};

export const signOf = (id, ink) => `<svg viewBox="0 0 50 18" width="50" height="18" aria-hidden="true">${SIGNS[id](ink)}</svg>`;

const row = (layer, ink, press) => {
  const button = make('button', {type: 'button', className: 'layer', onclick: () => press(layer.id)});
  button.dataset.layer = layer.id;
  const sign = make('span', {className: 'sign', innerHTML: signOf(layer.id, ink)});
  const told = make('span', {className: 'told'}, make('span', {className: 'what', textContent: layer.word}), ' ', make('span', {className: 'age'}));
  button.append(sign, make('kbd', {textContent: layer.key}), told);
  return make('li', {}, button);
};

/* Draws the rows once, renews their ages later. `off`: layers that are not shown now. */
export const renewLegend = (list, layers, {ink, off, press}) => {
  fill(list, JSON.stringify(ink), () => layers.map(one => row(one, ink, press)));
  for (const one of layers) {
    const button = list.querySelector(`[data-layer=${one.id}]`);
    button.dataset.tone = one.tone;
    button.setAttribute('aria-pressed', String(!off.has(one.id)));
    put(button.querySelector('.age'), saidOf(one));
  }
};

const keyed = (sign, word) => {
  const made = make('span', {innerHTML: `<svg viewBox="-11 -11 22 22" aria-hidden="true">${sign}</svg>`});
  made.append(word);
  return made;
};

/* What the shapes mean, in words; `water`: how old what was seen is, or nothing where none was. */
export const shapesKey = (ink, water) => [
  ...Object.entries(BAND_WORDS).map(([band, word]) => keyed(placeSign(band, 18, ink), word)),
  keyed(closedSign(false, 17, ink), '通行止'), keyed(closedSign(true, 15, ink), '一時停止'),
  ...(water ? [keyed(tag('rect', {x: -11, y: -6, width: 22, height: 12, fill: ink.is}), `確認した水 ${water}`)] : []),
];
