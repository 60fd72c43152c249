/* The answer as it is read aloud, and what is behind it. */

import {clockText, now} from './staff.js';

const part = id => document.getElementById(id);
const zone = part('desk').dataset.zone;
const UNKNOWN = ['混み具合は分かっていません。', '行き先として使えます。'];
const OPENINGS = {unconfirmed: '開設は未確認', open: '開設', full: '満員（断りません）', unopened: '未開設', preparing: '準備中', closed: '閉鎖', endangered: '危険'};

let shown = null;

/* A number stays on the line of the word before it. */
const whole = text => text.replace(/(約)(?=\d)/g, '$1\u2060');

const element = (name, text, kind = '') => {
  const made = document.createElement(name);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
};

/* A figure past its time is not read out, also where no newer answer comes. */
const aged = answer => {
  const {place, text} = answer;
  if (!place?.known || !place.unknown_after || now() <= Date.parse(place.unknown_after)) return text;
  const first = text.findIndex(one => place.crowding.includes(one));
  const kept = text.filter(one => !place.crowding.includes(one));
  if (first < 0) return text;
  kept.splice(first, 0, ...UNKNOWN);
  return kept;
};

const facts = answer => {
  const rows = [];
  const {place, second} = answer;
  if (place) {
    const metres = `${(Math.round(place.metres / 10) * 10).toLocaleString('ja-JP')} m`;
    rows.push(['行き先', `${place.name}（${OPENINGS[place.opening] || place.opening}）約${place.minutes}分・${metres}`]);
  }
  if (second) rows.push(['行けないとき', `${second.name}（約${second.minutes}分）`]);
  rows.push(['この答え', `${clockText(answer.as_of, zone)} 現在・第${answer.plan_version}版`]);
  return rows.flatMap(([name, words]) => [element('dt', name), element('dd', words)]);
};

const steps = answer => answer.steps.map(one => {
  const metres = one.distance_m >= 5 ? ` ${one.distance_m} m` : '';
  return element('li', `${one.words}${one.street ? `（${one.street}）` : ''}${metres}`);
});

const advice = answer => answer.do.flatMap(one => {
  const list = document.createElement('ul');
  list.append(...one.words.map(words => element('li', words)));
  return one.where ? [element('h3', one.where), list] : [list];
});

const differs = (before, after) => before && (
  before.verdict !== after.verdict || before.place?.id !== after.place?.id || before.level !== after.level);

const drawText = answer => {
  const lines = aged(answer);
  const old = [...part('text').children].map(one => one.textContent);
  const next = lines.map(whole);
  if (old.join() !== next.join()) part('text').replaceChildren(...next.map(one => element('p', one)));
};

export const drawAnswer = (answer, isSame) => {
  const changed = isSame && differs(shown, answer);
  shown = answer;
  part('waiting').hidden = true;
  part('told').hidden = false;
  const level = part('level');
  level.className = `level lv${answer.level}`;
  const orders = answer.orders.length ? `　${answer.orders.join('、')}` : '';
  level.textContent = answer.level ? `警戒レベル${answer.level} ${answer.level_words}${orders}` : 'この場所に避難情報は出ていません';
  part('told').dataset.verdict = answer.verdict;
  drawText(answer);
  const about = `読み上げ 約${Math.round(answer.seconds)}秒`;
  part('read').textContent = changed ? `答えが変わりました。もう一度読んでください。${about}` : about;
  part('read').classList.toggle('changed', Boolean(changed));
  part('slow').hidden = !answer.asks_slow;
  part('handover').hidden = Boolean(answer.place) || answer.verdict === 'secure_now' || answer.changing;
  part('facts').replaceChildren(...facts(answer));
  part('way').hidden = !answer.steps.length;
  part('steps').replaceChildren(...steps(answer));
  part('do').replaceChildren(...advice(answer));
  part('why').replaceChildren(...answer.why.map(one => element('li', one)));
  part('reasons').hidden = !answer.why.length;
  trouble(answer.stale ? `この答えは ${clockText(answer.as_of, zone)} 現在のものです。そのあとの変化は入っていません。「${clockText(answer.as_of, zone)}現在では」と言ってから読んでください。` : '');
};

export const trouble = text => {
  const note = part('trouble');
  note.hidden = !text;
  if (note.textContent !== text) note.textContent = text;
};

export const clearAnswer = () => {
  shown = null;
  part('told').hidden = true;
  part('waiting').hidden = false;
  trouble('');
};

export const renewAge = () => shown && !shown.changing && drawText(shown);

/* What a slip says was told: the sentences as they stand on the page. */
export const toldNow = () => shown && !shown.changing ? {
  verdict: shown.verdict,
  place: shown.place?.id || null,
  plan_version: shown.plan_version,
  sentences: [...part('text').children].map(one => one.textContent.replaceAll('\u2060', '')),
} : null;
