/* The slider's rail: what happened when, and the hours. */

import {at, make, put} from './deskdom.js';
import {minute} from './hqreplaysay.js';

const HOUR = 36e5;
const LABEL = 200;

const place = (moment, first, minutes) => `${((moment - first) / 6e4 / Math.max(1, minutes)) * 100}%`;

const weight = one => ({level: 3, lifted: 2, alert: 2}[one.kind] ?? 1);

/* Labels of the weightiest events, none over another: in two lines, beside the half that has room. */
const labelled = (events, first, minutes) => {
  const width = (LABEL / Math.max(1, at('ticks').clientWidth)) * 100;
  const taken = [];
  for (const one of [...events].sort((before, after) => weight(after) - weight(before))) {
    if (weight(one) < 2) break;
    const where = ((Date.parse(one.at) - first) / 6e4 / Math.max(1, minutes)) * 100;
    const side = where > 50 ? 'left' : 'right';
    const [low, high] = side === 'left' ? [where - width, where] : [where, where + width];
    const line = [0, 1].find(row => !taken.some(other => other.line === row && other.low < high && low < other.high));
    if (line !== undefined) taken.push({one, where, side, line, low, high});
  }
  return taken;
};

export const drawRail = (night, first, minutes, go) => {
  const ticks = night.events.map(one => {
    const mark = make('i', {className: `tick ${one.kind}`, title: `${minute(one.at)} ${one.words}`});
    mark.style.left = place(Date.parse(one.at), first, minutes);
    mark.addEventListener('click', () => go(Date.parse(one.at)));
    return mark;
  });
  const labels = labelled(night.events, first, minutes).map(({one, where, side, line}) => {
    const made = make('span', {className: 'said', textContent: `${minute(one.at)} ${one.short || one.words}`});
    made.style.left = `${where}%`;
    made.dataset.line = line;
    made.dataset.side = side;
    return made;
  });
  at('ticks').replaceChildren(...ticks, ...labels);
  const step = minutes > 360 ? 2 : 1;
  const hours = [];
  for (let hour = Math.ceil(first / HOUR) * HOUR; hour <= first + minutes * 6e4; hour += step * HOUR) {
    const mark = make('em', {textContent: minute(hour)});
    mark.style.left = place(hour, first, minutes);
    hours.push(mark);
  }
  at('hours').replaceChildren(...hours);
};

/* The moment of the event before or after, null where there is none. */
export const eventBeside = (events, moment, by) => {
  const floor = Math.floor(moment / 6e4) * 6e4;
  const found = by < 0
    ? events.filter(one => Date.parse(one.at) < floor).at(-1)
    : events.find(one => Date.parse(one.at) > moment);
  return found ? Date.parse(found.at) : null;
};

export const drawEvent = ({events, more_events: more}, moment) => {
  const last = events.filter(one => Date.parse(one.at) <= moment).at(-1);
  const cut = more ? `（多すぎるため、開設・通行止めなど${more.toLocaleString('en-US')}件はここに出ません）` : '';
  put(at('event'), (last ? `直前のできごと：${minute(last.at)} ${last.words}` : 'まだ何も起きていません') + cut);
};
