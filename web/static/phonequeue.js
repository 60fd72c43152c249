/* What is typed and what is not sent yet, kept in this tab until the server has it. */

import {post} from './staff.js';

const DRAFT = 'phone.draft';
const UNSENT = 'phone.unsent';
const LATER = [401, 403, 408, 425, 429];

const read = (name, other) => {
  try {
    return JSON.parse(sessionStorage.getItem(name)) ?? other;
  } catch {
    return other;
  }
};

const write = (name, value) => {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    /* A full or forbidden store: the page still holds it. */
  }
};

let unsent = read(UNSENT, []);
let isSending = false;

export const keptDraft = () => read(DRAFT, null);
export const keepDraft = draft => write(DRAFT, draft);
export const unsentSlips = () => unsent;

/* Whether the server may take the same words later: it was not reached, or is not itself. */
export const isForLater = error => !error.status || error.status >= 500 || LATER.includes(error.status);

export const send = body => post('/api/v1/phone/slips', body);

export const keepUnsent = (body, why) => {
  unsent = [...unsent.filter(one => one.body.id !== body.id), {body, why, isRefused: false}];
  write(UNSENT, unsent);
};

export const dropUnsent = id => {
  unsent = unsent.filter(one => one.body.id !== id);
  write(UNSENT, unsent);
};

/* Sends what waits, oldest first; calls whenSent(answer, body) for each that arrived. */
export const sendUnsent = async whenSent => {
  if (isSending) return;
  isSending = true;
  try {
    for (const one of unsent.filter(waiting => !waiting.isRefused)) {
      try {
        const answer = await send(one.body);
        dropUnsent(one.body.id);
        whenSent(answer, one.body);
      } catch (error) {
        one.why = error.message;
        one.isRefused = !isForLater(error);
        write(UNSENT, unsent);
        if (!one.isRefused) return;
      }
    }
  } finally {
    isSending = false;
  }
};
