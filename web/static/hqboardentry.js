/* The line in which a person writes into the chronology. What was typed outlives a reload of this tab; an
   entry has its id before it is sent, so that sending twice enters it once. */

import {at, make, put} from './deskdom.js';
import {clockText, isBusy, newId, now, say, submitJson} from './staff.js';
import {API, lastTime, root, zone} from './hqboardsay.js';

const form = at('entry');
const output = form.querySelector('.said');
const FIELDS = ['at', 'from', 'to', 'content', 'action', 'owner'];
const KEPT = `nigemichi-entry:${root.dataset.actor}`;
const MOST_NAMES = 40;
/* `when`: the moment of what is corrected, shown in the form as `shown`; `was`: what it says in each field;
   `sent`: what went out under the key. */
const fresh = () => ({key: newId(), corrects: null, of: '', when: null, shown: '', was: {}, sent: []});
let draft = fresh();

const values = () => Object.fromEntries(FIELDS.map(name => [name, form.elements[name].value.trim()]));

const keep = () => {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({...draft, ...values()}));
  } catch {
    // A browser that keeps nothing: what was typed is in the form still.
  }
};

const show = () => {
  at('correcting').hidden = !draft.corrects;
  put(at('correcting-what'), draft.corrects ? `訂正：${draft.of}` : '');
};

const restore = () => {
  try {
    const {key, corrects, of, when, shown, was, sent, ...typed} = JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
    if (!key) return;
    draft = {key, corrects, of, when, shown, was: was ?? {}, sent: sent ?? []};
    for (const name of FIELDS) form.elements[name].value = typed[name] ?? '';
  } catch {
    return;
  }
  show();
};

/* From and to stay: one person writes for the same desk again and again. */
const begin = names => {
  draft = fresh();
  for (const name of names) form.elements[name].value = '';
  show();
  keep();
};

export const focusEntry = () => {
  form.elements.content.focus();
  form.elements.content.select();
};

const ofEntry = entry => {
  const [when, shown] = [entry.at, clockText(entry.at, zone)];
  const was = Object.fromEntries(FIELDS.map(name => [name, name === 'at' ? shown : entry[name] ?? '']));
  return {corrects: entry.ref, of: `${shown} ${entry.content}`, when, shown, was};
};

export const correct = entry => {
  draft = {...fresh(), ...ofEntry(entry)};
  for (const name of FIELDS) form.elements[name].value = draft.was[name];
  show();
  keep();
  focusEntry();
};

/* Names that were written before, to choose from. */
export const offerNames = entries => {
  const names = [...new Set(entries.filter(one => !one.by_system).flatMap(one => [one.from, one.to, one.owner]).filter(Boolean))];
  const shown = names.slice(0, MOST_NAMES);
  if (at('desks').dataset.was === shown.join()) return;
  at('desks').dataset.was = shown.join();
  at('desks').replaceChildren(...shown.map(value => make('option', {value})));
};

/* When it happened; what is corrected keeps its own time until another one is typed. */
const momentOf = typed => (draft.when && (!typed || typed === draft.shown) ? draft.when : lastTime(typed));

/* The line was recorded before in other words: what is typed now goes as another one, and as a correction
   of that one where it is found. */
const anew = async find => {
  const before = draft.sent.slice(0, -1);
  Object.assign(draft, {key: newId(), sent: []});
  const mine = draft;
  const known = before.length && !mine.corrects ? await find(before).catch(() => null) : null;
  if (known && mine === draft) Object.assign(draft, ofEntry(known));
  show();
  keep();
};

/* Another officer has corrected that line: what is typed now corrects theirs, once they have been read.
   A field that nobody touched here says what it says there. */
const follow = newer => {
  const {was} = draft;
  Object.assign(draft, {key: newId(), sent: []}, ofEntry(newer));
  for (const name of FIELDS) if (form.elements[name].value.trim() === was[name]) form.elements[name].value = draft.was[name];
  show();
  keep();
  say(output, `もう訂正されています：「${newer.content}」（${draft.shown}）。書いた内容は残っています。これも訂正するときだけ、もう一度 Enter を押してください。`, true);
};

const failed = find => ({status, problem}) => {
  if (problem?.newer) return follow(problem.newer);
  return status === 409 && anew(find);
};

const send = async ({sent, find}) => {
  const typed = values();
  if (!typed.content) {
    say(output, '「内容」が空いています。書いてから、もう一度 Enter を押してください。', true);
    return form.elements.content.focus();
  }
  const moment = momentOf(typed.at);
  if (moment === undefined) {
    say(output, '時刻は 2:14 のように書いてください。空なら、いまの時刻です。', true);
    return form.elements.at.focus();
  }
  const {key, corrects} = draft;
  draft.sent = [...draft.sent, typed.content];
  keep();
  const body = {key, ...typed, at: moment, ...(corrects ? {corrects} : {})};
  const answer = await submitJson(form, {url: `${API}chronology`, body, said: '記録しました', failed: failed(find)});
  if (!answer) return form.elements.content.focus();
  begin(['at', 'content', 'action', 'owner']);
  form.elements.content.focus();
  return sent(answer);
};

/* `sent` is called when an entry was; `find` looks for the line that has one of these contents. */
export const listenToEntry = told => {
  restore();
  form.addEventListener('input', keep);
  form.addEventListener('submit', event => {
    event.preventDefault();
    if (!isBusy(form)) send(told);
  });
  at('correcting-end').addEventListener('click', () => {
    begin(FIELDS);
    focusEntry();
  });
};

/* Leaves the line; what is in it stays. */
export const escapeEntry = event => {
  if (!form.contains(event.target)) return false;
  event.target.blur();
  return true;
};
