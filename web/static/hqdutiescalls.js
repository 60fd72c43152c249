/* The call list of facilities: whom to call next first, and what they said. While somebody is on the way
   to a telephone number the rows keep their places, and only say what is new. */

import {at, make, put} from './deskdom.js';
import {listenToDialogs, openCall, openUndo, renewCall} from './hqdutiescalling.js';
import {drawn, figure, figures, level, localOf, time} from './hqdutiessay.js';
import {drawRows, holding} from './hqboardlist.js';

const TOUCHED_MS = 10e3;
let found = null;

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

const inside = one => {
  const state = one.due ? make('b', {className: 'late'}, '電話する') : one.told ? make('b', {className: 'done'}, '伝わった') : '';
  const people = one.persons === null ? '人数不明' : `${one.persons}人`;
  const call = make('button', {type: 'button', className: `btn ${one.due ? 'primary' : ''}`, textContent: '電話の結果を書く'});
  call.dataset.call = one.id;
  call.setAttribute('aria-label', `${one.name}：電話の結果を書く`);
  const head = make('div', {className: 'who'}, make('h3', {}, one.name), make('p', {className: 'kind'}, [one.kind, one.area ?? one.address, people].filter(Boolean).join('・')));
  const danger = make('p', {}, level(one.level), ' ', one.zones.join('、') || '想定の区域の外（安全とは限りません）');
  const calls = one.calls.length ? make('ul', {className: 'said-list'}, ...one.calls.map(callRow)) : make('p', {className: 'none'}, '未連絡');
  return [head, danger, make('p', {className: 'reach'}, state, ' ', phone(one), ' ', call), calls];
};

/* The same button of a row that was drawn anew. */
const sameAs = (held, row) => {
  if (held.dataset.undo) return row.querySelector(`[data-undo="${held.dataset.undo}"]`);
  return row.querySelector(held.matches('a.tel') ? 'a.tel' : '[data-call]');
};

const drawFacility = one => row => {
  const held = row !== document.activeElement && row.contains(document.activeElement) ? document.activeElement : null;
  row.dataset.facility = one.id;
  if (one.due) row.dataset.due = 'yes';
  else delete row.dataset.due;
  row.replaceChildren(...inside(one));
  if (held) (sameAs(held, row) ?? row).focus();
};

/* A finger gives no notice before it comes down. */
const touched = (part, free) => {
  let until = 0;
  part.addEventListener('pointerdown', () => {
    until = performance.now() + TOUCHED_MS;
    setTimeout(free, TOUCHED_MS + 50);
  });
  return () => performance.now() < until;
};

const listOf = (id, isMine) => {
  const list = at(id);
  const rows = () => found.facilities.filter(isMine);
  const draw = ({holds = isHeld() || isTouched()} = {}) => {
    if (!found) return;
    const today = localOf(found.now).slice(0, 10); // a moment of another day says which
    const items = rows().map(one => ({key: one.id, was: JSON.stringify([one, today]), draw: drawFacility(one)}));
    drawRows(list, items, {name: 'li', holds});
    const shown = [...list.children].map(one => one.dataset.key).join('\n');
    list.dataset.late = shown === items.map(one => one.key).join('\n') ? '' : 'yes';
    drawn.aged();
  };
  const free = () => {
    draw();
    sayLate();
  };
  const isHeld = holding(list, free);
  const isTouched = touched(list, free);
  return {draw, rows};
};

const isNear = one => one.in_zone || one.level;
const near = listOf('facilities', isNear);
const far = listOf('outside', one => !isNear(one));

const sayLate = () => (at('resort').hidden = !['facilities', 'outside'].some(id => at(id).dataset.late));

const drawLists = how => {
  near.draw(how);
  far.draw(how);
  sayLate();
};

/* Who asks for the next one wants today's order. */
export const resort = () => found && drawLists({holds: false});

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
  drawLists();
  const outside = far.rows().length;
  at('outside-part').hidden = !outside;
  put(at('outside-count'), String(outside));
  at('facilities-none').hidden = Boolean(near.rows().length);
  put(at('facilities-none'), answer.facilities.length ? '想定の区域と発令中の区域に施設はありません' : '市のデータに施設の一覧がありません。市のファイルの [sources.facilities] に書きます');
  renewCall(answer.facilities);
};

export const listenToCalls = again => {
  listenToDialogs(drawCalls, again);
  at('resort').addEventListener('click', () => {
    resort();
    at('facilities').querySelector('li')?.focus();
  });
  at('calls').addEventListener('click', event => {
    const {call, undo} = event.target.dataset;
    if (call) openCall(found.facilities.find(one => one.id === call), event.target);
    if (undo) openUndo(undo, event.target);
  });
};
