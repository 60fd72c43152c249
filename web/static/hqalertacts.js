/* One step that somebody can take with a revision: what it does, what it needs, a second press. */

import {at, make} from './deskdom.js';
import {say} from './staff.js';
import {API, madeHere, number, percent} from './hqalertsay.js';
import {send, twice} from './hqalertsend.js';

const reasonField = ({label, needed}) => make('label', {}, `${label} `,
  make('input', {name: 'why', maxLength: 200, autocomplete: 'off', required: needed}));

const lookField = text => make('label', {className: 'pick look'}, make('input', {type: 'checkbox', name: 'look'}), ` ${text}`);

const missing = (form, step) => {
  const {look, why} = form.elements;
  if (look && !look.checked) return [look, '届く世帯の数を確かめ、印を付けてください。'];
  if (step.why?.needed && !why.value.trim()) return [why, `${step.why.label}を入れてください。`];
  return null;
};

/* `digest` is that of what is on this screen: nobody releases what changed meanwhile. */
const bodyOf = (form, step, whole) => ({
  decision: step.decision,
  digest: whole.digest ?? '',
  second_look: Boolean(form.elements.look?.checked),
  why: form.elements.why?.value.trim() ?? '',
});

export const stepForm = (step, whole, done) => {
  const button = make('button', {className: `btn ${step.style ?? ''}`, textContent: step.label});
  button.dataset.label = step.label;
  const form = make('form', {className: 'act line', noValidate: true},
    make('p', {textContent: step.does}),
    ...(step.look ? [lookField(step.look)] : []), ...(step.why ? [reasonField(step.why)] : []), button);
  form.dataset.decision = step.decision;
  const act = async () => {
    const answer = await send(at('decided'), {
      url: `${API}/${whole.number}/decision`, body: bodyOf(form, step, whole), said: step.said,
    });
    if (!answer) return;
    if (step.decision === 'submit') madeHere(whole.number);
    done(answer);
  };
  form.addEventListener('submit', event => {
    event.preventDefault();
    const lacks = missing(form, step);
    if (lacks) {
      say(at('decided'), lacks[1], true);
      return lacks[0].focus();
    }
    say(at('decided'), '');
    return step.confirm ? twice(button, step.confirm, act) : act();
  });
  return step.folded ? make('details', {className: 'folded'}, make('summary', {textContent: step.label}), form) : form;
};

const reach = whole => `${number(whole.blast?.households ?? 0)}世帯・${number(whole.blast?.persons ?? 0)}人`;
const look = whole => (whole.blast?.second_look
  ? `${number(whole.blast.households)}世帯（市の ${percent(whole.blast.share)}）に届くことを確かめました` : null);
const goesOut = whole => (whole.status === 'Exercise'
  ? '訓練として、訓練用の宛先だけに送ります。避難情報は変わりません。'
  : `${reach(whole)}の区域に、すぐに送り始めます。送ったものは取り戻せません。`);

export const STEPS = {
  submit: () => ({
    decision: 'submit', label: '提出', style: 'primary', does: '別の人に承認を求めます。承認されるまで、何も送りません。',
    said: '提出しました。別の人の承認を待っています。',
  }),
  approve: whole => ({
    decision: 'approve', label: '承認して送信', style: 'primary', look: look(whole),
    does: 'この画面の文面と区域のまま、送信します。', confirm: goesOut(whole), said: '承認しました。送信を始めます。',
  }),
  reject: () => ({
    decision: 'reject', label: '却下', does: '送らずに終わらせ、理由を起案した人に見せます。',
    why: {label: '却下の理由', needed: true}, confirm: '却下すると、この版は送れなくなります。', said: '却下しました。',
  }),
  withdraw: () => ({
    decision: 'withdraw', label: '取り下げ', folded: true, does: 'この版を、送らずに終わらせます。',
    why: {label: '取り下げの理由', needed: false}, confirm: '取り下げると、この版は提出も送信もできなくなります。', said: '取り下げました。',
  }),
  alone: whole => ({
    decision: 'send_alone', label: '緊急の単独送信', style: 'danger', folded: true, look: look(whole),
    does: '承認を待たずに送ります。全員に知らせ、あとで別の承認者が連署します。',
    why: {label: '単独で送信する理由', needed: true}, confirm: goesOut(whole), said: '単独で送信しました。連署を待っています。',
  }),
  countersign: () => ({
    decision: 'countersign', label: '連署する', style: 'primary', does: '単独で送られたこの版を、読んで確かめたことを記録します。',
    confirm: '連署は取り消せません。', said: '連署しました。',
  }),
  stop: () => ({
    decision: 'stop', label: '停止', style: 'danger', folded: true,
    does: 'まだ送っていない分を止めます。送った分は戻りません。発令はそのままです（解除するまで続きます）。',
    why: {label: '止める理由', needed: true}, confirm: '止めると、この版の残りは送られません。', said: '止めました。',
  }),
};
