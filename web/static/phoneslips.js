/* The slips that somebody still works on: read anew every 5 s, each with what may become of it. */

import {clockText, get, post, setClock} from './staff.js';

const part = id => document.getElementById(id);
const {words, zone} = part('desk').dataset;
const {handed_to: HANDED, outcomes: OUTCOMES} = JSON.parse(words);
const VERDICTS = {go: '避難', stay_safe: '屋内', secure_now: '直ちに安全確保', watch: '待つ'};

const rows = new Map();
let me = '';
let slips = [];
let undo = () => {};
let show = () => {};

const element = (name, text, kind = '') => {
  const made = document.createElement(name);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
};

const button = (text, act) => {
  const made = element('button', text, 'btn');
  made.type = 'button';
  made.addEventListener('click', act);
  return made;
};

export const lineOf = one => [
  clockText(one.taken_at, zone), one.landmark || '場所なし', one.need,
].filter(Boolean).join('　');

const step = async (number, body, said) => {
  try {
    draw(await post(`/api/v1/phone/slips/${number}`, body));
    undo(said, body.do === 'reopen' ? null : number);
  } catch (error) {
    undo(error.message, null, true);
  }
};

export const reopens = number => step(number, {do: 'reopen'}, `受付票 ${number} を一覧に戻しました。`);

const facts = one => [
  one.caller && `名前：${one.caller}`,
  one.phone && `電話：${one.phone}`,
  one.told.verdict && `案内：${VERDICTS[one.told.verdict]}`,
  `受けた人：${one.taken_by === me ? '自分' : one.taken_by.replace('staff:', '職員 ')}`,
].filter(Boolean);

const inside = one => {
  const made = element('div', '', 'more');
  const list = document.createElement('ul');
  list.append(...facts(one).map(words => element('li', words)));
  const ends = element('div', '', 'buttons');
  ends.append(...Object.entries(OUTCOMES).map(([outcome, word]) => button(word,
    () => step(one.number, {do: 'close', outcome}, `受付票 ${one.number}：${word}。`))));
  const hands = element('div', '', 'buttons');
  hands.append(...Object.entries(HANDED).filter(([to]) => to !== one.handed_to).map(([to, word]) => button(`${word}へ`,
    () => step(one.number, {do: 'hand', to}, `受付票 ${one.number} を${word}へ引き継ぎました。`))));
  made.append(list, ends, hands);
  if (one.at) made.append(button('この場所の答えを出す', () => show(one)));
  return made;
};

const fill = (row, one) => {
  const text = JSON.stringify(one);
  if (row.dataset.said === text) return;
  row.dataset.said = text;
  const isOpen = row.querySelector('details')?.open;
  const focused = row.contains(document.activeElement);
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.append(element('b', `${one.number}　${lineOf(one)}`));
  if (one.handed_to) summary.append(' ', element('span', `→ ${HANDED[one.handed_to]}`, 'tag'));
  if (one.joined) summary.append(' ', element('span', `ほか ${one.joined} 件`, 'tag'));
  details.append(summary, inside(one));
  details.open = Boolean(isOpen);
  row.replaceChildren(details);
  if (focused) summary.focus();
};

const draw = answer => {
  setClock(answer.now);
  me = answer.me;
  slips = answer.slips;
  const wanted = slips.map(one => {
    const row = rows.get(one.number) || document.createElement('li');
    rows.set(one.number, row);
    fill(row, one);
    return row;
  });
  const list = part('list');
  for (const [number, row] of rows) {
    if (slips.some(one => one.number === number)) continue;
    rows.delete(number);
    const next = row.nextElementSibling;
    const hadFocus = row.contains(document.activeElement);
    row.remove();
    if (hadFocus) (next?.querySelector('summary') || part('where')).focus();
  }
  wanted.forEach((row, at) => list.children[at] !== row && list.insertBefore(row, list.children[at] || null));
  part('count').textContent = `${slips.length}件`;
  part('empty').hidden = slips.length > 0;
};

export const renewSlips = async () => draw(await get('/api/v1/phone/slips'));

/* Offers to join a new slip into others that may be of the same matter. */
export const offerJoining = ({slip, similar}) => {
  if (!similar.length || !['open', 'handed'].includes(slip.state)) return;
  const box = element('div', '', 'note warn');
  const close = () => {
    box.remove();
    part('similar').hidden = !part('similar').children.length;
    part('where').focus();
  };
  box.append(element('b', `受付票 ${slip.number} は、同じ件かもしれません。`));
  for (const one of similar) {
    const line = element('p', `${one.number}　${lineOf(one)}`);
    box.append(line, button(`${one.number} にまとめる`, () => {
      close();
      step(slip.number, {do: 'join', into: one.number}, `受付票 ${slip.number} を ${one.number} にまとめました。`);
    }));
  }
  box.append(button('別の件', close));
  part('similar').append(box);
  part('similar').hidden = false;
};

/* whenDone(text, number to put back or null, isError); whenShown(slip) */
export const listenToSlips = (whenDone, whenShown) => {
  undo = whenDone;
  show = whenShown;
};
