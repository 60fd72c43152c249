/* Headquarters' board: one answer of the API, asked for again when something changes, at most once a
   second; every part stands by itself. */

import {at, fill, put} from './deskdom.js';
import {ages, clockText, setClock} from './staff.js';
import {follower, seldom} from './hqfollow.js';
import {drawHead} from './hqboardhead.js';
import {lineOf, listenToChronology, readChronology, showLine} from './hqboardchronology.js';
import {drawDecisions, listenToDecisions} from './hqboarddecisions.js';
import {listenToEntry} from './hqboardentry.js';
import {listenToKeys} from './hqboardkeys.js';
import {drawMap} from './hqboardplace.js';
import {readBoard} from './hqboardread.js';
import {drawTables, listenToFilter} from './hqboardtables.js';
import {japanese, root, time, zone} from './hqboardsay.js';

const OFTEN_MS = 1000;
let found = null;
root.dataset.script = 'yes';
let chronicle = '';

const renewAges = ages(document.body);
const following = follower({zone, live: root.dataset.live, next: '/hq', keeps: '書きかけはこの画面に残っています。'});

const drawPlan = ({state: {plan: {newest}}, stale}) => {
  fill(at('plan-note'), JSON.stringify([newest, stale]), () => (newest
    ? [`第${newest.number}版 `, time(newest.published_at), stale ? '（確認が止まっています）' : ''] : ['まだありません']));
  at('plan-note').classList.toggle('bad', Boolean(stale));
};

/* Each part by itself: one that cannot be drawn takes no other one with it. */
const PARTS = [
  () => drawHead(found.state), () => drawDecisions(found), () => drawTables(found.state), () => drawPlan(found), () => drawMap(found),
];

const draw = () => {
  if (!found) return;
  for (const part of PARTS) {
    try {
      part();
    } catch (error) {
      console.error(error);
    }
  }
  renewAges();
};

const sayRead = error => {
  const moment = found && clockText(found.now, zone);
  at('unread').hidden = !error;
  if (!error) return put(at('read-at'), `${moment} の内容`);
  const why = error.status ? japanese(error.message) : 'サーバーにつながりません。';
  return put(at('unread'), found ? `読み直せません。ここにあるのは ${moment} の内容です。${why}` : `読めませんでした。ここにあるのは、開いたときの内容です。${why}`);
};

const guarded = read => async () => {
  try {
    await read();
    return true;
  } catch (error) {
    following.heed(error);
    sayRead(error);
    return false;
  }
};

const renewChronology = seldom(guarded(readChronology), OFTEN_MS);

const renew = seldom(guarded(async () => {
  found = await readBoard(found);
  setClock(found.now);
  draw();
  sayRead(null);
  root.dataset.ready = 'yes';
  const {last} = found.state.chronicle;
  if (JSON.stringify(last) !== chronicle) {
    chronicle = JSON.stringify(last);
    renewChronology();
  }
}), OFTEN_MS);

const renewAll = () => Promise.all([renew(), renewChronology()]).then(came => came.every(Boolean));

listenToDecisions({renew, ages: renewAges});
listenToChronology(renewChronology);
listenToEntry({
  find: lineOf,
  sent: line => {
    showLine(line);
    renewChronology();
  },
});
listenToKeys(listenToFilter(() => found && drawTables(found.state)));
/* What comes of age by itself, and locks that were let go in silence. */
document.body.addEventListener('ages', renew);
renewAll();
following.follow({
  topics: ['headquarters', 'levels'],
  renew: renewAll,
  changed: (topic, key) => {
    root.dataset.liveNow = 'yes';
    if (key === 'chronology') renewChronology();
    else renew();
  },
});
