/* The two questions of the call list: what a facility said, and why a call is taken back. What is read
   aloud is what stands now: where it changes during a call, the answer is asked for again. */

import {at, make, put} from './deskdom.js';
import {HQ, drawn, japanese, words} from './hqdutiessay.js';
import {newId, post, say} from './staff.js';

let chosen = null;
let changed = '';
let undone = null;
let key = null;
let opener = null;
let draw = () => {};
let renew = () => {};

const told = one => {
  if (one.level === 5) return '警戒レベル5です。直ちに安全確保。移動させず、建物の高い所へ。避難場所の名前は言いません。';
  if (one.level) return `警戒レベル${one.level}「${words.level[one.level]}」を伝えます。`;
  return '発令はありません。避難の準備と、危ないと感じたら早めに動くことを伝えます。';
};

const answerPick = ([value, text], number) => {
  const input = make('input', {type: 'radio', name: 'answer', value, required: true});
  return make('label', {className: 'pick'}, input, make('kbd', {}, String(number + 1)), ` ${text}`);
};

const drawChosen = () => {
  put(at('call-title'), chosen.name);
  const link = at('call-phone');
  link.hidden = !chosen.phone;
  put(link, chosen.phone);
  link.href = `tel:${chosen.phone.replace(/[^0-9+]/g, '')}`;
  put(at('call-say'), told(chosen));
};

/* The orders of the level that is told: told of the flood is not told of the slope. */
const ordersOf = one => one.orders.filter(order => order.level === one.level);
const standing = one => JSON.stringify([one.level, ordersOf(one).map(order => order.number).sort()]);

const changeWords = (before, after) => {
  const hazards = [...new Set(ordersOf(after).map(order => order.hazard))].join('・');
  const what = after.level > before.level ? `警戒レベルが${after.level}に上がりました（${hazards}）。`
    : after.level === before.level ? `発令が変わりました（${hazards}）。` : '警戒レベルが変わりました。';
  return `${what}上の文を伝え直してから、返事を選び直してください。`;
};

/* Of a new list, while a call is noted. */
export const renewCall = facilities => {
  const after = at('call').open && facilities.find(one => one.id === chosen.id);
  if (!after) return;
  const before = chosen;
  chosen = after;
  drawChosen();
  if (standing(before) === standing(after)) return;
  for (const one of at('call-answers').querySelectorAll('input')) one.checked = false;
  changed = changeWords(before, after);
  say(at('call-form').querySelector('output'), changed, true);
};

const opened = from => {
  key = newId();
  opener = from;
};

export const openCall = (one, from) => {
  chosen = one;
  changed = '';
  opened(from);
  const form = at('call-form');
  form.reset();
  say(form.querySelector('output'), '');
  drawChosen();
  at('call').showModal();
  at('call-answers').querySelector('input').focus();
};

export const openUndo = (number, from) => {
  undone = number;
  opened(from.closest('li[data-facility]').querySelector('[data-call]'));
  const form = at('undo-form');
  form.reset();
  say(form.querySelector('output'), '');
  put(at('undo-about'), '記録は消えません。取り消したことが、理由と一緒に残ります。');
  at('undo').showModal();
  form.elements.why.focus();
};

const send = async (form, dialog, url, body) => {
  const output = form.querySelector('output');
  try {
    const answer = await post(url, body);
    at(dialog).close();
    draw(answer);
    drawn.aged();
    renew();
  } catch (error) {
    say(output, japanese(error.message), true);
  }
};

const sendCall = event => {
  event.preventDefault();
  const form = event.target;
  const {answer, told: whom, note} = form.elements;
  if (!answer.value) return say(form.querySelector('output'), changed || '返事を選んでください', true);
  return send(form, 'call', `${HQ}facilities/${chosen.id}/calls`, {
    key, answer: answer.value, level: chosen.level, told: whom.value.trim(), note: note.value.trim(),
  });
};

const sendUndo = event => {
  event.preventDefault();
  const form = event.target;
  const why = form.elements.why.value.trim();
  if (!why) return say(form.querySelector('output'), '取り消す理由を書いてください', true);
  return send(form, 'undo', `${HQ}facilities/calls/${undone}/corrected`, {key, why});
};

/* The focus comes back to the same button, also where its row was drawn anew. */
const back = () => {
  const id = opener?.dataset.call;
  ((id && document.querySelector(`[data-call="${CSS.escape(id)}"]`)) ?? opener)?.focus();
};

const pick = event => {
  if (event.target.matches('input:not([type=radio])') || !/^[1-6]$/.test(event.key)) return;
  const one = at('call-answers').querySelectorAll('input')[Number(event.key) - 1];
  one.checked = true;
  one.focus();
  event.preventDefault();
};

/* `drawCalls` of an answer; `again` asks for a newer one. */
export const listenToDialogs = (drawCalls, again) => {
  draw = drawCalls;
  renew = again;
  at('call-answers').replaceChildren(...Object.entries(words.answer).map(answerPick));
  at('call-form').addEventListener('submit', sendCall);
  at('undo-form').addEventListener('submit', sendUndo);
  for (const name of ['call', 'undo']) {
    at(`${name}-back`).addEventListener('click', () => at(name).close());
    at(name).addEventListener('close', back);
  }
  at('call').addEventListener('keydown', pick);
};
