/* Whether what is approved can leave the machine. Whoever does not know says that citizens get it: while
   the page is not looked at, where nobody used it for a while (to ask is to use it, and a session that
   nobody uses ends), and where no answer comes. */

import {get} from './staff.js';

const API = '/api/v1/headquarters/carriers';
const EACH_MS = 15e3;
const RESTS_MS = 10 * 6e4;

export const reachWords = connected => (connected ? '送信は市民に届きます' : '送る経路が、まだつながっていません');

/* `tell(connected)` at once and from now on; `asks()`: whether it matters now. Returns the look itself. */
export const followReach = (tell, asks = () => true) => {
  let usedAt = performance.now();
  let newest = 0;
  const isUsed = () => !document.hidden && performance.now() - usedAt < RESTS_MS;
  const look = async () => {
    const mine = ++newest;
    if (!asks() || !isUsed()) {
      tell(true);
      return;
    }
    const connected = await get(API).then(found => found.connected !== false, () => true);
    if (mine === newest) tell(connected || !isUsed());
  };
  const used = () => {
    const rested = !isUsed();
    usedAt = performance.now();
    if (rested) look();
  };
  for (const kind of ['pointerdown', 'pointermove', 'keydown']) addEventListener(kind, used, {passive: true});
  document.addEventListener('visibilitychange', look);
  setInterval(look, EACH_MS);
  look();
  return look;
};
