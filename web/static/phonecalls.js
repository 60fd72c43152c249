/* Calls from the phone desk: choose an alert, read its words, note who answered. */

import {ages, clockText, get, now, setClock} from './staff.js';
import {at, make, put} from './deskdom.js';
import {drawList} from './phonecalllist.js';
import {drawUnsent, listenToNotes, noted, wordsChanged} from './phonecallnote.js';
import {keepDraft, keptDraft, sendUnsent} from './phonecallqueue.js';
import {afterCall, begun, followed, rewritten, says} from './phonecallread.js';
import {drawReplaced, listenToReplaced} from './phonecallreplaced.js';
import {askWords, drawWords, forgetWords, whyOver} from './phonecallwords.js';

const {zone} = at('desk').dataset;
const RENEW_MS = 5e3;
const STALE_MS = 30e3;

let lines = null;
let reading = null;
/* When the list came last, by the server's clock. */
let knownAt = at('desk').dataset.now;
let isOut = false;
let isTicking = false;
let timer = 0;

const language = () => document.querySelector('[name=language]:checked').value;
const line = () => lines?.find(one => one.alert === reading?.alert) ?? null;
const save = () => keepDraft({reading, language: language(), label: at('label').value});

const drawLanguages = chosen => {
  for (const input of document.querySelectorAll('[name=language]')) {
    const isThere = chosen.languages.includes(input.value);
    input.closest('label').classList.toggle('missing', !isThere);
    const word = input.nextElementSibling;
    word.dataset.word ||= word.textContent;
    put(word, isThere ? word.dataset.word : `${word.dataset.word}（なし）`);
  }
};

const draw = () => {
  if (!lines || isOut) return;
  const chosen = line();
  drawList(lines, reading?.alert);
  at('chosen').hidden = !chosen;
  at('waiting').hidden = Boolean(chosen);
  if (!chosen) return;
  drawReplaced(reading, Boolean(whyOver(chosen)));
  drawLanguages(chosen);
  drawWords(chosen, language());
};

/* Nothing is asked any more until somebody signs in again, and no words are left to be read. */
const leave = () => {
  if (isOut) return;
  isOut = true;
  forgetWords();
  at('chosen').hidden = true;
  at('waiting').hidden = false;
  put(at('waiting'), '新しい知らせが届かないので、読む文を出していません。');
  const link = make('a', {className: 'btn', href: `/signin?next=${encodeURIComponent(location.pathname)}`, textContent: 'サインイン'});
  at('behind').replaceChildren('サインインし直してください。書いた番号と未送信の記録は、このタブに残っています。', link);
  at('behind').hidden = false;
};

const showOld = since => {
  put(at('old'), `この文は ${since} に確かめたものです。そのあとに替わったかもしれません。読む前に、本部に口頭で確かめてください。`);
  at('old').hidden = false;
};

const late = error => {
  const since = clockText(knownAt, zone);
  put(at('behind'), `${since} から新しい知らせが届いていません。${error.status ? error.message : 'サーバーにつながりません。つながり次第、続けます。'}`);
  at('behind').hidden = false;
  showOld(since);
  if (!lines) put(at('coming'), '配信をまだ読み込めません。つながり次第、ここに出ます。');
};

/* Also where no answer came and none failed: the machine slept, or the tab was let be. */
const aged = () => {
  if (now() - Date.parse(knownAt) > STALE_MS) showOld(clockText(knownAt, zone));
  draw();
};

const askForWords = async () => {
  const chosen = line();
  if (!chosen || isOut) return;
  try {
    await askWords(chosen, language());
  } catch {
    leave();
  }
  draw();
};

const choose = chosen => {
  reading = begun(chosen);
  at('waiting').textContent = '配信を選ぶと、読む文がここに出ます。';
  wordsChanged();
  save();
  draw();
  return askForWords();
};

const follow = answer => {
  setClock(answer.now);
  knownAt = answer.now;
  const isFirst = !lines;
  lines = answer.alerts;
  at('coming').hidden = true;
  const open = lines.filter(one => !whyOver(one));
  if (isFirst && !reading && open.length === 1) reading = begun(open[0]);
  const chosen = line();
  if (reading && !chosen) {
    reading = null;
    put(at('waiting'), '選んでいた配信は終わりました。ほかの配信を選んでください。');
  }
  if (!chosen) return;
  const before = reading;
  reading = followed(reading, chosen);
  if (reading !== before || whyOver(chosen)) wordsChanged();
};

const renew = async () => {
  try {
    follow(await get('/api/v1/phone/alerts'));
    at('behind').hidden = at('old').hidden = true;
  } catch (error) {
    if (error.status === 401) leave();
    else late(error);
  }
  save();
  draw();
  await askForWords();
};

const tick = async () => {
  if (isTicking || isOut) return;
  isTicking = true;
  clearTimeout(timer);
  await Promise.all([renew(), sendUnsent(noted)]);
  drawUnsent();
  isTicking = false;
  timer = setTimeout(tick, RENEW_MS);
};

const restore = () => {
  const kept = keptDraft();
  if (!kept) return;
  reading = kept.reading;
  at('label').value = kept.label;
  const input = document.querySelector(`[name=language][value="${kept.language}"]`);
  if (input) input.checked = true;
};

for (const list of [at('list'), at('drills')]) {
  list.addEventListener('change', event => {
    const chosen = lines.find(one => String(one.alert) === event.target.value);
    if (chosen) choose(chosen);
  });
}
at('language').addEventListener('change', () => {
  save();
  draw();
  askForWords();
});

setClock(at('desk').dataset.now);
restore();
listenToNotes({
  now: () => ({line: line(), reading}),
  called: () => {
    if (reading) reading = afterCall(reading);
    save();
    draw();
  },
  typed: save,
  rewrite: call => {
    const chosen = lines?.find(one => one.alert === call.alert);
    if (!chosen) return false;
    reading = rewritten(chosen, call);
    save();
    draw();
    askForWords();
    return true;
  },
});
listenToReplaced(number => {
  reading = says(reading, number);
  save();
  draw();
  at('label').focus();
});
ages(at('desk'));
at('desk').addEventListener('ages', aged);
addEventListener('online', tick);
document.addEventListener('visibilitychange', () => document.hidden || tick());
tick();
