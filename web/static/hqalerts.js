/* Headquarters' page of alerts: what is open, what belongs to it, and what others do meanwhile. */

import {ages, clockText, get, now, setClock} from './staff.js';
import {at, put} from './deskdom.js';
import {API, OUT, root, zone} from './hqalertsay.js';
import {
  closeForm, editTarget, focusForm, isOpen, listenToForm, newTarget, openForm, reviseTarget, targetNow, valuesOf,
} from './hqalertform.js';
import {isArea} from './hqalertareas.js';
import {last} from './hqalertkept.js';
import {drawHints, drawList} from './hqalertlist.js';
import {drawLost} from './hqalertlost.js';
import {drawUntold, pointUntold} from './hqalertuntold.js';
import {drawWaiting} from './alertwaits.js';
import {drawTeams} from './hqalertteams.js';
import {drawNamed} from './hqalertnamed.js';
import {doorsChanged} from './hqalertmore.js';
import {drawAll} from './hqalertview.js';
import {getWhole} from './hqalertwhole.js';
import {followAlerts, signedOut} from './hqalertlive.js';
import './hqalertkeys.js';

const SENDING_MS = 2e3;
const [LEDGER_MS, SOON_MS] = [15e3, 250];
const state = {alerts: [], channels: [], delegates: [], untold: [], waiting: [], suggestions: [], open: null, whole: null, ledger: null};

setClock(root.dataset.now);
const renewAges = ages(root);

const drawOpen = () => drawAll(state, {
  aged: renewAges, renew: openAgain, done: decided,
  revise: (from, step) => begin(reviseTarget(from, step), {...valuesOf(from), reason: '', expires: ''}),
  again: from => begin(newTarget(), {...valuesOf(from), expires: ''}),
  open: one => open(one.number),
});

const draw = () => {
  drawList(state.alerts, state.open, open);
  drawUntold(state.untold, suggested);
  drawWaiting(state.waiting, {zone, actor: root.dataset.actor, open});
  drawHints(state.suggestions, suggested);
  drawNamed(state.delegates, named);
  drawOpen();
  renewAges();
};

const refused = error => {
  if (error.status === 401) signedOut('サインインが切れました。');
  if (error.status === 403) signedOut('この画面はもう使えません。');
};

const getLedger = async id => {
  const found = await get(`${API}/${id}/ledger`).catch(() => null);
  if (state.open === id && found) state.ledger = found;
};

const tellChange = (before, after) => {
  const differs = before?.number === after.number && before.digest && after.digest && before.digest !== after.digest;
  if (differs) put(at('changed'), `${clockText(new Date(now()).toISOString(), zone)} 開いている間に、文面か区域が変わりました。もう一度、はじめから確かめてください。`);
  if (differs || before?.number !== after.number) at('changed').hidden = !differs;
};

const show = whole => {
  if (state.whole?.number !== whole.number) state.ledger = null;
  [state.open, state.whole] = [whole.number, whole];
  history.replaceState(null, '', `#${whole.number}`);
  draw();
  if (OUT.includes(whole.state)) getLedger(whole.number).then(drawOpen);
};

const openAgain = async () => {
  const id = state.open;
  if (id === null) return true;
  try {
    const whole = await getWhole(id, state.alerts);
    if (state.open !== id) return true;
    tellChange(state.whole, whole);
    state.whole = whole;
    drawOpen();
    return true;
  } catch (error) {
    refused(error);
    return false;
  }
};

const open = async (id, focuses = true) => {
  if (isOpen() && targetNow().number !== id) closeForm();
  state.open = id;
  state.ledger = null;
  drawList(state.alerts, id, open);
  try {
    const whole = await getWhole(id, state.alerts);
    if (state.open !== id) return;
    at('changed').hidden = true;
    show(whole);
    if (!focuses) return;
    at('record').focus({preventScroll: true});
    at('record').scrollIntoView({block: 'nearest'});
  } catch (error) {
    refused(error);
    put(at('changed'), `開けませんでした。${error.message}`);
    at('changed').hidden = false;
  }
};

const leave = () => {
  Object.assign(state, {open: null, whole: null, ledger: null});
  history.replaceState(null, '', location.pathname);
  at('changed').hidden = true;
};

const begin = (target, values) => {
  if (target.mode === 'new') leave();
  openForm(target, values);
  draw();
  focusForm();
};

const suggested = one => begin(newTarget(), {
  hazard: one.hazard, level: one.level, whole_city: Boolean(one.whole_city), reason: one.reason ?? '',
  areas: one.area_names.filter(isArea),
});

const named = delegates => {
  state.delegates = delegates;
  draw();
};

const saved = whole => {
  show(whole);
  renew();
};

const decided = whole => {
  if (isOpen() && targetNow().number === whole.number) closeForm();
  saved(whole);
};

const renew = async () => {
  try {
    const found = await get(API);
    Object.assign(state, {alerts: found.alerts, channels: found.channels, delegates: found.delegates, untold: found.untold, waiting: found.waiting});
    drawLost(found.keys_lost);
    draw();
    return true;
  } catch (error) {
    refused(error);
    if (!state.alerts.length) put(at('list-none'), `一覧を読めませんでした。${error.message}`);
    return false;
  }
};

let waits = 0;
const renewSoon = () => {
  waits ||= setTimeout(async () => {
    waits = 0;
    if (await renew()) await openAgain();
  }, SOON_MS);
};

const changed = (key, told) => {
  root.dataset.liveNow = 'yes';
  if (key === 'bulletins') {
    state.suggestions = told?.suggestions ?? [];
    drawHints(state.suggestions, suggested);
    renewAges();
  } else if (key === 'doors') {
    drawTeams(told, open);
    doorsChanged();
    renewAges();
  } else if (key.startsWith('alert:')) renewSoon();
};

const moves = () => state.whole && ['approved', 'sending'].includes(state.whole.state) && !state.whole.stopped_at
  && Date.parse(state.whole.expires_at) > now() && !document.hidden;
setInterval(() => moves() && openAgain(), SENDING_MS);
setInterval(() => moves() && getLedger(state.open).then(drawOpen), LEDGER_MS);

listenToForm({changed: drawOpen, saved});
at('new').addEventListener('click', () => begin(newTarget()));
at('edit').addEventListener('click', () => begin(editTarget(state.whole), valuesOf(state.whole)));
root.addEventListener('refused', event => refused({status: event.detail}));
root.addEventListener('returned', () => state.whole && getLedger(state.open).then(drawOpen));

/* What was open before a reload, and what was being typed. */
const resume = async () => {
  await renew();
  const asked = Number(/^#(\d+)$/.exec(location.hash)?.[1]);
  if (asked) await open(asked, false);
  const typed = last();
  if (!typed) return;
  if (typed.target.mode === 'edit' && state.open !== typed.target.number) await open(typed.target.number, false);
  openForm(typed.target, typed.target.mode === 'edit' && state.whole ? valuesOf(state.whole) : undefined);
  draw();
};

resume().then(() => { pointUntold(location.hash); root.dataset.ready = 'yes'; });
followAlerts({changed, renew: async () => (await renew()) && openAgain()});
