/* What the machine is doing, and the city's clock. */

import {at, put} from './deskdom.js';
import {followReach, reachWords} from './hqreach.js';
import {now, setClock} from './staff.js';

const bar = at('bar');
const {zone} = bar.dataset;
if (bar.dataset.now) setClock(bar.dataset.now);

const format = wanted => new Intl.DateTimeFormat('ja-JP', {timeZone: zone, hourCycle: 'h23', ...wanted});
const time = format({hour: '2-digit', minute: '2-digit', second: '2-digit'});
const day = format({month: 'numeric', day: 'numeric', weekday: 'short'});

/* The hour and minute are large; a day changes seldom. */
const tick = () => {
  const [hour, minute, second] = time.format(now()).split(':');
  put(at('bar-clock'), `${Number(hour)}:${minute}`);
  put(at('bar-date'), `${second}秒 ${day.format(now())}`);
};
tick();
setInterval(tick, 1e3);

const lookAtReach = followReach(connected => put(at('bar-reach'), reachWords(connected)), () => bar.dataset.mode === 'live');

/* "live", "drill", "calm", "whatif" or "replay". */
export const setMode = mode => {
  if (bar.dataset.mode === mode) return;
  bar.dataset.mode = mode;
  lookAtReach();
};
