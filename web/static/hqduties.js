/* The duties of the night: two answers of the API, asked for again when something changes. The phone
   desk has the call list alone, and asks for it by the clock. */

import {at, put} from './deskdom.js';
import {ages, clockText, get, setClock} from './staff.js';
import {follower, seldom} from './hqfollow.js';
import {HQ, drawn, japanese, root, whole, zone} from './hqdutiessay.js';
import {drawCalls, listenToCalls} from './hqdutiescalls.js';

const EACH_MS = 30e3;
const OFTEN_MS = 3e3;
const renewAges = ages(root);
drawn.aged = renewAges;
const following = follower({zone, live: root.dataset.live, next: '/hq/duties'});
const parts = whole ? await import('./hqdutieswhole.js') : null;

const trouble = error => {
  at('trouble').hidden = !error;
  if (!error) return;
  const {readAt} = root.dataset;
  const old = readAt ? `ここにあるのは ${readAt} の内容です。` : 'まだ何も読めていません。';
  put(at('trouble'), `読めませんでした：${japanese(error.message)} ${old}`);
  parts?.lose();
};

const read = async () => {
  try {
    const [calls, board] = await Promise.all([get(`${HQ}facilities`), whole ? get(`${HQ}duties`) : null]);
    setClock(calls.now);
    drawCalls(calls);
    if (board) parts.draw(board);
    renewAges();
    trouble(null);
    root.dataset.ready = 'yes';
    root.dataset.readAt = clockText(calls.now, zone);
    put(at('calls-read'), `一覧は ${root.dataset.readAt} に読んだもの`);
    return true;
  } catch (error) {
    if (error.status !== undefined) following.heed(error);
    else console.error(error);
    trouble(error);
    return false;
  }
};

const renew = seldom(read, OFTEN_MS);
listenToCalls(renew);
parts?.listen(renew);
await import('./hqdutieskeys.js');
renew();
if (whole) following.follow({topics: ['headquarters', 'levels'], changed: renew, renew});
setInterval(() => document.hidden || renew(), EACH_MS);
