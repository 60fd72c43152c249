/* The call list of facilities: whom to call next first, what they said, and a call taken back. */

import {at, make, put} from './deskdom.js';
import {HQ, drawn, figure, figures, japanese, level, time, words} from './hqdutiessay.js';
import {newId, post, say} from './staff.js';

let found = null;
let chosen = null;
let undone = null;
let key = null;
let opener = null;
let renew = () => {};

const said = call => {
  const parts = [make('b', {}, call.word), ' ', time(call.at), ` ${call.by}`];
  if (call.level) parts.push(`。レベル${call.level}を伝えた`);
  if (call.told) parts.push(`。相手 ${call.told}`);
  if (call.note) parts.push(`。${call.note}`);
  return parts;
};

const callRow = call => {
  if (!call.stands) return make('li', {className: 'gone'}, make('s', {}, ...said(call)), '（取り消した記録）');
  const undo = make('button', {type: 'button', className: 'link', textContent: '取り消す'});
  undo.setAttribute('aria-label', `${call.word}の記録を取り消す`);
  undo.dataset.undo = call.number;
  return make('li', {}, ...said(call), ' ', undo);
};

const phone = one => {
  if (!one.phone) return make('b', {className: 'late'}, '番号がない');
  return make('a', {className: 'tel', href: `tel:${one.phone.replace(/[^0-9+]/g, '')}`, textContent: one.phone});
};

const facility = one => {
  const state = one.due ? make('b', {className: 'late'}, '電話する') : one.told ? make('b', {className: 'done'}, '伝わった') : '';
  const people = one.persons === null ? '人数不明' : `${one.persons}人`;
  const call = make('button', {type: 'button', className: `btn ${one.due ? 'primary' : ''}`, textContent: '電話の結果を書く'});
  call.dataset.call = one.id;
  call.setAttribute('aria-label', `${one.name}：電話の結果を書く`);
  const head = make('div', {className: 'who'}, make('h3', {}, one.name), make('p', {className: 'kind'}, [one.kind, one.area ?? one.address, people].filter(Boolean).join('・')));
  const danger = make('p', {}, level(one.level), ' ', one.zones.join('、') || '想定の区域の外（安全とは限りません）');
  const calls = one.calls.length ? make('ul', {className: 'said-list'}, ...one.calls.map(callRow)) : make('p', {className: 'none'}, '未連絡');
  const made = make('li', {tabIndex: -1}, head, danger, make('p', {className: 'reach'}, state, ' ', phone(one), ' ', call), calls);
  made.dataset.facility = one.id;
  if (one.due) made.dataset.due = 'yes';
  return made;
};

const fillList = (list, rows) => {
  const holder = list.contains(document.activeElement) ? document.activeElement : null;
  const where = holder?.closest('li[data-facility]')?.dataset.facility;
  const wasButton = holder?.dataset.call !== undefined;
  const text = JSON.stringify(rows);
  if (list.dataset.key === text) return;
  list.dataset.key = text;
  list.replaceChildren(...rows.map(facility));
  const again = where && list.querySelector(`[data-facility="${where}"]`);
  if (again) (wasButton ? again.querySelector('[data-call]') : again).focus();
};

export const drawCalls = answer => {
  found = answer;
  const {counts} = answer;
  figures(at('call-figures'), [
    figure('まだ伝わっていない', String(counts.due)),
    figure('伝わった', String(counts.told)),
    figure('応援が必要', String(counts.help)),
    figure('発令中の区域', String(counts.ordered)),
    figure('想定の区域', String(counts.in_zone)),
  ]);
  const inside = answer.facilities.filter(one => one.in_zone || one.level);
  const outside = answer.facilities.filter(one => !one.in_zone && !one.level);
  fillList(at('facilities'), inside);
  fillList(at('outside'), outside);
  at('outside-part').hidden = !outside.length;
  put(at('outside-count'), String(outside.length));
  at('facilities-none').hidden = Boolean(inside.length);
  put(at('facilities-none'), answer.facilities.length ? '想定の区域と発令中の区域に施設はありません' : '市のデータに施設の一覧がありません。市のファイルの [sources.facilities] に書きます');
};

const told = one => {
  if (one.level === 5) return '警戒レベル5です。直ちに安全確保。移動させず、建物の高い所へ。避難場所の名前は言いません。';
  if (one.level) return `警戒レベル${one.level}「${words.level[one.level]}」を伝えます。`;
  return '発令はありません。避難の準備と、危ないと感じたら早めに動くことを伝えます。';
};

const answerPick = ([value, text], number) => {
  const input = make('input', {type: 'radio', name: 'answer', value, required: true});
  return make('label', {className: 'pick'}, input, make('kbd', {}, String(number + 1)), ` ${text}`);
};

const openCall = (id, from) => {
  chosen = found.facilities.find(one => one.id === id);
  key = newId();
  opener = from;
  const form = at('call-form');
  form.reset();
  say(form.querySelector('output'), '');
  put(at('call-title'), chosen.name);
  const link = at('call-phone');
  link.hidden = !chosen.phone;
  put(link, chosen.phone);
  link.href = `tel:${chosen.phone.replace(/[^0-9+]/g, '')}`;
  put(at('call-say'), told(chosen));
  at('call').showModal();
  at('call-answers').querySelector('input').focus();
};

const openUndo = (number, from) => {
  undone = number;
  key = newId();
  opener = from.closest('li[data-facility]').querySelector('[data-call]');
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
    drawCalls(await post(url, body));
    drawn.aged();
    at(dialog).close();
    renew();
  } catch (error) {
    say(output, japanese(error.message), true);
  }
};

const sendCall = event => {
  event.preventDefault();
  const form = event.target;
  const {answer, told: whom, note} = form.elements;
  if (!answer.value) return say(form.querySelector('output'), '返事を選んでください', true);
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

export const listenToCalls = again => {
  renew = again;
  at('call-answers').replaceChildren(...Object.entries(words.answer).map(answerPick));
  at('calls').addEventListener('click', event => {
    const {call, undo} = event.target.dataset;
    if (call) openCall(call, event.target);
    if (undo) openUndo(undo, event.target);
  });
  at('call-form').addEventListener('submit', sendCall);
  at('undo-form').addEventListener('submit', sendUndo);
  for (const name of ['call', 'undo']) {
    at(`${name}-back`).addEventListener('click', () => at(name).close());
    at(name).addEventListener('close', () => {
      const id = opener?.dataset.call;
      const again_ = id && document.querySelector(`[data-call="${id}"]`);
      (again_ ?? opener)?.focus();
    });
  }
  at('call').addEventListener('keydown', event => {
    if (event.target.matches('input:not([type=radio])') || !/^[1-6]$/.test(event.key)) return;
    const pick = at('call-answers').querySelectorAll('input')[Number(event.key) - 1];
    pick.checked = true;
    pick.focus();
    event.preventDefault();
  });
};
