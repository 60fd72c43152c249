/* The draft: what is typed is kept until it is saved; 確認 saves it and has it checked. */

import {at, put} from './deskdom.js';
import {clockText, say} from './staff.js';
import {API, isDrill, madeHere, word, words, zone} from './hqalertsay.js';
import {
  FRESH_WHERE, adaptWhere, beginWhere, fillWhere, onWhere, refusedWhere, settleWhere, toldWhere, whereBody, whereNow, whereOf,
} from './hqalertwhere.js';
import {nextTime, timeOf} from './hqalerttime.js';
import {forget, keep, kept} from './hqalertkept.js';
import {send} from './hqalertsend.js';

const section = at('drafting');
const form = at('draft');
const field = form.elements;
const output = form.querySelector('output.said');
const FRESH = {
  kind: 'evacuation', status: 'Actual', hazard: 'flood', level: null, ...FRESH_WHERE,
  subject: '', reason: '', action: '', expires: '',
};
let target = null;
let saved = '';
let heard = {saved() {}, changed() {}};

const typed = () => ({
  kind: field.kind.value,
  status: field.status.value,
  hazard: field.hazard.value,
  level: Number(field.level.value) || null,
  ...whereNow(),
  subject: field.subject.value,
  reason: field.reason.value,
  action: field.action.value,
  expires: field.expires.value,
});

export const isOpen = () => target !== null;
export const isDirty = () => isOpen() && JSON.stringify(typed()) !== saved;
export const targetNow = () => target;
export const drills = () => isOpen() && field.status.value === 'Exercise';

/* A revision as the form holds it. */
export const valuesOf = one => ({
  ...FRESH,
  kind: one.kind, status: one.status, hazard: one.hazard ?? 'flood', level: one.level,
  areas: one.whole_city ? [] : one.area_names, where: one.where, from: one.number, subject: one.subject ?? '',
  reason: one.reason ?? '', action: one.action ?? '', expires: timeOf(one.expires_at),
});

const fillIn = values => {
  for (const name of ['kind', 'status', 'hazard', 'subject', 'reason', 'action', 'expires']) field[name].value = values[name];
  field.level.forEach(one => { one.checked = Number(one.value) === values.level; });
  fillWhere(values);
};

/* What belongs to what was chosen. */
const adapt = () => {
  const order = field.kind.value === 'evacuation';
  at('order-part').hidden = !order;
  at('subject-part').hidden = order;
  adaptWhere(order);
  at('level-5').hidden = !order || field.level.value !== '5';
  const five = order && field.level.value === '5';
  const notice = target.step === 'cancel' ? '（空なら、ひな形の言葉）' : '';
  const added = order ? '（ひな形の言葉のあとに足す。空でもよい）' : notice;
  const own = five ? '（レベル5では空にする。ひな形の言葉だけ）' : added;
  put(at('action-label'), `してほしいこと${own}`);
  section.classList.toggle('drilled', drills());
  heard.changed();
};

const HEADS = {new: () => '新しい配信', edit: one => `下書き 第${one.revision}版を直す`, revise: one => `${word('step', one.step)}を作る`};

export const openForm = (asked, values = FRESH) => {
  target = asked;
  const given = {...FRESH, ...values, where: whereOf(values)};
  const from = values.from ?? asked.number ?? asked.from;
  fillIn(given);
  beginWhere(asked.fixed ?? given.where, from, asked.fixed && (asked.mode === 'edit' ? 'same' : 'before'));
  saved = JSON.stringify(typed());
  const before = kept(asked);
  if (before) fillIn({...FRESH, ...before.values, where: whereOf(before.values)});
  at('kept').hidden = !before;
  put(at('kept'), before ? `保存していない書きかけを戻しました（${clockText(before.at, zone)}）。` : '');
  put(at('h-drafting'), HEADS[asked.mode](asked));
  const means = [words.step_means[asked.step], asked.fixed && '区域は、選んだままです。選び直すと変わります。'];
  put(at('step-means'), means.filter(Boolean).join(' '));
  at('step-means').hidden = !means.some(Boolean);
  for (const id of ['status-pick', 'kind-pick']) at(id).hidden = asked.mode !== 'new';
  section.hidden = false;
  say(output, '');
  adapt();
};

export const closeForm = () => {
  section.hidden = true;
  target = null;
  heard.changed();
};

const bodyOf = values => {
  const order = values.kind === 'evacuation';
  if (order && !values.level) throw Error('警戒レベルを選んでください。');
  return {
    kind: values.kind, step: target.step, status: values.status,
    hazard: order ? values.hazard : null, level: order ? values.level : null,
    ...whereBody(values),
    subject: order ? '' : values.subject.trim(), reason: values.reason.trim(),
    action: values.action.trim(), expires_at: nextTime(values.expires),
  };
};

const WAYS = {
  new: () => ({url: API}),
  edit: one => ({url: `${API}/${one.number}`, method: 'PUT'}),
  revise: one => ({url: `${API}/${one.alert}/revisions`}),
};

const save = async () => {
  let body;
  try {
    body = bodyOf(typed());
  } catch (error) {
    refusedWhere(error.message);
    return say(output, error.message, true);
  }
  const [was, before] = [target, JSON.stringify(typed())];
  const whole = await send(output, {...WAYS[was.mode](was), body, said: '下書きを保存し、点検しました。'});
  if (!whole) return refusedWhere(output.textContent);
  forget(was);
  madeHere(whole.number);
  if (target === was) {
    const still = JSON.stringify(typed()) === before;
    target = editTarget(whole);
    if (still) settleWhere(whole);
    saved = still ? JSON.stringify(typed()) : before;
    toldWhere(whole);
    at('kept').hidden = true;
    for (const id of ['status-pick', 'kind-pick']) at(id).hidden = true;
    put(at('h-drafting'), HEADS.edit(target));
    if (isDirty()) keep(target, typed());
  }
  return heard.saved(whole);
};

const touched = () => {
  if (!isOpen()) return;
  adapt();
  if (isDirty()) keep(target, typed());
  else forget(target);
};

export const listenToForm = given => {
  heard = given;
  onWhere(touched);
  form.addEventListener('input', touched);
  form.addEventListener('submit', event => {
    event.preventDefault();
    save();
  });
  form.addEventListener('keydown', event => {
    if (event.key === 'Enter' && event.ctrlKey) form.requestSubmit();
  });
  at('close-form').addEventListener('click', closeForm);
};

/* An area that was drawn, or comes of the plan, has no names of its own: as long as it is left as it
   is, it stays what it was. */
const fixedOf = one => (['polygon', 'zone', 'site', 'plan'].includes(one.where) ? one.where : null);
export const editTarget = one => ({
  mode: 'edit', number: one.number, alert: one.alert, step: one.step, revision: one.revision, fixed: fixedOf(one),
});
export const reviseTarget = (one, step) => ({
  mode: 'revise', alert: one.alert, step, from: one.number, drill: isDrill(one), fixed: fixedOf(one),
});
export const newTarget = () => ({mode: 'new', step: 'issue'});
export const focusForm = () => {
  at('h-drafting').focus();
  section.scrollIntoView({block: 'nearest'});
};
