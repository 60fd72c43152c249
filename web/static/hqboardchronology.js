/* The chronology: the newest on top, by itself at most some hundred rows, as many more as somebody asks
   for; corrections beside what they correct; the state of each can be said. */

import {at, make, put} from './deskdom.js';
import {clockText, get, post, say} from './staff.js';
import {drawRows, holding, stepIn} from './hqboardlist.js';
import {correct, offerNames} from './hqboardentry.js';
import {stepPart} from './hqboardstep.js';
import {API, fromTo, japanese, words, zone} from './hqboardsay.js';

const PAGE = 60;
const MOST = 240;
const list = at('entries').tBodies[0];
const newer = at('entries-newer');
let newest = [];
let older = [];
let ended = false;
let room = MOST;
let open = null;
let again = () => {};

const entries = () => [...newest, ...older];
const named = ref => entries().find(one => one.ref === ref);

const stateButton = one => {
  const made = make('button', {type: 'button', className: 'st', textContent: words.entry[one.state] ?? '—'});
  made.dataset.value = one.state ?? '';
  made.setAttribute('aria-expanded', String(open === one.ref));
  made.setAttribute('aria-label', `状態：${words.entry[one.state] ?? 'なし'}。変える、訂正する`);
  made.addEventListener('click', () => toggle(one.ref));
  return made;
};

const ofOther = (ref, before, after) => {
  const other = named(ref);
  return make('span', {className: 'kind'}, before, other ? `${clockText(other.at, zone)} ${other.content.slice(0, 40)}` : ref, after);
};

const cell = (className, ...inside) => make('td', {className}, ...inside);

const drawEntry = one => row => {
  row.className = [one.by_system ? 'auto' : '', one.corrected_by ? 'fixed' : ''].join(' ').trim();
  const content = cell('');
  if (one.corrects) content.append(ofOther(one.corrects, '', ' の訂正：'), ' ');
  content.append(one.corrected_by ? make('s', {textContent: one.content}) : one.content);
  if (one.corrected_by) content.append(' ', ofOther(one.corrected_by, '（訂正あり：', '）'));
  const late = Date.parse(one.entered_at) - Date.parse(one.at) > 6e4;
  row.replaceChildren(cell('when', clockText(one.at, zone), ...(late ? [make('span', {className: 'kind', textContent: `記入 ${clockText(one.entered_at, zone)}`})] : [])),
    cell('ft', fromTo(one.from, one.to), ...(one.signed ? [make('span', {className: 'kind', textContent: `記入 ${one.signed}`})] : [])), content, cell('', one.action), cell('', one.owner), cell('', stateButton(one)));
};

const drawStep = stepPart({fix: ref => correctEntry(ref), state: (...given) => sayState(...given)});

const sayState = async (one, body, said) => {
  say(said, '送っています…');
  try {
    putLine(await post(`${API}chronology/${encodeURIComponent(one.ref)}/state`, body));
  } catch (error) {
    return say(said, japanese(error.message), true);
  }
  if (open === one.ref) toggle(one.ref);
  return again();
};

const isHeld = holding(at('entries-body'), () => draw());

const draw = ({holds = isHeld()} = {}) => {
  const shown = entries().slice(0, room);
  const items = shown.flatMap(one => {
    const row = {key: one.ref, was: JSON.stringify([one, one.ref === open]), draw: drawEntry(one)};
    return one.ref === open ? [row, {key: `step:${one.ref}`, was: JSON.stringify([one.state, one.owner]), draw: drawStep(one)}] : [row];
  });
  const waiting = drawRows(list, items, {holds, limit: room + 1});
  put(newer, `新しい記録 ${waiting}件を表示`);
  at('entry-newer-part').hidden = !waiting;
  at('entries-none').hidden = list.children.length > 0;
  at('entries-older').hidden = ended || !newest.length;
  put(at('entries-older'), `前の記録（いま新しい${shown.length}件まで）`);
  offerNames(shown);
};

const rowOf = ref => [...list.children].find(one => one.dataset.key === ref);

/* A row that is struck out is not there any more and opens nothing. */
const toggle = ref => {
  open = open === ref || !named(ref) ? null : ref;
  rowOf(ref)?.focus();
  draw({holds: false});
  if (open) rowOf(`step:${ref}`)?.querySelector('input').focus();
};

const correctEntry = ref => {
  const one = named(ref);
  if (!one || one.by_system) return;
  open = null;
  draw({holds: false});
  correct(one);
};

/* What has no room can be read again. */
const trim = () => {
  const most = Math.max(0, room - newest.length);
  if (older.length > most) ended = false;
  older = older.slice(0, most);
};

/* The newest entries; what was read before them stays, unless others came between that nobody read. */
export const readChronology = async () => {
  const found = await get(`${API}chronology?limit=${PAGE}`);
  const there = new Set(found.entries.map(one => one.ref));
  const oldest = found.entries.at(-1);
  const joins = newest.some(one => there.has(one.ref));
  const before = entries().filter(one => joins && !there.has(one.ref) && one.entered_at <= oldest.entered_at);
  newest = found.entries;
  older = before;
  if (!older.length) ended = !found.more;
  trim();
  draw();
  at('entries').dataset.read = 'yes';
};

/* The newest line of a person that has one of these contents. */
export const lineOf = async contents => {
  await readChronology();
  return newest.find(one => !one.by_system && contents.includes(one.content));
};

const readOlder = async () => {
  const last = entries().at(-1);
  const found = await get(`${API}chronology?limit=${PAGE}&before=${encodeURIComponent(last.ref)}`);
  older = [...older, ...found.entries];
  room = Math.max(room, entries().length);
  ended = !found.more;
  draw({holds: false});
};

const replaced = (all, line) => all.map(one => (one.ref === line.ref ? line : one));

/* What the server answered to whoever wrote it, before all is read anew. */
const putLine = line => {
  if (named(line.ref)) [newest, older] = [replaced(newest, line), replaced(older, line)];
  else newest = [line, ...newest];
};

const showNewest = () => {
  room = MOST;
  trim();
  draw({holds: false});
  at('entries-body').scrollTop = 0;
};

export const showLine = line => {
  putLine(line);
  showNewest();
};

export const focusChronology = () => {
  showNewest();
  list.firstElementChild?.focus();
};

const refOf = event => event.target.closest('#entries tr[data-key]')?.dataset.key.replace(/^step:/, '');

export const chronologyKey = event => (event.key === 'Enter' && event.target.matches('#entries tr') ? () => toggle(refOf(event)) : null);

export const chronologyLetter = event => {
  const ref = refOf(event);
  const does = ref && {
    'j': () => stepIn(list, 1), 'k': () => stepIn(list, -1), 'c': () => correctEntry(ref), 't': () => toggle(ref),
  }[event.key.toLowerCase()];
  return does || null;
};

export const stepEntries = by => stepIn(list, by);

export const escapeChronology = event => {
  if (!event.target.closest('#entries')) return false;
  if (open) toggle(open);
  else event.target.blur();
  return true;
};

/* `renew` reads the chronology anew. */
export const listenToChronology = renew => {
  again = renew;
  newer.addEventListener('click', focusChronology);
  at('entries-older').addEventListener('click', () => readOlder().catch(error => say(at('decided'), japanese(error.message), true)));
};
