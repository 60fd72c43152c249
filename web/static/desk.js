// The desk of a place: counts who comes in, with a network and without.
import {pressed, recall} from './deskclock.js';
import {codeOf, known, scanId} from './deskmodel.js';
import {QUEUED, Queue} from './queue.js';
import {Sender} from './desksend.js';
import {asking, recounting} from './deskforms.js';
import {camera, field, keys} from './deskscan.js';
import {at, put} from './deskdom.js';
import {picture, show} from './deskview.js';
import {codeSaid, useZone} from './deskwords.js';
import {keepPage} from './keeppage.js';
import {newId} from './staff.js';
import {twice} from './twice.js';

const page = at('desk').dataset;
useZone(page.zone);

const queue = await new Queue('nigemichi-desk', page.site, page.name).open();
if (queue.seen) recall(queue.seen.offset);
let shown;
let scanned = null;
const render = () => {
  const room = document.querySelector('input[name=room]:checked')?.value ?? '';
  shown = picture(queue, sender, room);
  show(shown, page.who);
  const row = scanned && queue.all.find(one => one.id === scanned.id);
  if (row) put(at('code-said'), codeSaid(row, scanned.isOld));
};
const sender = new Sender(queue, render);
queue.heard = render;

// On the disk first, then on the screen, then to the city.
const add = async (to, body, id = newId()) => {
  const added = await queue.add({id, to, body, ...pressed(queue.lastHeard)});
  render();
  sender.soon();
  return added;
};

const PLAIN = {kind: 'change', via: 'clicker', confirmed: false, undoes: null};

// `moment`: by the city's clock, now where it is left out; `room`: '' is the place as a whole.
const count = ({moment = null, room = shown.room, id, ...said}) => {
  const when = moment === null ? Date.now() : moment - shown.offset;
  const at = new Date(when).toISOString();
  return add('counts', {...PLAIN, ...said, room: room || null, at}, id);
};

// One press after the other: what a press takes over from the screen must hold those before it,
// also where the disk is slower than the hand.
let turn = Promise.resolve();
const inTurn = act => {
  turn = turn.then(act, act);
  return turn;
};

const press = persons => {
  const {room} = shown;
  navigator.vibrate?.(15);
  return inTurn(() => count({persons, room}));
};

const still = () => (
  count({kind: 'still', persons: Math.max(0, shown.figure.persons ?? 0), room: ''}));

const scan = async text => {
  const code = codeOf(text);
  scanned = null;
  if (!code) return put(at('code-said'), '受付のコードではありません。人数を聞いて、＋1 を押してください。');
  scanned = await inTurn(async () => {
    const id = scanId(queue.rows, code.id, page.site);
    return {id, isOld: !await count({persons: code.persons, via: 'qr', id})};
  });
  return render();
};

const undo = () => {
  const {undo: row} = shown;
  if (!row) return undefined;
  const {persons, room} = row.body;
  return count({persons: -persons, room: room ?? '', undoes: row.id});
};

const capacityOf = room => {
  const found = shown.state?.rooms.find(one => one.room === room);
  return found?.capacity || known(shown.state).capacity;
};

const buttons = () => {
  for (const button of document.querySelectorAll('[data-press]')) {
    button.onclick = () => press(Number(button.dataset.press));
  }
  at('still').onclick = () => inTurn(still);
  at('undo').onclick = () => inTurn(undo);
  at('now').onclick = () => sender.kick();
  at('where').onchange = render;
  for (const id of ['say-full', 'say-open']) {
    at(id).onclick = () => twice(at(id), () => add('opening', {opening: at(id).value}));
  }
};

// Buttons that come and go with what the city says.
const clicked = event => {
  const button = event.target.closest('button');
  if (!button) return;
  const {open, close, send, drop} = button.dataset;
  if (open) add('rooms', {room: open, in_use: true});
  if (close) twice(button, () => add('rooms', {room: close, in_use: false}));
  const fresh = () => ({status: QUEUED, tries: 0, why: ''});
  if (send) queue.change([send], fresh).then(() => sender.kick());
  if (drop) twice(button, () => queue.forget([drop]).then(render));
};

// Somebody else counted, or headquarters answered: the newest state is asked for, in its turn.
const followPlace = async () => {
  const {follow} = await import('./live.js');
  const mine = `site:${page.site}`;
  follow({topics: ['headquarters'], onState: (topic, key) => key === mine && sender.kick()});
};

render();
buttons();
document.addEventListener('click', clicked);
recounting({
  capacity: capacityOf, now: () => shown.now, count: body => inTurn(() => count(body)),
  room: () => shown.room});
asking(body => add('needs', {...body, at: new Date().toISOString()}));
keys(press, scan);
field(scan);
camera(scan).catch(() => {});
sender.start();
followPlace().catch(() => {});
keepPage(page).catch(() => {});
setInterval(render, 2e3);
addEventListener('beforeunload', event => {
  if (!queue.durable && shown.waits.length) event.preventDefault();
});
document.documentElement.dataset.ready = 'yes';
