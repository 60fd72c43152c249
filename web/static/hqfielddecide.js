/* What headquarters says of reports. Before anything opens or shuts, the question names the streets. */

import {make} from './deskdom.js';
import {post} from './staff.js';
import {ask} from './hqfieldask.js';
import {HQ, japanese, streetsText, time, word, words} from './hqfieldsay.js';

export const OUTCOMES = {
  refuted: ['現地で確かめ、異常なし', '場所の誤り', '通れる'],
  resolved: ['水が引いた', '撤去・復旧ずみ', '救助ずみ'],
  confirmed: ['現地の班が確認', '写真で確認'],
};
const TITLES = {confirmed: '確認して通行止めにしますか', refuted: '誤りにしますか', resolved: '解消にしますか'};
const SURE = {confirmed: 'はい、通行止めにする', refuted: 'はい、誤りにする', resolved: 'はい、解消にする'};

export const canBe = (one, to) => words.steps[one.state].includes(to);

export const foresee = (id, at) => post(`${HQ}reports/${id}/effects`, at ? {at} : {});

/* One after the other; what somebody else has said meanwhile of one does not keep the others back. */
export const decideAll = async (ids, state, outcome, at) => {
  let failed = null;
  for (const id of ids) {
    try {
      await post(`${HQ}reports/${id}`, {state, outcome, ...(at ? {at} : {})});
    } catch (error) {
      failed ??= error;
    }
  }
  if (failed) throw failed;
};

const line = (term, names, className) => (names.length
  ? [make('p', {className}, make('b', {textContent: `${term}${names.length}本：`}), streetsText(names))] : []);

const confirms = (seen, one) => {
  if (!seen.closes.length && !seen.closed.length) {
    const road = words.shuts_road.includes(one.kind);
    return [make('p', {className: 'note warn', textContent: road
      ? 'この報告は道を指していません。確認しても、どの道も止まりません。' : '道を止める種類の報告ではありません。確認しても、どの道も止まりません。'})];
  }
  return [...line('通行止めになる道 ', seen.closes, 'shuts'), ...line('もう通行止めの道 ', seen.closed, '')];
};

const ends = seen => [
  ...line('開く道 ', seen.opens, 'note stop'),
  ...(seen.opens.length ? [make('p', {textContent: '開いた道は、すぐに全員の案内が通します。担当者の通行止めは、そのままです。'})] : [make('p', {className: 'opens-none', textContent: '開く道はありません。'})]),
  ...line('ほかの報告で止まったままの道 ', seen.stays, ''),
];

export const briefOf = one => make('p', {}, make('b', {textContent: word('kind', one.kind)}),
  ` ${word('state', one.state)}・${word('source', one.source_kind)} `, time(one.seen_at),
  ...(one.note ? [make('span', {className: 'quoted', textContent: `「${one.note}」`})] : []));

/* `members`: the report and those that tell of the same. `stillSo()`: its newest state. */
export const askDecision = async (one, to, {members, stillSo, done, choose}) => {
  let seen;
  try {
    seen = await foresee(one.id);
  } catch (error) {
    return ask({title: TITLES[to], body: [make('p', {className: 'note stop', textContent: japanese(error.message)})], ok: '閉じる', act: () => {}});
  }
  const ids = members.filter(other => canBe(other, to)).map(other => other.id);
  const before = one.state;
  return ask({
    title: before === 'resolved' || before === 'refuted' ? '取り消して、確認に戻しますか' : TITLES[to],
    body: [briefOf(one), ...(ids.length > 1 ? [make('p', {textContent: `同じ報告としてまとめた${ids.length}件を、いっしょに決めます。`})] : []),
      ...(to === 'confirmed' ? confirms(seen, one) : ends(seen))],
    fields: [{name: 'outcome', label: to === 'confirmed' ? '報告した人への言葉' : '結果（報告した人に伝わります）', needed: to !== 'confirmed', chips: OUTCOMES[to]}],
    ok: to === 'confirmed' && !seen.closes.length ? '確認する' : SURE[to],
    style: to !== 'confirmed' && seen.opens.length ? 'danger' : 'primary',
    more: choose && to === 'confirmed' && !seen.closes.length && !seen.closed.length ? ['道を選ぶ', choose] : null,
    act: ({outcome}) => decideAll(ids, to, outcome),
    done: () => done(to, seen),
    changed: () => (stillSo() === before ? '' : `開いている間に「${word('state', stillSo())}」になりました。`),
  });
};
