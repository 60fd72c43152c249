/* Following what others do: by the stream, and by asking where there is none. */

import {at, make, put} from './deskdom.js';
import {clockText, now} from './staff.js';
import {root, zone} from './hqfieldsay.js';

const SLOW_MS = 5e3;
const OFTEN_MS = 1e3;
const behind = at('behind');
let over = false;
let live = null;

const tick = () => put(at('clock'), clockText(new Date(now()).toISOString(), zone));

const say = text => {
  if (over) return;
  behind.textContent = text;
  behind.hidden = !text;
};

/* Whoever is signed in no longer sees nothing new here, and is told so. */
export const signedOut = text => {
  if (over) return;
  say(`${text}ここから後の変化は届きません。`);
  behind.append(make('a', {href: '/signin?next=%2Fhq%2Ffield', textContent: 'サインインし直す'}));
  over = true;
  live?.close();
};

/* `read` once at a time, and not before a second has passed; resolves to what it gives. */
export const seldom = read => {
  let reading = null;
  let again = false;
  let readAt = -OFTEN_MS;
  const renew = () => {
    if (reading) {
      again = true;
      return reading;
    }
    const wait = Math.max(0, readAt + OFTEN_MS - performance.now());
    reading = new Promise(done => setTimeout(done, wait)).then(() => {
      again = false;
      readAt = performance.now();
      return read();
    }).finally(() => {
      reading = null;
      if (again) renew();
    });
    return reading;
  };
  return renew;
};

const late = since => `${clockText(since.toISOString(), zone)} から後の変化が届いていません。つなぎ直しています。`;

/* `changed(key)` for what the stream tells; `renew` resolves to whether all came. */
export const followField = ({changed, renew}) => {
  tick();
  setInterval(tick, 1e3);
  let lost = null;
  let asking = false;
  const askOn = async () => {
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
    if (since) askOn();
    else renew();
  };
  import(root.dataset.live).then(({follow}) => {
    live = follow({topics: ['headquarters'], onState: (topic, key) => changed(key), onBehind: behindSince, onLetGo: renew});
    if (over) live.close();
  }, () => behindSince(new Date(now())));
};
