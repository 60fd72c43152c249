/* 記録再生: a slider over a night, and what headquarters saw in each of its minutes. Nothing of it can be
   acted on, and nothing of it is live: its ages are reckoned from the moment that is looked at. */

import {at, make, put} from './deskdom.js';
import {isTyping, pageKeys} from './hqbarkeys.js';
import './hqbarmode.js';
import {listenToAgain, nameSites, openAgain, showNight} from './hqreplayagain.js';
import {drawEvent, drawRail, eventBeside} from './hqreplayrail.js';
import {API, root, said} from './hqreplaysay.js';
import {drawSeen} from './hqreplayview.js';
import {get} from './staff.js';

const MINUTE = 6e4;
const slider = at('slider');
let night = null;
let first = 0;
let wanted = null;
let asking = false;
let playing = 0;

const momentOf = minutes => Math.min(first + minutes * MINUTE + MINUTE - 1, Date.parse(night.night.last));

const trouble = error => {
  at('trouble').hidden = !error;
  if (error) put(at('trouble'), `記録を読めませんでした：${error.message}。時刻を動かすともう一度読みます。`);
};

/* Only the newest wish is asked for, one at a time. */
const seek = async () => {
  if (asking || wanted === null) return;
  asking = true;
  while (wanted !== null) {
    const moment = wanted;
    wanted = null;
    const began = performance.now();
    try {
      const seen = await get(`${API}/at?moment=${encodeURIComponent(new Date(moment).toISOString())}`);
      if (wanted === null) {
        put(at('seen-at'), said(moment));
        drawEvent(night, moment);
        drawSeen(seen, {took_s: (performance.now() - began) / 1e3});
        nameSites(Object.values(seen.state.sites ?? {}));
      }
    } catch (error) {
      trouble(error);
    }
  }
  asking = false;
};

const go = minutes => {
  const to = Math.max(0, Math.min(Number(slider.max), minutes));
  slider.value = to;
  const moment = momentOf(to);
  slider.setAttribute('aria-valuetext', said(moment));
  wanted = moment;
  history.replaceState(null, '', `#${new Date(moment).toISOString()}`);
  seek();
};

const move = by => go(Number(slider.value) + by);
const toEvent = by => {
  const found = eventBeside(night.events, momentOf(Number(slider.value)), by);
  if (found !== null) go(Math.floor((found - first) / MINUTE));
};

const play = on => {
  clearInterval(playing);
  playing = on ? setInterval(() => (Number(slider.value) < Number(slider.max) ? move(1) : play(false)), 1e3) : 0;
  at('play').setAttribute('aria-pressed', String(on));
  put(at('play-word'), on ? '止める' : '再生 60倍');
};

const links = () => {
  const query = `?day=${night.night.day}`;
  at('report').href = `${API}/report.pdf${query}`;
  at('csv').href = `${API}/night.csv${query}`;
  at('geojson').href = `${API}/night.geojson${query}`;
};

const fillNights = () => at('night').replaceChildren(...night.nights.map(one => make('option', {
  value: one.day, textContent: `${one.day}の夜（${one.frames}回の記録・${one.versions}版）`, selected: one.day === night.night?.day,
})));

const open = async chosen => {
  play(false);
  try {
    night = await get(`${API}${chosen ? `?day=${chosen}` : ''}`);
    trouble(null);
  } catch (error) {
    trouble(error);
    return;
  }
  const some = Boolean(night.night);
  at('nothing').hidden = some;
  at('seen').hidden = !some;
  at('time-part').hidden = !some;
  for (const one of ['slider', 'before', 'after', 'event-before', 'event-after', 'play', 'again-open']) at(one).disabled = !some;
  fillNights();
  if (!some) return;
  first = Math.floor(Date.parse(night.night.first) / MINUTE) * MINUTE;
  slider.max = Math.floor((Date.parse(night.night.last) - first) / MINUTE);
  drawRail(night, first, Number(slider.max), moment => go(Math.floor((moment - first) / MINUTE)));
  links();
  showNight(night.night);
  const asked = Date.parse(decodeURIComponent(location.hash.slice(1)));
  go(Number.isNaN(asked) ? Number(slider.max) : Math.floor((asked - first) / MINUTE));
};

const verify = async () => {
  const number = root.dataset.version;
  if (!number) return;
  put(at('event'), `第${number}版を計算し直しています…`);
  try {
    const found = await get(`${API}/versions/${number}`);
    const word = found.agrees ? '重みと場は公開したものと一致' : found.why_not || (found.recorded ? '公開したものと一致しません' : '版の記録がありません');
    put(at('event'), `第${number}版：${word}${found.recomputed ? `（${found.recomputed.slice(0, 8)}）` : ''}`);
  } catch (error) {
    put(at('event'), `照合できませんでした：${error.message}`);
  }
};

const LETTERS = {'[': () => toEvent(-1), ']': () => toEvent(1), 'v': verify, 't': openAgain, 'a': () => at('report').click(), 'c': () => at('csv').click()};
const MOVES = {ArrowLeft: () => move(-1), ArrowRight: () => move(1), ' ': () => play(!playing)};

const free = target => target === slider || !(isTyping(target) || target.matches('button,a,summary,select,input'));

pageKeys({
  any: ({key, target}) => {
    if (!night?.night || document.querySelector('dialog[open]')) return null;
    if (target === slider && LETTERS[key.toLowerCase()] && at('keys-on').checked) return LETTERS[key.toLowerCase()];
    return free(target) ? MOVES[key] ?? null : null;
  },
  letter: ({key}) => (night?.night ? LETTERS[key.toLowerCase()] ?? null : null),
});

slider.addEventListener('input', () => go(Number(slider.value)));
at('before').addEventListener('click', () => move(-1));
at('after').addEventListener('click', () => move(1));
at('event-before').addEventListener('click', () => toEvent(-1));
at('event-after').addEventListener('click', () => toEvent(1));
at('play').addEventListener('click', () => play(!playing));
at('night').addEventListener('change', () => open(at('night').value));
listenToAgain();
open('');
