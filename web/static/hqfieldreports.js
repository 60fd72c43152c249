/* The list of reports in the order of the board: those that shut a street first, those that are set aside
   last; of equal ones those of known sources, the newest first. No button slips under a finger: while the
   list is pointed at, what is new waits above it and what was decided stays, struck out. */

import {at, make, put} from './deskdom.js';
import {askDecision, canBe} from './hqfielddecide.js';
import {cardOf, detailOf, pictures} from './hqfieldcard.js';
import {fold, groupsOf, unfold} from './hqfieldequal.js';
import {drawList} from './hqfieldlist.js';
import {openPictures} from './hqfieldphoto.js';
import {pointedAt} from './hqfieldpointed.js';
import {chooseStreet} from './hqfieldstreet.js';
import {compare} from './hqfieldtwin.js';
import {drawn, isWaiting, word} from './hqfieldsay.js';

const list = at('reports');
const LISTS = {reports: isWaiting, confirmed: one => one.state === 'confirmed', ended: one => ['resolved', 'refuted'].includes(one.state)};
let reports = [];
let renew = () => {};
let redraw = () => {};
const opened = new Set();

const byId = id => reports.find(one => one.id === id);
const groupOf = one => [one, ...reports.filter(other => other.merged_into === one.id)];
const headOf = one => (one.merged_into && byId(one.merged_into)) || one;

const decided = (one, to) => {
  const part = at('undo');
  const ended = to !== 'confirmed';
  const back = make('button', {type: 'button', className: 'btn', textContent: ended ? '取り消して、確認に戻す' : '誤りだった'});
  back.addEventListener('click', () => act(one.id, ended ? 'confirmed' : 'refuted'));
  const shut = make('button', {type: 'button', className: 'btn', textContent: '閉じる'});
  shut.addEventListener('click', () => { part.hidden = true; });
  part.replaceChildren(make('p', {}, make('b', {textContent: `「${word('kind', one.kind)}」を${word('state', to)}にしました。`})), back, shut);
  part.hidden = false;
};

const act = (id, to) => {
  const one = byId(id);
  if (!one || !canBe(one, to)) return;
  const next = list.querySelector(`[data-key="${id}"]`)?.nextElementSibling ?? null;
  askDecision(one, to, {
    members: groupOf(one), stillSo: () => byId(id)?.state ?? one.state, choose: () => street(id),
    done: state => {
      decided(one, state);
      renew().then(() => focusCard(next?.isConnected ? next : list.firstElementChild));
    },
  });
};

const street = id => {
  const one = byId(id);
  if (!one || !isWaiting(one)) return;
  chooseStreet(one, {confirmed: () => act(id, 'confirmed'), done: () => {
    decided(one, 'confirmed');
    renew().then(() => focusCard(list.firstElementChild));
  }});
};

const twin = id => {
  const one = byId(id);
  const other = one?.twin && byId(one.twin);
  if (other) compare(one, other, () => renew().then(() => focusCard(list.querySelector(`[data-key="${headOf(other).id}"]`))));
};

const toggle = card => {
  const id = card.dataset.key;
  opened[opened.has(id) ? 'delete' : 'add'](id);
  showDetail(card);
  card.scrollIntoView({block: 'nearest'});
};

const showDetail = card => {
  const one = byId(card.dataset.key);
  card.querySelector('.opened')?.remove();
  const isOpen = Boolean(one) && opened.has(one.id);
  card.querySelector('[data-do=open]')?.setAttribute('aria-expanded', String(isOpen));
  if (!isOpen) return;
  card.append(detailOf(one, groupOf(one)));
  drawn.aged();
};

const DOES = {
  confirmed: card => act(card.dataset.key, 'confirmed'),
  refuted: card => act(card.dataset.key, 'refuted'),
  resolved: card => act(card.dataset.key, 'resolved'),
  street: card => street(card.dataset.key),
  twin: card => twin(card.dataset.key),
  photo: card => openPictures(pictures(groupOf(byId(card.dataset.key)))),
  open: toggle,
};

const fillCard = (card, one) => {
  const members = groupOf(one);
  const key = JSON.stringify(members);
  card.className = `report ${one.set_aside && isWaiting(one) ? 'aside' : ''}`;
  if (card.dataset.made === key) return;
  card.dataset.made = key;
  const focused = card.contains(document.activeElement) && (document.activeElement.dataset.do ?? '');
  const on = Object.fromEntries(Object.entries(DOES).map(([name, does]) => [name, () => does(card)]));
  card.replaceChildren(...cardOf(one, members, on));
  card.setAttribute('aria-label', `${word('kind', one.kind)}、${word('state', one.state)}`);
  showDetail(card);
  if (focused) (card.querySelector(`[data-do="${focused}"]`) ?? card).focus();
  else if (focused === '') card.focus();
};

let forced = false;
const isPointed = pointedAt(list, () => redraw());

export const drawReports = (found, again) => {
  [reports, renew] = [found.reports, again];
  const heads = reports.filter(one => !one.merged_into || !byId(one.merged_into));
  const held = {};
  for (const [name, belongs] of Object.entries(LISTS)) {
    const wanted = heads.filter(belongs);
    const holds = name === 'reports' && !forced && isPointed();
    const groups = name === 'reports' ? groupsOf(wanted, byId) : wanted.map(one => [one]);
    held[name] = drawList(at(name), groups.flat(), fillCard, {what: '報告', holds});
    if (name === 'reports') fold(list, groups, holds);
    put(at(`${name}-count`), String(wanted.length));
    if (name !== 'reports') at(`${name}-part`).hidden = !wanted.length;
    else put(at('reports-none'), wanted.length ? '' : '判断を待つ報告はありません。');
  }
  put(at('newer'), `新しい報告 ${held.reports}件を出す`);
  at('newer').hidden = !held.reports;
  put(at('reports-more'), found.more > 0 ? `ほかに ${found.more}件あります。ここに出すのは500件までです。決めると、次が出ます。` : '');
  if (!list.querySelector('[tabindex="0"]')) list.firstElementChild?.setAttribute('tabindex', '0');
};

/* Where there is no card, the section says what it is. */
export const focusCard = card => {
  if (!card) return at('waiting').focus();
  unfold(card);
  for (const one of list.querySelectorAll('[tabindex="0"]')) one.tabIndex = -1;
  card.tabIndex = 0;
  card.focus();
  card.scrollIntoView({block: 'nearest'});
};

const drawForced = () => {
  forced = true;
  redraw();
  forced = false;
};

/* The card of a report, or of the one that it was merged into, in whichever list; false where there is
   none yet. */
export const focusReport = id => {
  const one = byId(id);
  if (!one) return false;
  drawForced();
  const card = document.querySelector(`.report[data-key="${headOf(one).id}"]`);
  const part = card?.closest('details');
  if (part) part.open = true;
  if (card) focusCard(card);
  return Boolean(card);
};

const cardAt = element => element?.closest?.('.report') ?? null;

/* One card down or up; the first one where none has the focus. */
export const step = by => {
  const all = [...list.children].filter(one => !one.hidden);
  const here = all.indexOf(cardAt(document.activeElement));
  focusCard(all[here < 0 ? 0 : Math.min(Math.max(here + by, 0), all.length - 1)]);
};

/* What a key does to the card that has the focus. */
export const doWith = name => {
  const card = cardAt(document.activeElement);
  if (!card || !byId(card.dataset.key)) return false;
  DOES[name](card);
  return true;
};

export const listenToReports = draw => {
  redraw = draw;
  at('newer').addEventListener('click', () => {
    drawForced();
    focusCard(list.firstElementChild);
  });
};
