/* Headquarters' page of the field: one answer of the API, asked for again when something changes, at
   most once a second. */

import {at, put} from './deskdom.js';
import {ages, clockText, get, setClock} from './staff.js';
import {drawn, HQ, japanese, root, zone} from './hqfieldsay.js';
import {drawWaiting} from './alertwaits.js';
import {lookAgain} from './hqfieldask.js';
import {drawAsking} from './hqfieldasking.js';
import {drawClosures, drawGauges} from './hqfieldtables.js';
import {drawMoved, drawMoves} from './hqfieldmoves.js';
import {isDroneLate, isDroneListed, readDrones, renewDronesBy} from './hqfielddrones.js';
import {drawReports, listenToReports} from './hqfieldreports.js';
import {drawRescues} from './hqfieldrescues.js';
import {drawTeams} from './hqfieldteams.js';
import {followField, seldom, signedOut} from './hqfieldlive.js';
import './hqfieldfiles.js';
import './hqfieldkeys.js';

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
  return put(at('read-at'), found ? `読み直せません。ここにあるのは ${moment} の内容です。${japanese(error.message)}` : `読めませんでした。${japanese(error.message)}`);
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

const renew = seldom(read);
const renewDrones = seldom(() => readDrones().finally(lookAgain));
const renewAll = () => Promise.all([renew(), renewDrones()]).then(came => came.every(Boolean));

listenToReports(draw);
renewDronesBy(renewAll);
root.addEventListener('ages', () => {
  renew();
  if (isDroneLate()) renewDrones();
});
root.addEventListener('refused', event => {
  if (event.detail === 401) signedOut('サインインが切れました。');
  else renewAll();
});
renewAll();
followField({
  renew: renewAll,
  changed: key => {
    root.dataset.liveNow = 'yes';
    if (FOLLOWED.includes(key) || key.startsWith('alert:')) renew();
    /* A photo that somebody reports comes as a report alone. */
    if (key === 'dronephotos' || (key === 'reports' && isDroneListed())) renewDrones();
  },
});
