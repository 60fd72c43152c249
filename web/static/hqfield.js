/* Headquarters' page of the field: one answer of the API, asked for again when something changes, at
   most once a second. */

import {at, put} from './deskdom.js';
import {ages, clockText, get, setClock} from './staff.js';
import {drawn, HQ, root, zone} from './hqfieldsay.js';
import {drawWaiting} from './alertwaits.js';
import {lookAgain} from './hqfieldask.js';
import {drawAsking} from './hqfieldasking.js';
import {drawClosures, drawGauges} from './hqfieldtables.js';
import {drawMoved, drawMoves} from './hqfieldmoves.js';
import {drawReports, listenToReports} from './hqfieldreports.js';
import {drawRescues} from './hqfieldrescues.js';
import {drawTeams} from './hqfieldteams.js';
import {followField, signedOut} from './hqfieldlive.js';
import './hqfieldfiles.js';
import './hqfieldkeys.js';

const OFTEN_MS = 1e3;
const FOLLOWED = ['reports', 'plan', 'missions', 'rescues', 'gauges'];
let found = null;

setClock(root.dataset.now);
const renewAges = ages(root);
drawn.aged = renewAges;

/* Each part by itself: one that cannot be drawn takes no other one with it. */
const PARTS = [
  () => drawWaiting(found.alerts, {zone, actor: root.dataset.actor}),
  () => drawTeams(found, renew),
  () => drawMoves(found, renew),
  () => drawMoved(found),
  () => drawAsking(found, renew),
  () => drawReports(found, renew),
  () => drawClosures(found),
  () => drawGauges(found.gauges),
  () => drawRescues(found, renew),
];

const countDecisions = () => {
  const count = ['teams-due', 'moves', 'moved', 'asking'].reduce((sum, id) => sum + Number(at(id).dataset.count ?? 0), 0);
  put(at('decisions-count'), String(count));
  at('decisions').hidden = !at('decisions').querySelector('article');
};

const draw = () => {
  if (!found) return;
  for (const part of PARTS) {
    try {
      part();
    } catch (error) {
      console.error(error);
    }
  }
  countDecisions();
  lookAgain();
  renewAges();
};

const sayRead = error => {
  const moment = found && clockText(found.now, zone);
  at('read-at').classList.toggle('stop', Boolean(error));
  at('read-at').classList.toggle('note', Boolean(error));
  if (!error) return put(at('read-at'), `${moment} の内容`);
  return put(at('read-at'), found ? `読み直せません。ここにあるのは ${moment} の内容です。${error.message}` : `読めませんでした。${error.message}`);
};

const read = async () => {
  try {
    found = await get(`${HQ}field`);
    setClock(found.now);
    draw();
    sayRead(null);
    root.dataset.ready = 'yes';
    return true;
  } catch (error) {
    if (error.status === 401) signedOut('サインインが切れました。');
    if (error.status === 403) signedOut('この画面はもう使えません。');
    sayRead(error);
    return false;
  }
};

let reading = null;
let again = false;
let readAt = -OFTEN_MS;

/* Once at a time, and not before a second has passed; resolves to whether it came. */
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

listenToReports(draw);
root.addEventListener('ages', renew);
root.addEventListener('refused', event => {
  if (event.detail === 401) signedOut('サインインが切れました。');
  else renew();
});
renew();
followField({
  renew,
  changed: key => {
    root.dataset.liveNow = 'yes';
    if (FOLLOWED.includes(key) || key.startsWith('alert:')) renew();
  },
});
