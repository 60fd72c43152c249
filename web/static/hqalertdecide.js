/* Two people: through whose hands a revision went, and what may be done with it now and by whom. */

import {at, fill, make, put} from './deskdom.js';
import {OUT, isApprover, isMine, mayAlone, time, word} from './hqalertsay.js';
import {STEPS, stepForm} from './hqalertacts.js';
import {stopsOf} from './hqalertchecks.js';

const line = text => make('p', {className: 'wait', textContent: text});

const stage = (name, state, who, iso) => {
  const part = make('li', {className: state}, make('b', {textContent: name}), make('span', {textContent: who}), time(iso));
  if (state === 'now') part.setAttribute('aria-current', 'step');
  return part;
};

const DECIDED = {rejected: '却下', withdrawn: '取り下げ'};

const stages = one => {
  const out = OUT.includes(one.state);
  const ended = DECIDED[one.state];
  const waits = one.state === 'submitted';
  const signs = one.alone ? [stage('連署', one.countersigned_at ? 'done' : 'now', one.countersigned_by ?? '連署待ち', one.countersigned_at)] : [];
  const sent = one.stopped_at ? stage('止めた', 'ended', one.stopped_why ?? '', one.stopped_at)
    : stage('送信', one.state === 'sent' ? 'done' : out ? 'now' : '', out ? word('state', one.state) : '承認の直後', one.sent_at);
  return [
    stage('起案', 'done', one.made_by ?? '', one.made_at),
    stage('提出', one.submitted_at ? 'done' : one.state === 'draft' ? 'now' : '', one.submitted_by ?? '', one.submitted_at),
    stage(ended ?? (one.alone ? '単独送信' : '承認'), ended ? 'ended' : out ? 'done' : waits ? 'now' : '',
      one.decided_by ?? (one.deputies_called_at ? '副承認者を呼出中' : ''), one.decided_at ?? one.deputies_called_at),
    ...(ended ? [] : [sent]), ...signs,
  ];
};

const reasons = one => [['決めた理由', one.decided_why], ['単独で送った理由', one.alone_why], ['止めた理由', one.stopped_why]]
  .filter(([, text]) => text).map(([name, text]) => line(`${name}：${text}`));

const unsent = (one, dirty) => {
  if (dirty) return [line('直した所があります。「確認」で保存してから提出・承認します。')];
  const stops = stopsOf(one);
  const drop = [['withdraw']];
  if (stops) return [line(`送れない点検が${stops}件あります。直して「確認」すると、ここに次の段が出ます。`), ...drop];
  const alone = mayAlone ? [['alone']] : [];
  if (one.state === 'draft') return [['submit'], ...alone, ...drop];
  if (isMine(one)) return [line('自分の起案は承認できません。別の人の承認を待っています。'), ...alone, ...drop];
  if (!isApprover) return [line('承認者の判断を待っています。'), ...alone, ...drop];
  return [['approve'], ['reject'], ...alone, ...drop];
};

const signing = one => {
  if (!one.alone || one.countersigned_at) return [];
  return isApprover && !isMine(one) ? [['countersign']] : [line('単独で送信しました。送った人とは別の承認者の連署を待っています。')];
};

const REVISES = [['update', '更新する'], ['cancel', '取消（誤報）を作る'], ['all_clear', '解除を作る']];

/* Which next revision is open, and how to be rid of it. */
const nextOne = (next, open) => {
  const waits = OUT.includes(next.state) ? '' : 'それを承認か却下するか、取り下げると、次の版を作れます。';
  const button = make('button', {type: 'button', className: 'btn', textContent: `第${next.revision}版を開く`});
  button.addEventListener('click', () => open(next));
  return make('div', {className: 'act line'}, make('p', {
    textContent: `この配信には、第${next.revision}版（${word('state', next.state)}、起案 ${next.made_by}）があります。${waits}`}), button);
};

const revisions = (one, {next, revise, open}) => {
  if (one.over || ['cancel', 'all_clear'].includes(one.step)) return [line('この配信は終わりました。')];
  if (next) return [nextOne(next, open)];
  const buttons = REVISES.map(([step, text]) => {
    const button = make('button', {type: 'button', className: 'btn', textContent: text});
    button.addEventListener('click', () => revise(one, step));
    return button;
  });
  return [make('div', {className: 'act line'}, make('p', {textContent: '次の版を下書きします。別の人が承認するまで、何も送りません。'}), ...buttons)];
};

const parts = (one, context) => {
  const {dirty, again} = context;
  if (['draft', 'submitted'].includes(one.state)) return [...unsent(one, dirty)];
  if (!OUT.includes(one.state)) {
    const button = make('button', {type: 'button', className: 'btn', textContent: 'この文面で作り直す'});
    button.addEventListener('click', () => again(one));
    return [make('div', {className: 'act line'}, button)];
  }
  const stop = !one.stopped_at && one.state !== 'sent' ? [['stop']] : [];
  return [...signing(one), ...stop, ...revisions(one, context)];
};

/* Redrawn only where something else may be done: a reason that is being typed stays. */
export const drawDecide = (one, context) => {
  at('deciding').hidden = false;
  put(at('h-deciding'), ['draft', 'submitted'].includes(one.state) ? '二人で承認' : '決めたこと・次の版');
  const deputies = context.delegates.filter(found => found.duty === 'deputy').map(found => found.name);
  put(at('deputies'), one.state === 'submitted' && deputies.length ? `副承認者：${deputies.join('、')}` : '');
  fill(at('steps'), JSON.stringify(one, (key, value) => (['rendered', 'blast', 'findings', 'progress'].includes(key) ? undefined : value)),
    () => stages(one));
  const found = parts(one, context);
  const key = JSON.stringify([one.number, one.state, one.digest, one.blast?.households, one.blast?.second_look, one.stopped_at, one.countersigned_at, isMine(one), context.next?.number,
    found.map(part => (Array.isArray(part) ? part : part.textContent))]);
  fill(at('decisions'), key, () => [...reasons(one),
    ...found.map(part => (Array.isArray(part) ? stepForm(STEPS[part[0]](one), one, context.done) : part))]);
};
