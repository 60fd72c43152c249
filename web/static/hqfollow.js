/* Following what others do on a page of headquarters: by the stream, and by asking where there is none.
   Whoever hears nothing newer is told since when. */

import {at, make} from './deskdom.js';
import {clockText, now} from './staff.js';

const SLOW_MS = 5e3;
const OFTEN_MS = 1e3;

/* `read` once at a time, and not before `often` ms have passed; resolves to what it gives. */
export const seldom = (read, often = OFTEN_MS) => {
  let reading = null;
  let again = false;
  let readAt = -often;
  const renew = () => {
    if (reading) {
      again = true;
      return reading;
    }
    const wait = Math.max(0, readAt + often - performance.now());
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

/* `live`: the address of live.js; `next`: the page to come back to; `keeps`: what stays when one is
   signed out. */
export const follower = ({zone, live: address, next, keeps = ''}) => {
  const behind = at('behind');
  let over = false;
  let live = null;

  const say = text => {
    if (over) return;
    behind.textContent = text;
    behind.hidden = !text;
  };

  const late = since => `${clockText(since.toISOString(), zone)} から後の変化が届いていません。つなぎ直しています。`;

  /* Whoever is signed in no longer sees nothing new here, and is told so. */
  const signedOut = text => {
    if (over) return;
    say(`${text}ここから後の変化は届きません。${keeps}`);
    behind.append(make('a', {href: `/signin?next=${encodeURIComponent(next)}`, textContent: 'サインインし直す'}));
    over = true;
    live?.close();
  };

  /* `changed(topic, key, state)` for what the stream tells; `renew` resolves to whether all came. */
  const follow = ({topics, changed, renew}) => {
    let lost = null;
    let asking = false;
    const askOn = async () => {
      if (asking) return;
      asking = true;
      while (lost && !over) {
        const fresh = await renew();
        if (!lost) break; // the stream came back meanwhile
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
    import(address).then(found => {
      live = found.follow({topics, onState: changed, onBehind: behindSince, onLetGo: renew});
      if (over) live.close();
    }, () => behindSince(new Date(now())));
  };

  /* What an answer's error means for whoever looks. */
  const heed = error => {
    if (error.status === 401) signedOut('サインインが切れました。');
    if (error.status === 403) signedOut('この画面はもう使えません。');
  };

  return {follow, heed, signedOut};
};
