/* What must be decided: the soonest first, each with what happens if nobody acts; one of them open. */

import {at, make, put} from './deskdom.js';
import {clockText, now, say} from './staff.js';
import {actsPart} from './hqboardacts.js';
import {drawRows, holding, stepIn} from './hqboardlist.js';
import {hold, isElsewhere, letGo, listenToRest, lockOf, lockWords, putLocks, RESTS, unlockedWords} from './hqboardlocks.js';
import {pointAt, pointNowhere} from './hqboardplace.js';
import {japanese, sayNone, zone} from './hqboardsay.js';
import {due, dueClass, tell, told} from './hqboardwaits.js';

const list = at('decisions');
const newer = at('decisions-newer');
let all = [];
let city = {};
let open = null;
let after = () => {};
let aged = () => {};

const titleOf = one => {
  const made = make('button', {type: 'button', className: 'title', textContent: one.title});
  made.addEventListener('click', () => (open?.key === one.key ? shutRow() : openRow(one.key)));
  return made;
};

const sayOpen = row => {
  const isOpen = row.dataset.key === open?.key;
  row.classList.toggle('sel', isOpen);
  row.querySelector('.title')?.setAttribute('aria-expanded', String(isOpen));
};

const drawDecision = one => row => {
  row.className = '';
  const focused = document.activeElement?.classList.contains('title') && row.contains(document.activeElement);
  const kept = row.querySelector('.do');
  if (kept) {
    row.querySelector('.due')?.replaceWith(due(one));
    row.querySelector('.told')?.replaceWith(told(one, titleOf(one)));
  } else row.replaceChildren(due(one), told(one, titleOf(one)));
  if (focused) row.querySelector('.title').focus();
  sayOpen(row);
};

const wasOf = one => JSON.stringify([one, lockOf(one.key), dueClass(one)]);
const rowOf = key => [...list.children].find(one => one.dataset.key === key);
const isHeld = holding(list, () => draw());

const draw = ({holds = isHeld()} = {}) => {
  const items = all.map(one => ({key: one.key, was: wasOf(one), draw: drawDecision(one)}));
  /* An open one that is gone stays until it is closed: whoever works in it reads why. */
  const waiting = drawRows(list, items, {name: 'li', holds: holds || Boolean(open && !all.some(one => one.key === open.key))});
  put(at('decisions-count'), String(all.length));
  sayNone(at('decisions-none'), 'decisions', city, !list.children.length);
  newer.hidden = !waiting;
  put(newer, `新しい決めること ${waiting}件を表示`);
  if (open) renewOpen();
  aged();
};

/* A lock is a word to the others: whoever was asked once more goes on, and the server decides by its state. */
const goOn = () => {
  open.goesOn = true;
  stopOpen();
  rowOf(open.key)?.focus();
};

/* The open one is decided by what it is now. */
const renewOpen = () => {
  const one = all.find(other => other.key === open.key);
  if (one) open.acts.renew(one);
  stopOpen();
};

/* Why the open one cannot be decided here now. */
const stopOpen = () => {
  const lock = lockOf(open.key);
  const there = all.some(one => one.key === open.key);
  if (!there) open.acts.stop('ほかの人が決めたか、もう決める必要がなくなりました。');
  else open.acts.stop(open.goesOn ? '' : lock ? `${lockWords(lock)}閉じるまで待つか、話してから「それでも決める」で続けます。` : open.refused, goOn);
  if (open.wasLocked && !lock && there) take();
  open.wasLocked = Boolean(lock);
};

const take = async () => {
  const mine = open;
  mine.refused = '';
  mine.acts.note('');
  try {
    await hold(mine.key);
  } catch (error) {
    mine.wasLocked = isElsewhere(error);
    mine.refused = mine.wasLocked ? japanese(error.message) : '';
    if (!mine.wasLocked) mine.acts.note(unlockedWords(error));
  }
  if (open === mine) stopOpen();
};

const shutRow = () => {
  if (!open) return false;
  const row = rowOf(open.key);
  letGo();
  open = null;
  row?.querySelector('.do')?.remove();
  if (row) sayOpen(row);
  row?.focus();
  return true;
};

const done = (act, one) => {
  say(at('decided'), `${clockText(new Date(now()).toISOString(), zone)} 「${act.word}」：${one.title}`);
  const row = rowOf(one.key);
  const next = row?.nextElementSibling ?? row?.previousElementSibling;
  shutRow();
  all = all.filter(other => other.key !== one.key);
  (next ?? list.parentElement).focus();
  draw({holds: false});
  after();
};

export const openRow = key => {
  const one = all.find(other => other.key === key);
  if (!one) return;
  shutRow();
  const row = rowOf(key);
  open = {key, acts: actsPart(one, {done, close: shutRow}), refused: '', goesOn: false, wasLocked: Boolean(lockOf(key))};
  row.append(open.acts.part);
  sayOpen(row);
  row.focus();
  row.scrollIntoView({block: 'nearest'});
  stopOpen();
  if (!lockOf(key)) take();
};

/* From a row that went away in the step itself: to the one beside it. */
const stepOff = (rows, was, by) => {
  const [before, beyond] = [rows.slice(0, was).reverse(), rows.slice(was)];
  const row = (by > 0 ? [...beyond, ...before] : [...before, ...beyond]).find(one => one.isConnected);
  row?.focus();
  row?.scrollIntoView({block: 'nearest'});
  return row;
};

/* New ones come in when somebody moves on, not while they rest on one. */
export const stepDecisions = by => {
  const here = document.activeElement;
  const rows = [...list.children];
  const was = rows.findIndex(one => one.contains(here));
  draw({holds: false});
  if (here?.isConnected && list.contains(here)) here.focus();
  const row = was < 0 || rows[was].isConnected ? stepIn(list, by) : stepOff(rows, was, by);
  if (open && row && row.dataset.key !== open.key && !open.acts.isTyped()) {
    shutRow();
    row.focus();
  }
};

/* What a key does while the focus is on a decision. */
export const decisionKey = event => {
  const row = event.target.closest('#decisions > li');
  if (!row) return null;
  if (event.target === row && event.key === 'Enter') return () => (open?.key === row.dataset.key ? open.acts.follow() : openRow(row.dataset.key));
  return null;
};

export const decisionLetter = event => open?.acts.press(event.key.toLowerCase()) ?? null;

export const escapeDecision = event => {
  if (!event.target.closest('#decisions') || !open) return false;
  if (open.acts.cancel()) rowOf(open.key)?.focus();
  else shutRow();
  return true;
};

export const drawDecisions = ({state, locks}) => {
  all = Object.values(state.decisions);
  city = state.city.city;
  putLocks(locks);
  tell(all);
  draw();
};

/* `renew` asks for all anew; `ages` renews the ages of what was drawn. */
export const listenToDecisions = ({renew, ages}) => {
  after = renew;
  aged = ages;
  listenToRest({rest: key => open?.key === key && open.acts.note(RESTS), back: key => open?.key === key && take()});
  list.addEventListener('focusin', event => pointAt(event.target.closest('li').dataset.key));
  list.addEventListener('focusout', pointNowhere);
  newer.addEventListener('click', () => {
    draw({holds: false});
    list.firstElementChild?.focus();
  });
};
