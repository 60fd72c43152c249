/* The queue of rescues: first those whom no team goes to. */

import {at, fill, make, put} from './deskdom.js';
import {post} from './staff.js';
import {ask} from './hqfieldask.js';
import {button, HQ, time, words} from './hqfieldsay.js';

const OUTCOMES = {rescued: ['全員救助'], handed_over: ['消防へ引き渡し', '救急へ引き渡し'], not_found: ['現地に誰もいない'], cancelled: ['自力で避難', '重複した通報']};

const fieldsOf = (to, teams) => {
  if (to === 'assigned') return [{name: 'team', label: '行く班', needed: true, choices: teams.map(one => one.team), chips: teams.slice(0, 4).map(one => one.team)}];
  if (words.rescue_ended.includes(to)) return [{name: 'outcome', label: '結果', needed: true, chips: OUTCOMES[to]}];
  return [];
};

/* A team that is out is named by its mission. */
const bodyOf = (to, {team = '', outcome = ''}, teams) => {
  const mission = teams.find(one => one.team === team)?.number;
  return {state: to, team, outcome, ...(mission ? {mission} : {})};
};

const move = (one, to, {teams, renew}) => ask({
  title: `${to.words}：${one.place || '場所は地図の点'}`,
  body: [make('p', {}, [one.persons && `${one.persons}人`, one.condition].filter(Boolean).join('　') || '人数・状態はわからない')],
  fields: fieldsOf(to.state, teams),
  ok: to.words,
  style: 'primary',
  act: values => post(`${HQ}rescues/${one.number}`, bodyOf(to.state, values, teams)),
  done: renew,
});

const rowOf = (one, on) => {
  const state = make('span', {className: 'state', textContent: one.words});
  state.dataset.value = one.state;
  return make('li', {className: one.warning ? 'warns' : ''},
    make('p', {className: 'line2'}, make('b', {textContent: one.place || '場所は地図の点'}), state, time(one.opened_at, '待ち '),
      make('span', {textContent: one.source}), ...(one.persons ? [make('b', {textContent: `${one.persons}人`})] : [])),
    ...(one.condition ? [make('p', {className: 'quoted', textContent: `「${one.condition}」`})] : []),
    ...(one.doubt ? [make('p', {className: 'kind', textContent: one.doubt})] : []),
    ...(one.warning ? [make('p', {className: 'warned', textContent: one.warning})] : []),
    make('p', {className: 'kind'}, `${one.team ? `班：${one.team}　` : ''}最後の連絡 `, one.last_contact ? time(one.last_contact) : 'なし', one.outcome ? `　結果「${one.outcome}」` : ''),
    make('div', {className: 'line'}, ...one.next.map(to => button(to.words, () => move(one, to, on), {style: 'small', label: `${one.place || '場所は地図の点'}：${to.words}`}))));
};

export const drawRescues = ({rescues: {rescues, open}, missions: {missions}}, renew) => {
  const teams = missions.filter(one => one.state === 'out' && !one.overdue.length);
  const waiting = rescues.filter(one => !one.ended_at);
  const over = rescues.filter(one => one.ended_at);
  put(at('rescues-count'), String(open));
  put(at('rescues-none'), waiting.length ? '' : '救助を待つ人の記録はありません。');
  const on = {teams, renew};
  fill(at('rescues'), JSON.stringify([rescues, teams.map(one => [one.number, one.team])]), () => [
    ...waiting.map(one => rowOf(one, on)),
    ...(over.length ? [make('li', {}, make('details', {}, make('summary', {textContent: `終わったもの（24時間）${over.length}`}), make('ul', {className: 'cards'}, ...over.map(one => rowOf(one, on)))))] : [])]);
};
