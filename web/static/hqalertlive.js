/* Following what others do: by the stream, and by asking where there is none. */

import {clockText, now} from './staff.js';
import {at, put} from './deskdom.js';
import {root, zone} from './hqalertsay.js';

const SLOW_MS = 5e3;
const behind = at('behind');
let over = false;
let live = null;

const tick = () => put(at('clock'), clockText(new Date(now()).toISOString(), zone));
setInterval(tick, 1e3);

const say = text => {
  if (over) return;
  behind.textContent = text;
  behind.hidden = !text;
};

/* Whoever is signed in no longer sees nothing new here; what they typed stays. */
export const signedOut = text => {
  if (over) return;
  say(`${text}ここから後の変化は届きません。書きかけはこの画面に残っています。`);
  const link = document.createElement('a');
  link.href = '/signin?next=%2Fhq%2Falerts';
  link.textContent = 'サインインし直す';
  behind.append(link);
  over = true;
  live?.close();
};

const late = since => `${clockText(since.toISOString(), zone)} から後の変化が届いていません。つなぎ直しています。`;

/* `renew` resolves to whether all that was asked for came. */
export const followAlerts = ({changed, renew}) => {
  tick();
  let lost = null;
  let asking = false;
  const ask = async () => {
    if (asking) return;
    asking = true;
    while (lost && !over) {
      const fresh = await renew();
      if (!live && fresh) lost = new Date(now());
      say(live || !fresh ? late(lost) : '');
      await new Promise(done => setTimeout(done, SLOW_MS));
    }
    asking = false;
  };
  const behindSince = since => {
    lost = since;
    say(since ? late(since) : '');
    if (since) ask();
    else renew();
  };
  import(root.dataset.live).then(({follow}) => {
    live = follow({topics: ['headquarters'], onState: (topic, key, state) => changed(key, state), onBehind: behindSince, onLetGo: renew});
    if (over) live.close();
  }, () => behindSince(new Date(now())));
};
