/* Teams outside: those that do not answer stand first, loud (safety.md 13). */

import {at, fill, make, put} from './deskdom.js';
import {post} from './staff.js';
import {ask} from './hqfieldask.js';
import {button, HQ, time, word, words} from './hqfieldsay.js';

const STYLE = {escalate: 'danger'};
const FIELDS = {
  recall: [{name: 'why', label: '呼び戻す理由', needed: true, chips: ['水位の上昇', '氾濫のおそれ', '通信の不調']}],
  escalate: [{name: 'to', label: '引き継いだ先（部署。個人の名前は書かない）', needed: true, chips: ['消防本部', '警察署', '自衛隊連絡員']}, {name: 'why', label: '理由'}],
  returned: [{name: 'why', label: '終わり方', chips: ['全員帰着']}],
};
const SAYS = {
  check_in: '班が無事だと、無線か電話で聞いたときだけ押します。',
  recall_confirmed: '班が呼び戻しを聞いたと、無線か電話で確かめたときだけ押します。',
  returned: '全員が戻ったことを確かめたときだけ押します。この任務は終わります。',
  recall: '班の画面に「すぐ戻る」と出ます。聞いたことを確かめるまで、ここに残ります。',
  escalate: '班と連絡がつかないとき、消防などへ引き継いだことを記録します。呼び続けてください。',
  reached: '引き継いだあとに、班と連絡がついたときに押します。引き継いだ先にも伝えてください。',
};

const say = (one, step, renew) => ask({
  title: `${one.team}：${word('mission_step', step)}`,
  body: [make('p', {textContent: SAYS[step]}), make('p', {}, make('b', {textContent: `連絡先 ${one.contact}`}))],
  fields: FIELDS[step],
  ok: word('mission_step', step),
  style: STYLE[step] ?? 'primary',
  act: values => post(`${HQ}missions/${one.number}`, {do: step, ...values}),
  done: renew,
});

/* A recall is confirmed where one waits for it. */
const stepsOf = one => (words.mission_steps[one.state] ?? [])
  .filter(step => step !== 'recall_confirmed' || (one.recalled_at && !one.recall_confirmed_at))
  .filter(step => step !== 'recall' || !one.recalled_at);

const acts = (one, renew) => make('div', {className: 'line'},
  ...stepsOf(one).map(step => button(word('mission_step', step), () => say(one, step, renew), {style: STYLE[step] && one.overdue.length ? STYLE[step] : '', label: `${one.team}：${word('mission_step', step)}`})));

const where = one => one.areas.join('、') || (one.where ? '地図の場所' : '場所の指定なし');

const due = one => one.overdue.flatMap(late => [make('b', {className: 'warned', textContent: late.words}), ' ', time(late.since), '　']);

const overdueCard = (one, renew) => make('article', {className: 'overdue'},
  make('h3', {}, `班と連絡がつかない：${one.team} `, make('span', {className: 'state', textContent: one.words})),
  make('p', {}, make('b', {textContent: one.contact}), `　${one.what}（${where(one)}）`),
  make('p', {}, ...due(one), '最後の連絡 ', time(one.last_heard), '　撤収 ', time(one.withdraw_at, '', true)),
  ...(one.next ? [make('p', {className: 'next'}, make('b', {textContent: `次にすること：${one.next}`}))] : []),
  ...(one.escalates_at ? [make('p', {}, make('b', {textContent: '何もしないと：'}), time(one.escalates_at, '', true), ' に「連絡なし」として引き継ぎを求めます。')] : []),
  acts(one, renew));

const quietRow = (one, renew) => make('li', {}, make('p', {className: 'line2'}, make('b', {textContent: one.team}), make('span', {className: 'state', textContent: one.words}), make('span', {textContent: `${one.what}（${where(one)}）`})),
  make('p', {className: 'kind'}, `${one.contact}　最後の連絡 `, time(one.last_heard), '　次の連絡 ', time(one.check_in_due_at, '', true), '　撤収 ', time(one.withdraw_at, '', true)), acts(one, renew));

export const drawTeams = ({missions: {missions}}, renew) => {
  const outside = missions.filter(one => one.state !== 'returned');
  const late = outside.filter(one => one.overdue.length);
  const quiet = outside.filter(one => !one.overdue.length);
  at('teams-due').dataset.count = String(late.length);
  fill(at('teams-due'), JSON.stringify(late), () => late.map(one => overdueCard(one, renew)));
  put(at('teams-count'), String(outside.length));
  put(at('teams-none'), outside.length ? (late.length ? `連絡のない班 ${late.length} は、上の「決めること」にあります。` : '') : '出ている班はありません。');
  fill(at('teams'), JSON.stringify(quiet), () => quiet.map(one => quietRow(one, renew)));
};
