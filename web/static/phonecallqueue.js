/* What is typed, what is not sent yet and what was noted, kept in this tab for who is signed in.

   An answer names the revision that was read: however late it comes, it counts for that one alone. */

import {newId, post} from './staff.js';
import {isForLater} from './phonequeue.js';

const {actor} = document.getElementById('desk').dataset;
const KEY = `phone.calls:${actor}`;
const MOST = 50;

const read = () => {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
};

const kept = {draft: null, unsent: [], noted: [], ...read()};
/* Ids of calls that are on their way: kept already, for the page may go away meanwhile. */
const flying = new Set();
let isSending = false;

const write = () => {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    /* A full or forbidden store: the page still holds it. */
  }
};

export const keptDraft = () => kept.draft;
export const unsentCalls = () => kept.unsent.filter(one => !flying.has(one.id));
export const notedCalls = () => kept.noted;

export const keepDraft = draft => {
  kept.draft = draft;
  write();
};

export const keepNoted = call => {
  kept.noted = [call, ...kept.noted].slice(0, MOST);
  write();
};

const send = ({alert, label, answered, number}) =>
  post(`/api/v1/phone/alerts/${alert}/answered`, {label, answered, number});

export const dropUnsent = id => {
  kept.unsent = kept.unsent.filter(one => one.id !== id);
  write();
};

const keepUnsent = (call, why, isRefused) => {
  const one = {...call, id: newId(), why, isRefused};
  kept.unsent = [...kept.unsent, one];
  write();
  return one;
};

export const keepRefused = (call, why) => keepUnsent(call, why, true);

/* Sends a call {alert, number, revision, label, answered, drill, at}. Returns the answer, or null
   where it waits for the server; throws what the server refuses, which is kept no more. */
export const sendCall = async call => {
  const one = keepUnsent(call, '', false);
  flying.add(one.id);
  try {
    const answer = await send(one);
    dropUnsent(one.id);
    return answer;
  } catch (error) {
    if (isForLater(error)) return null;
    dropUnsent(one.id);
    throw error;
  } finally {
    flying.delete(one.id);
  }
};

/* Sends what waits, oldest first; calls whenSent(answer, call) for each that arrived. */
export const sendUnsent = async whenSent => {
  if (isSending) return;
  isSending = true;
  try {
    for (const call of unsentCalls().filter(one => !one.isRefused)) {
      try {
        const answer = await send(call);
        dropUnsent(call.id);
        whenSent(answer, call);
      } catch (error) {
        call.why = error.message;
        call.isRefused = !isForLater(error);
        write();
        if (!call.isRefused) return;
      }
    }
  } finally {
    isSending = false;
  }
};
