/* 第4号様式 as a form: each field is sent by itself, and stays 未確認 until somebody says otherwise. */

import {at, make, put} from './deskdom.js';
import {HQ, japanese, localOf, momentOf, sayOther, time, unconfirmed, zone} from './hqdutiessay.js';
import {clockText, newId, now, post, say} from './staff.js';

const LABELS = {known_at: '覚知の日時'};
const INPUTS = {number: {type: 'text', inputMode: 'numeric'}, moment: {type: 'datetime-local'}, text: {type: 'text', maxLength: 200}};

const items = (list, rows) => list.replaceChildren(...rows.map(one =>
  make('li', {}, one.text ?? '', ' ', one.confirmed ? '' : unconfirmed())));

const form = one => {
  const id = `f-${one.key}`;
  const input = make('input', {id, name: 'value', autocomplete: 'off', ...INPUTS[one.kind]});
  const made = make('form', {className: 'field', noValidate: true},
    make('label', {htmlFor: id}, one.label),
    input,
    make('label', {className: 'pick'}, make('input', {type: 'checkbox', name: 'confirmed'}), '確認した'),
    make('button', {className: 'btn', textContent: '記入'}),
    make('p', {className: 'kind'}),
    make('b', {className: 'newest', hidden: true}),
    make('output', {className: 'said'}));
  made.querySelector('button').setAttribute('aria-label', `${one.label}を記入`);
  made.querySelector('[name=confirmed]').setAttribute('aria-label', `${one.label}を確認した`);
  made.querySelector('output').setAttribute('aria-live', 'polite');
  made.dataset.form = 'report4';
  made.dataset.field = one.key;
  made.dataset.kind = one.kind;
  return made;
};

const isSeen = made => made.dataset.seen === made.dataset.newest;

/* What somebody types is never overwritten: only fields that hold what was known before change. */
const fillForm = (made, one, readAt) => {
  const {value, confirmed} = made.elements;
  const shown = one.kind === 'moment' ? localOf(one.value) : one.value ?? '';
  const told = JSON.stringify([shown, one.confirmed, one.at]);
  if (made.dataset.saidAt > readAt) return; // it was on its way before one's own entry
  made.dataset.newest = one.entry ?? 0;
  if (made.dataset.known !== told && value.value === (made.dataset.was ?? '')) {
    value.value = shown;
    confirmed.checked = one.confirmed;
    made.dataset.was = shown;
    made.dataset.seen = made.dataset.newest;
  }
  sayOther(made.querySelector('.newest'), isSeen(made) ? '' : one.value == null ? '分からない' : one.text ?? clockText(one.value, zone));
  if (made.dataset.known === told) return;
  made.dataset.known = told;
  const about = made.querySelector('p');
  about.replaceChildren(...(one.value === null || one.value === undefined
    ? [unconfirmed(), ' まだ記入がありません']
    : [one.confirmed ? '確認ずみ ' : unconfirmed(), ' ', time(one.at)]));
};

export const drawReport = board => {
  const {report} = board;
  const known = board.entered.report4.known_at;
  const fields = [
    {key: 'known_at', label: LABELS.known_at, kind: 'moment', value: report.known_at, confirmed: known?.confirmed ?? false, at: known?.at, entry: known?.entry},
    ...report.fields.filter(one => one.kind !== 'state'),
  ];
  const box = at('report-fields');
  if (!box.children.length) box.replaceChildren(...fields.map(form));
  fields.forEach((one, index) => fillForm(box.children[index], one, board.now));
  items(at('outline'), report.outline);
  items(at('measures'), report.measures);
  const sent = board.entered.report4.sent?.entry ?? 0;
  Object.assign(at('report-sent').dataset, {seen: sent, newest: sent});
  const due = at('report-due');
  if (report.sent_at) due.replaceChildren(`第${report.report - 1}報を `, time(report.sent_at), ' に送りました');
  else if (report.due) due.replaceChildren('第一報の期限 ', time(report.due, true));
  else put(due, '覚知の日時を書くと、第一報の30分を数えます');
  const undo = at('report-unsent');
  if (!report.sent_at && document.activeElement === undo) at('report-sent').querySelector('button').focus();
  undo.hidden = !report.sent_at;
  put(undo, `第${report.report - 1}報の記録を取り消す`);
};

const valueOf = (made, pressed) => {
  const field = made.elements.value;
  if (pressed === 'unknown') return null;
  if (pressed === 'now') return new Date(now()).toISOString();
  if (!field.value.trim()) return null;
  if (made.dataset.kind !== 'moment' && field.type !== 'datetime-local') return field.value.trim();
  return momentOf(field.value);
};

export const listenToReport = renew => {
  at('wind-at').addEventListener('input', () => (at('wind-at').dataset.typed = 'yes'));
  at('duties').addEventListener('submit', async event => {
    const made = event.target;
    if (!made.dataset.field) return;
    event.preventDefault();
    const output = made.querySelector('output');
    if (made.dataset.sending) return;
    made.dataset.sending = 'yes';
    const body = {key: newId(), value: valueOf(made, event.submitter?.value), confirmed: made.elements.confirmed?.checked ?? false, seen: Number(made.dataset.seen)};
    try {
      const answer = await post(`${HQ}duties/${made.dataset.form}/${made.dataset.field}`, body);
      delete at('wind-at').dataset.typed;
      if (made.elements.value) made.dataset.was = made.elements.value.value;
      // Of a report that was sent the next answer says so first: a second press is not another one.
      if (made.dataset.field !== 'sent') Object.assign(made.dataset, {seen: answer.entry, newest: answer.entry, saidAt: answer.now});
      const undone = made.dataset.field === 'sent' ? '取り消しました' : '分からないに戻しました';
      say(output, body.value === null ? undone : '記録しました');
      // Shown again by the next answer: a second press must not take back another report.
      if (made.dataset.field === 'sent') at('report-unsent').hidden = true;
      renew();
    } catch (error) {
      say(output, japanese(error.message), true);
      if (error.status === 409 && await renew()) made.dataset.seen = made.dataset.newest;
    } finally {
      delete made.dataset.sending;
    }
  });
};
