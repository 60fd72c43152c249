/* The wall: asks the board's answer every few seconds, and says loudly when there is none. */

import {at, fill, put} from './deskdom.js';
import {mountMap} from './hqboardmap.js';
import {mapData} from './hqboardmapdata.js';
import {lettersOff} from './hqboardmapkeys.js';
import {ageWords} from './hqboardmaplayers.js';
import {shapesKey} from './hqboardmaplegend.js';
import {pagePalette} from './hqboardmappalette.js';
import {drawDecisions, drawLevels, drawMode, drawNumbers, waterAge} from './hqwalldraw.js';
import {modeOf} from './hqboardwords.js';
import {readBoard} from './hqboardread.js';
import {now, setClock} from './staff.js';

const EVERY_MS = 5000;
const STALE_MS = 60e3;
const LOUD_EVERY_MS = 1000;
const {zone, now: loadedAt} = at('wall').dataset;
const format = new Intl.DateTimeFormat('ja-JP', {timeZone: zone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit'});

const kept = (name, value) => {
  try {
    localStorage.setItem(name, value);
  } catch {
    // It holds as long as the page is open.
  }
};

const unit = () => Math.max(1, Math.min(innerWidth / 1920, innerHeight / 1080));
const read = {at: null, answer: null};
const data = mapData();
let beside = {areas: null, flows: null};
setClock(loadedAt);

let map = null;
const mount = () => {
  map?.destroy();
  map = mountMap(at('wall-map'), {readOnly: true, legend: false, brief: true, letter: Math.round(28 * unit())});
  map.size = unit();
};
mount();

const drawKey = () => {
  const ink = pagePalette();
  const water = read.answer ? waterAge(read.answer.state, now()) : '';
  fill(at('w-key'), JSON.stringify([ink, water]), () => shapesKey(ink, water));
};

const draw = () => {
  const {answer} = read;
  if (!answer) return;
  drawKey();
  drawMode(modeOf(answer.state));
  drawLevels(answer.state);
  drawNumbers(answer.state, now());
  drawDecisions(answer.state, zone, now());
};

/* Since when nothing newer is known: of the server, or of the planner behind it. */
const oldAge = () => {
  if (!read.at) return performance.now() > STALE_MS ? '一度も読めていません' : '';
  const seen = now() - Date.parse(read.at);
  if (seen > STALE_MS) return `${ageWords(seen / 6e4)}の内容です。本部の状態を読めません`;
  if (!read.answer.stale) return '';
  const checked = read.answer.checked_at;
  return `案内の計画は${checked ? `${ageWords((now() - Date.parse(checked)) / 6e4)}の内容` : '確認できません'}`;
};

const tick = () => {
  const old = oldAge();
  put(at('w-clock'), format.format(now()).replace(/^0/, ''));
  at('w-stale').hidden = !old;
  put(at('w-stale'), old ? `古い表示　${old}` : '');
  document.body.classList.toggle('old', Boolean(old));
  if (unit() !== map.size) mount();
  draw();
};

/* What belongs to the map alone may come later than the state: it is drawn with what is there. */
const drawMap = () => {
  const {state, now: read_at, checked_at, stale} = read.answer;
  map.update(state, beside.areas, beside.flows, {read_at, checked_at, stale});
};

const ask = async () => {
  try {
    const answer = await readBoard(read.answer);
    setClock(answer.now);
    Object.assign(read, {at: answer.now, answer});
    draw();
    drawMap();
    beside = await data(answer.state);
    drawMap();
  } catch {
    // The age that grows says it.
  } finally {
    setTimeout(ask, EVERY_MS);
  }
};

const theme = () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === 'dark';
  document.documentElement.dataset.theme = dark ? 'light' : 'dark';
  kept('theme', document.documentElement.dataset.theme);
  drawKey();
};

at('w-theme').addEventListener('click', theme);
const letters = at('w-letters');
letters.checked = !lettersOff();
letters.addEventListener('change', () => kept('letters', letters.checked ? 'on' : 'off'));
document.addEventListener('keydown', event => {
  if (!letters.checked || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = {d: theme, b: () => { location.href = '/hq'; }}[event.key.toLowerCase()];
  act?.();
});
drawKey();
tick();
setInterval(tick, LOUD_EVERY_MS);
ask();
