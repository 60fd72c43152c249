/* What officers do to sources: each decision with its reason; whatever fails says what to do. */

import {at, put} from './deskdom.js';
import {isBusy, say, submitJson} from './staff.js';
import {japanese} from './deskwords.js';

export const API = '/api/v1/headquarters/sources';
const LONGEST_MS = 60e3;
const WORDS = {
  accept: ['この内容を公開しますか', '公開する', '公開しました'],
  refuse: ['この内容を公開しないことにしますか', '公開しない', '公開しないことにしました。最後に確かめられた内容が、その時刻とともに出続けます'],
  seen: ['6時間、知らせを止めますか', '知らせを止める', '6時間は知らせません。取得は続けます'],
  stop: ['この情報源をやめますか', 'やめる', 'この情報源をやめました。市民のページからも消えます'],
};
const dialog = at('ask');
const form = at('ask-form');
const reason = at('ask-reason');
let one;
let does;
let working = false;
let after = () => {};

export const asked = found => { after = found; };
export const busy = () => working || dialog.open;

const done = (text, isError = false) => {
  const box = at('did');
  box.hidden = false;
  box.classList.toggle('stop', isError);
  put(box, text);
};

/* Whether a held copy would take most of what is shown away: never the button that stands out. */
export const loses = one => one.held.items * 2 < Math.max(one.items ?? 0, 1);

export const ask = (source, act) => {
  one = source;
  does = act;
  const [title, ok] = WORDS[act];
  const empties = act === 'accept' && loses(source);
  put(at('ask-title'), title);
  put(at('ask-what'), `${source.name}${act === 'accept' || act === 'refuse' ? `：${source.held.doubts.join('。')}` : ''}`);
  put(at('ask-loses'), empties ? `いまの ${source.items ?? 0}件が、${source.held.items}件になります。` : '');
  put(at('ask-ok'), ok);
  at('ask-ok').classList.toggle('primary', !empties);
  reason.value = '';
  say(at('ask-said'), '');
  dialog.showModal();
  reason.focus();
};

at('ask-back').addEventListener('click', () => dialog.close());
form.addEventListener('submit', async event => {
  event.preventDefault();
  if (isBusy(form)) return;
  if (!reason.value.trim()) {
    say(at('ask-said'), '理由を1行で書いてください。', true);
    reason.focus();
    return;
  }
  const looked = does === 'accept' || does === 'refuse' ? {digest: one.held.digest} : {};
  const answer = await submitJson(form, {url: `${API}/${one.number}/${does}`, body: {reason: reason.value, ...looked}, said: ''});
  if (!answer) {
    say(at('ask-said'), japanese(at('ask-said').textContent), true);
    return;
  }
  dialog.close();
  done(`${one.name}：${WORDS[does][2]}。`);
  after();
});

const withWords = async (source, word, work) => {
  working = true;
  done(`${source.name}：${word}…`);
  try {
    const said = await work();
    done(`${source.name}：${said}`);
  } catch (error) {
    done(`${source.name}：${japanese(error.message)}`, true);
  } finally {
    working = false;
  }
};

const sent = async (url, body) => {
  let answer;
  try {
    answer = await fetch(url, {
      method: 'POST', body, signal: AbortSignal.timeout(LONGEST_MS),
      headers: {'accept': 'application/json', 'x-csrf-token': document.querySelector('meta[name=csrf]').content},
    });
  } catch {
    throw Error('送れませんでした。サーバーにつながりません。もう一度押してください。');
  }
  const told = await answer.json().catch(() => null);
  if (answer.ok) return told;
  throw Error(told?.title ? `${told.title}。${told.detail ?? ''}` : `うまくいきませんでした（${answer.status}）`);
};

export const fetchNow = source => withWords(source, '取りに行っています',
  async () => (await sent(`${API}/${source.number}/fetch`)).words);

export const handOver = async (source, input) => {
  const [file] = input.files;
  if (!file) return;
  const body = new FormData();
  body.set('file', file);
  await withWords(source, '読んでいます', async () => {
    const told = await sent(`${API}/${source.number}/file`, body);
    if (told.doubts.length) return `公開せずに止めています。${told.doubts.join('。')}`;
    return `受け取りました（${told.items}件）。`;
  });
};

const add = at('add');
add.addEventListener('submit', async event => {
  event.preventDefault();
  const {name, theme, format, address, minutes, attribution, licence, only} = add.elements;
  const body = {
    name: name.value, theme: theme.value, format: format.value, address: address.value.trim(),
    ...(minutes.value ? {every_s: Math.round(Number(minutes.value) * 60)} : {}), attribution: attribution.value,
    licence: licence.value, only: only.value, public: add.elements.public.checked,
  };
  const output = add.querySelector('output.said');
  if (!name.value.trim()) {
    say(output, '名前を書いてください。', true);
    name.focus();
    return;
  }
  const answer = await submitJson(add, {url: API, body, said: '加えました'});
  if (answer) {
    for (const field of [name, address]) field.value = '';
    await after();
    at(`source-${answer.number}`)?.focus();
  } else say(output, japanese(output.textContent), true);
});
