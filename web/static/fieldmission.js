// The mission's head: when to be back, when to say that all are well, and home at once where it is said.
import {at, put} from './deskdom.js';
import {clock, span} from './deskwords.js';
import {MISSION} from './fieldqueue.js';
import {MISSION_WORDS, STEPS} from './fieldwords.js';
import {QUEUED} from './queue.js';

const left = ms => (ms >= 0 ? `あと ${span(ms + 6e4 - 1)}` : `${span(-ms)} 過ぎています`);

// The last word of this device of one kind that the city may not have counted yet.
const said = (queue, number, step) => queue.all.findLast(row => (
  row.to === MISSION && row.step === step && row.body.mission === number && row.status === QUEUED));

const words = (row, offset) => (row
  ? `${clock(row.made + offset)} 「${STEPS[row.step]}」と記録しました（まだ届いていません）。` : '');

const head = (state, now) => {
  const until = Date.parse(state.withdraw_at);
  const began = Date.parse(state.started_at);
  put(at('team'), state.team);
  put(at('team-areas'), state.areas.length ? `　${state.areas.join('・')}` : '');
  put(at('withdraw'), clock(until));
  put(at('withdraw-left'), left(until - now));
  at('timer').classList.toggle('late', now > until - 15 * 6e4);
  const share = Math.min(1, Math.max(0, (now - began) / (until - began)));
  at('progress').firstElementChild.style.width = `${share * 100}%`;
};

// What is due, the most urgent first: worked out here, for nobody tells a phone without a network.
const due = (state, isRead, now) => {
  const isLate = now > Date.parse(state.withdraw_at);
  const said = [
    [state.state === 'escalated', 'escalated'], [state.recalled, 'recalled'], [state.recalled && !isRead, 'unread'],
    [!state.recalled && isLate, 'withdraw'], [state.recalled || isLate, 'cannot'],
    [now > Date.parse(state.check_in_due_at), 'check_in']];
  return said.filter(([holds]) => holds).map(([, name]) => MISSION_WORDS[name]).join('');
};

const check = (state, queue, now, offset) => {
  const waits = said(queue, state.number, 'returned') ?? said(queue, state.number, 'check_in');
  const until = Date.parse(state.check_in_due_at);
  const last = state.last_check_in ? `${clock(Date.parse(state.last_check_in))} に届きました。` : '';
  const next = `次の連絡は ${clock(until)} まで（${left(until - now)}）。`;
  put(at('well-said'), words(waits, offset) || `${last}${next}`);
  put(at('mission-said'), state.recalled ? '' : due(state, true, now));
};

const recall = (state, queue, now, offset) => {
  const back = said(queue, state.number, 'returned');
  const leaves = said(queue, state.number, 'recall_confirmed');
  const isRead = Boolean(state.recall_confirmed_at ?? leaves ?? back);
  put(at('recall-why'), `${state.recalled_why}。${due(state, isRead, now)}`);
  at('leaving').disabled = isRead;
  at('recall').classList.toggle('unread', !isRead);
  const known = state.recall_confirmed_at ? `${clock(Date.parse(state.recall_confirmed_at))} 「撤収します」が本部に届きました。` : '';
  put(at('recall-said'), words(back, offset) || known || words(leaves, offset));
};

export const missionOf = queue => {
  const state = queue.places.get(MISSION)?.state;
  return state && !state.returned_at ? state : null;
};

export const mission = ({queue, now, offset}) => {
  const state = missionOf(queue);
  for (const id of ['timer', 'progress', 'check']) at(id).hidden = !state;
  const isNew = at('recall').hidden && state?.recalled;
  at('recall').hidden = !state?.recalled;
  if (isNew) scrollTo(0, 0);
  if (!state) return;
  head(state, now);
  check(state, queue, now, offset);
  if (state.recalled) recall(state, queue, now, offset);
};
