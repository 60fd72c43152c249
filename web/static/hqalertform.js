/* The draft: what is typed is kept until it is saved; 確認 saves it and has it checked. */

import {at, put} from './deskdom.js';
import {clockText, say} from './staff.js';
import {API, isDrill, madeHere, word, words, zone} from './hqalertsay.js';
import {chosenAreas, choose, clearSearch, onAreas} from './hqalertareas.js';
import {nextTime, timeOf} from './hqalerttime.js';
import {forget, keep, kept} from './hqalertkept.js';
import {send} from './hqalertsend.js';

const section = at('drafting');
const form = at('draft');
const field = form.elements;
const output = form.querySelector('output.said');
const FRESH = {
  kind: 'evacuation', status: 'Actual', hazard: 'flood', level: null, areas: [], whole_city: false,
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
  areas: chosenAreas(),
  whole_city: field.whole_city.checked,
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
  areas: one.whole_city ? [] : one.area_names, whole_city: one.whole_city, subject: one.subject ?? '',
  reason: one.reason ?? '', action: one.action ?? '', expires: timeOf(one.expires_at),
});

const fillIn = values => {
  for (const name of ['kind', 'status', 'hazard', 'subject', 'reason', 'action', 'expires']) field[name].value = values[name];
  field.level.forEach(one => { one.checked = Number(one.value) === values.level; });
  field.whole_city.checked = values.whole_city;
  clearSearch();
  choose(values.areas);
};

/* What belongs to what was chosen. */
const adapt = () => {
  const order = field.kind.value === 'evacuation';
  at('order-part').hidden = !order;
  at('subject-part').hidden = order;
  at('some-areas').hidden = field.whole_city.checked;
  at('area-said').hidden = field.whole_city.checked;
  at('level-5').hidden = !order || field.level.value !== '5';
  const own = target.step === 'cancel' || order ? '（空なら、ひな形の言葉）' : '';
  put(at('action-label'), `してほしいこと${own}`);
  section.classList.toggle('drilled', drills());
  heard.changed();
};

const HEADS = {new: () => '新しい配信', edit: one => `下書き 第${one.revision}版を直す`, revise: one => `${word('step', one.step)}を作る`};

export const openForm = (asked, values = FRESH) => {
  target = asked;
  fillIn({...FRESH, ...values});
  saved = JSON.stringify(typed());
  const before = kept(asked);
  if (before) fillIn({...FRESH, ...before.values});
  at('kept').hidden = !before;
  put(at('kept'), before ? `保存していない書きかけを戻しました（${clockText(before.at, zone)}）。` : '');
  put(at('h-drafting'), HEADS[asked.mode](asked));
  const means = [words.step_means[asked.step], asked.fixed && '区域は、地図や割当で選んだままです。変えると、選び直した町丁目になります。'];
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
  if (!values.whole_city && !values.areas.length) throw Error('区域を選んでください。市内全域なら「市内全域」を選びます。');
  const same = !values.whole_city && target.fixed && String(values.areas) === String(target.fixed);
  return {
    kind: values.kind, step: target.step, status: values.status,
    hazard: order ? values.hazard : null, level: order ? values.level : null,
    areas: values.whole_city || same ? [] : values.areas, whole_city: values.whole_city,
    ...(same ? {same_area: true} : {}),
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
    return say(output, error.message, true);
  }
  const [was, before] = [target, JSON.stringify(typed())];
  const whole = await send(output, {...WAYS[was.mode](was), body, said: '下書きを保存し、点検しました。'});
  if (!whole) return undefined;
  forget(was);
  madeHere(whole.number);
  if (target === was) {
    target = editTarget(whole);
    saved = before;
    at('kept').hidden = true;
    for (const id of ['status-pick', 'kind-pick']) at(id).hidden = true;
    put(at('h-drafting'), HEADS.edit(target));
    if (isDirty()) keep(target, typed());
  }
  return heard.saved(whole);
};

const touched = () => {
  adapt();
  if (isDirty()) keep(target, typed());
  else forget(target);
};

export const listenToForm = given => {
  heard = given;
  onAreas(touched);
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

/* An area that was drawn, or comes of the plan, has no names of its own: as long as they are left
   as they are, it stays what it was. */
const fixedOf = one => (['polygon', 'zone', 'site', 'plan'].includes(one.where) ? one.area_names : null);
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
