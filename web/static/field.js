// The field page: what a team sees is on its disk with one press, and at headquarters as soon as there
// is a network.
import {pressed, recall} from './deskclock.js';
import {at} from './deskdom.js';
import {useZone} from './deskwords.js';
import {streetsTouched} from './fieldarea.js';
import {Draft, chosen} from './fieldform.js';
import {whyNotLink} from './fieldlink.js';
import {FieldMap} from './fieldmap.js';
import {Editing} from './fieldmapedit.js';
import {missionOf} from './fieldmission.js';
import {Place, keepPlace, lastPlace} from './fieldplace.js';
import {MISSION, Reports, UNDO_MS, isHeld} from './fieldqueue.js';
import {FieldSender} from './fieldsend.js';
import {fetchAround, useMap} from './fieldstreets.js';
import {picture, show} from './fieldview.js';
import {MOST_STREETS, OPEN} from './fieldwords.js';
import {QUEUED} from './queue.js';
import {keepPage} from './keeppage.js';
import {newId} from './staff.js';
import {twice} from './twice.js';

const page = at('field').dataset;
useZone(page.zone);
const AROUND_M = 240;
const TAKEN_BACK = '取り消しました。送っていません。';
const NOT_GONE = 'ただし、この端末に書き込めません。閉じると送ることがあるので、この画面を閉じないでください。';
const NOWHERE = '場所が分かりません。「地図で直す」で、起きている所を選んでください。';

const queue = await new Reports(page.who).open();
if (queue.seen) recall(queue.seen.offset);
let held = null;
let shown;
let said = {words: '', at: 0, waits: false, hides: true};

const drawMap = () => {
  const {gps, own} = place;
  const gpsAt = gps && [gps.lon, gps.lat];
  const drawn = editing.drawing.shown;
  const [first] = drawn.corners;
  const point = first ?? own?.where?.coordinates ?? gpsAt;
  if (!editing.on) map.lookAt(first ? drawn.corners : [point ?? editing.start()], Math.max(AROUND_M, 5 * (place.error ?? 0)));
  place.streets = place.isArea ? streetsTouched(own.where, redraw, MOST_STREETS) : null;
  map.show({
    point, error: place.error, isUnsure: place.error > Number(page.sure), gps: own ? gpsAt : null, drawn, aim: editing.aim});
};

const render = () => {
  shown = picture(queue, sender, draft, place, Boolean(page.known));
  if (held && !isHeld(held)) held = null;
  show(shown, {map, held, said});
};
const redraw = () => {
  drawMap();
  render();
};

const sender = new FieldSender(queue, () => render());
const place = new Place(() => {
  keepPlace(place);
  redraw();
});
const map = new FieldMap(at('map'), () => redraw());
const start = () => (place.gps ? [place.gps.lon, place.gps.lat] : lastPlace() ?? page.centre.split(',').map(Number));
const editing = new Editing(map, place, start, () => redraw());
const draft = new Draft(() => shown && render());
queue.heard = render;

const refuse = (words, focus) => {
  said = {words, at: Date.now(), waits: false, hides: true};
  render();
  focus.focus();
};

// What is sent later as it is now.
const bodyOf = ({kind, depth, note, link}) => {
  const [first] = draft.photos;
  return {
    kind, where: place.where, error_m: place.error, at: new Date().toISOString(),
    ...(depth ? {depth} : {}), ...(note ? {note} : {}), ...(link ? {link} : {}),
    ...(first ? {photo: {id: first.id, jpeg: first.jpeg}} : {}),
    ...(missionOf(queue) ? {mission: missionOf(queue).number} : {}),
  };
};

const send = async () => {
  const what = chosen();
  if (draft.taking) return refuse('写真を小さくしています。もう一度押してください。', at('send'));
  if (!what.kind) return refuse('何が起きているかを選んでください。', at('kinds'));
  if (!place.where) return refuse(place.own ? OPEN + place.own.why : NOWHERE, at('edit'));
  if (whyNotLink(what.link)) return refuse(draft.showWrongLink(), at('link'));
  const {photos} = draft;
  const values = {...draft.values, drawn: editing.drawing.kept};
  const row = {
    id: newId(), to: 'reports', path: 'reports', body: bodyOf(what), stops: shown.does.stops, until: Date.now() + UNDO_MS,
    photos: photos.filter(one => one.blob).map(({id, size, sha256, at: taken}) => (
      {id, size, sha256, at: taken, sent: 0, state: 'waits', why: ''})),
    ...pressed(queue.lastHeard)};
  navigator.vibrate?.(15);
  said = {words: '', at: Date.now(), waits: true, hides: false};
  sender.last = null;
  const waits = queue.report(row, photos.filter(one => one.blob).map(({id, blob}) => [id, blob]));
  held = {...row, values};
  draft.clear();
  editing.forget();
  scrollTo(0, 0);
  await waits;
  render();
  setTimeout(() => { render(); sender.hurry(); }, UNDO_MS + 50);
  return undefined;
};

// Before it has left; it stands in the form again before it is gone from the disk.
const undo = async () => {
  const row = held && queue.unsent.find(one => one.id === held.id);
  if (!row || !isHeld(row)) return;
  const {values} = held;
  held = null;
  editing.restore(values.drawn);
  draft.restore(values);
  await queue.takeBack(row);
  said = {
    get words() { return TAKEN_BACK + (queue.unkept.has(row.id) ? NOT_GONE : ''); },
    at: Date.now(), waits: false, hides: true};
  redraw();
  at('send').focus();
};

// A word of the mission: it counts for when it was said, also hours later.
const tell = async step => {
  const {number} = missionOf(queue);
  const body = {mission: number, at: new Date().toISOString()};
  await queue.add({id: newId(), to: MISSION, path: `mission/${step}`, step, body, ...pressed(queue.lastHeard)});
  render();
  sender.hurry();
};

const buttons = () => {
  at('well').onclick = () => tell('check_in');
  at('leaving').onclick = () => tell('recall_confirmed');
  for (const id of ['back', 'home']) at(id).onclick = () => twice(at(id), () => tell('returned'));
  at('report').onsubmit = event => { event.preventDefault(); send(); };
  at('undo').onclick = undo;
  at('now').onclick = () => sender.kick();
};

// Buttons that come and go with what the city says.
const clicked = event => {
  const button = event.target.closest('button');
  const {send: again, drop, seen} = button?.dataset ?? {};
  const of = id => queue.all.find(row => row.id === id);
  const fresh = () => ({status: QUEUED, tries: 0, why: ''});
  if (again) queue.change([again], fresh).then(() => sender.kick());
  if (drop) twice(button, () => queue.takeBack(of(drop)).then(render));
  if (seen) queue.photo(queue.all.find(row => row.photos?.some(one => one.id === seen)), seen, {state: 'done'}).then(render);
};

// Whoever puts the phone away has decided: it leaves while it still can.
const leaving = async () => {
  if (!document.hidden || !held) return;
  await queue.change([held.id], () => ({until: 0}));
  held = null;
  sender.hurry();
};

// A level that is set may call everybody home: it is asked for at once.
const followLevels = async () => {
  const {follow} = await import('./live.js');
  follow({topics: ['levels'], onState: () => sender.askNow()});
};

useMap(page.load).catch(() => {}).then(redraw);
redraw();
buttons();
document.addEventListener('click', clicked);
document.addEventListener('visibilitychange', leaving);
new ResizeObserver(() => drawMap()).observe(at('map').parentElement);
place.watch();
sender.start();
followLevels().catch(() => {});
keepPage(page).catch(() => {});
setInterval(render, 1e3);
setInterval(() => {
  if (place.gps && sender.net === 'on' && !sender.slow && sender.isIdle()) fetchAround(place.gps);
}, 10e3);
addEventListener('beforeunload', event => {
  if (queue.isLoose || draft.photos.length) event.preventDefault();
});
document.documentElement.dataset.ready = 'yes';
