/* Who has which decision open: held and renewed while it is open here, let go when it is closed. */

import {post, postLast} from './staff.js';
import {API, root} from './hqboardsay.js';

const RENEW_MS = 2e4;
const me = root.dataset.actor;
let others = {};
let held = null;
let renewing = 0;

const send = (key, holds) => post(`${API}board/locks`, {key, held: holds});

/* As the last answer had them; who holds one is never asked for alone. */
export const putLocks = locks => { others = locks; };

/* Of somebody else. */
export const lockOf = key => (others[key] && others[key].actor !== me ? others[key] : null);

/* Throws what the server says where somebody else has it. */
export const hold = async key => {
  held = key;
  clearInterval(renewing);
  renewing = setInterval(() => send(key, true).catch(() => null), RENEW_MS);
  try {
    await send(key, true);
  } catch (error) {
    if (held === key) {
      clearInterval(renewing);
      held = null;
    }
    throw error;
  }
};

export const letGo = () => {
  if (!held) return;
  const key = held;
  held = null;
  clearInterval(renewing);
  send(key, false).catch(() => null);
};

addEventListener('pagehide', () => held && postLast(`${API}board/locks`, {key: held, held: false}));
