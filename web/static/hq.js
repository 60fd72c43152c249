/* Headquarters' page of places and needs, live: the whole picture once, then every change as it comes. */

import {ages, get, setClock} from './staff.js';
import {follower} from './hqfollow.js';
import {callRow, fill, isOwn, needRow, orderRow, proposalRow, reconcile} from './hqrows.js';
import {allSites, dropSite, putSite, redraw, settle} from './hqtable.js';
import './hqkeys.js';
import {listen} from './hqforms.js';
import {putAreas, renewPropose} from './hqpropose.js';
import {followPlan} from './hqplan.js';
import {setMode} from './hqbarmode.js';
import {drawWaiting} from './alertwaits.js';
import {renewFieldWaits} from './fieldwaits.js';

const root = document.getElementById('hq');
const lists = Object.fromEntries(['orders', 'proposals', 'needs', 'calls']
  .map(name => [name, document.getElementById(name)]));
const WAITING = ['sent', 'accepted'];
const SOON_MS = 250;
const picture = {orders: new Map(), proposals: new Map(), needs: new Map(), calls: new Map(), unopened: new Map(), alerts: null};

setClock(root.dataset.now);

const following = follower({zone: root.dataset.zone, live: root.dataset.live, next: '/hq/places'});

const drawOrders = () => reconcile(lists.orders, 'order', [...picture.orders.values()].sort((a, b) => b.level - a.level).map(one => [
  `order:${one.number}`, row => fill(row, orderRow(one, picture.unopened.get(one.number))),
]));

const drawProposal = (row, one) => {
  fill(row, proposalRow(one));
  const own = isOwn(one);
  const may = !own && Boolean(root.dataset.approver);
  row.querySelector('[data-part=wait]').textContent = own
    ? '別の人の承認を待っています。' : may ? '内容を確かめて、決めてください。' : '承認者の判断を待っています。';
  const shown = {approved: may, rejected: may, withdrawn: own};
  for (const button of row.querySelectorAll('[name=decision]')) button.hidden = !shown[button.value];
  row.querySelector('form').hidden = !own && !may;
};

const drawProposals = () => reconcile(lists.proposals, 'proposal', [...picture.proposals.values()]
  .filter(one => !one.decision).map(one => [`proposal:${one.number}`, row => drawProposal(row, one)]));

const drawNeeds = () => {
  const open = [...picture.needs.values()].filter(one => WAITING.includes(one.state));
  reconcile(lists.needs, 'need', open.map(one => [`need:${one.id}`, row => fill(row, needRow(one))]));
};

const drawCall = (row, one) => {
  fill(row, callRow(one));
  row.querySelector('[data-part=nophone]').hidden = Boolean(one.phone);
  row.querySelector('[name=persons]').setAttribute('aria-label', `${one.name}の人数`);
};

const drawCalls = () => reconcile(lists.calls, 'call', [...picture.calls.values()]
  .map(one => [`call:${one.id}`, row => drawCall(row, one)]));

/* As the page came until the first picture; what changes of an alert is only in the whole one. */
const drawAlerts = () => picture.alerts && drawWaiting(picture.alerts, root.dataset);

const draw = () => {
  drawAlerts();
  drawOrders();
  drawProposals();
  drawNeeds();
  drawCalls();
  settle();
  renewPropose();
  renewAges();
};

const keyed = (items, name) => new Map(items.map(one => [one[name], one]));

const putPicture = found => {
  setClock(found.now);
  setMode(found.mode);
  picture.orders = keyed(found.orders, 'number');
  picture.proposals = keyed(found.proposals, 'number');
  picture.needs = keyed(found.needs, 'id');
  picture.calls = keyed(found.call_next, 'id');
  picture.alerts = found.alerts;
  picture.unopened = new Map(found.unopened.map(one => [one.order, one.sites]));
  const there = new Set(found.sites.map(one => one.id));
  allSites().filter(one => !there.has(one.id)).forEach(one => dropSite(one.id));
  found.sites.forEach(putSite);
  putAreas(found.areas);
};

/* What came while a picture was on its way is newer than the picture. */
const meanwhile = new Map();
let asking = null;
let again = false;

const ask = async () => {
  meanwhile.clear();
  plan.renew();
  renewFieldWaits();
  try {
    putPicture(await get('/api/v1/headquarters'));
    meanwhile.forEach(change => apply(...change));
    draw();
    return true;
  } catch (error) {
    setMode('live'); // unknown
    following.heed(error);
    return false;
  } finally {
    asking = null;
    if (again) {
      again = false;
      renewSoon();
    }
  }
};

/* The whole picture, once at a time; whoever asks meanwhile gets a newer one soon. Resolves to
   whether the one that was on its way came. */
const renew = () => {
  if (asking) again = true;
  else asking = ask();
  return asking;
};

let waits = 0;
const renewSoon = () => {
  waits ||= setTimeout(() => {
    waits = 0;
    renew();
  }, SOON_MS);
};

const siteChanged = site => {
  const listed = picture.calls.get(site.id);
  putSite({...site, call_next: site.call_next || Boolean(listed)});
  for (const [id, one] of picture.needs) if (one.site_id === site.id) picture.needs.delete(id);
  for (const one of site.needs || []) {
    picture.needs.set(one.id, {...one, site_id: site.id, site_name: site.name});
  }
  // Phone numbers and who called are only in the whole picture.
  if (listed || site.call_next) renewSoon();
};

const siteGone = id => {
  dropSite(id);
  picture.calls.delete(id);
  for (const [need, one] of picture.needs) if (one.site_id === id) picture.needs.delete(need);
};

const put = (map, number, state) => (state
  ? map.set(number, {...map.get(number), number, ...state}) : map.delete(number));

const apply = (topic, key, state) => {
  if (key === 'plan') {
    renewFieldWaits();
    return plan.changed();
  }
  const [kind, name] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
  if (kind === 'site') (state ? siteChanged(state) : siteGone(name));
  if (kind === 'proposal') put(picture.proposals, Number(name), state);
  if (kind === 'order') put(picture.orders, Number(name), state);
  // Which places are not open yet and which alerts wait is only in the whole picture.
  if (kind !== 'site') renewSoon();
};

let drawing = 0;
const drawSoon = () => {
  drawing ||= setTimeout(() => {
    drawing = 0;
    draw();
  }, 50);
};

const changed = (topic, key, state) => {
  if (asking) meanwhile.set(`${topic} ${key}`, [topic, key, state]);
  apply(topic, key, state);
  root.dataset.liveNow = 'yes';
  drawSoon();
};

const renewAges = ages(root);
const plan = followPlan(renewAges);
root.addEventListener('ages', () => {
  redraw();
  settle();
  renewFieldWaits();
});
listen(renewSoon);
Object.values(lists).forEach(list => list.addEventListener('mouseleave', drawSoon));
document.getElementById('sites').addEventListener('opened', renewSoon);
root.dataset.ready = 'yes';
renew();

following.follow({topics: ['headquarters', 'levels'], changed, renew});
