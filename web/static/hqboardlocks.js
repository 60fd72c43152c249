/* Who has which decision open: held and renewed while somebody works at it here, let go when it is closed
   or nobody does. */

import {clockText, now, post, postLast} from './staff.js';
import {API, japanese, root, zone} from './hqboardsay.js';

const RENEW_MS = 2e4;
const QUIET_MS = 12e4;
const me = root.dataset.actor;
let others = {};
let held = null;
let renewing = 0;
let resting = null;
let touchedAt = now();
let said = {rest: () => {}, back: () => {}};

const send = (key, holds) => post(`${API}board/locks`, {key, held: holds});

/* As the last answer had them; who holds one is never asked for alone. */
export const putLocks = locks => { others = locks; };

/* Of somebody else. */
export const lockOf = key => (others[key] && others[key].actor !== me ? others[key] : null);

export const lockWords = lock => `${lock.who}さんが${clockText(lock.since, zone)}から開いています。`;

/* Whether that is why it could not be taken: what else the server refuses bars nobody. */
export const isElsewhere = error => error.status === 409 && (error.problem?.type ?? '').endsWith('locked');

/* Why a lock could not be taken, where nobody else has it. */
export const unlockedWords = error => `鍵をかけられません。ほかの人も同時に開けます。${error.status ? japanese(error.message) : 'サーバーにつながりません。'}`;

export const RESTS = '2分のあいだ操作がないので、鍵を外しました。ほかの人が開いて決められます。';

/* Whoever went away bars nobody. */
const renew = () => {
  if (now() - touchedAt < QUIET_MS) return send(held, true).catch(() => null);
  const key = held;
  letGo();
  resting = key;
  return said.rest(key);
};

const touched = () => {
  touchedAt = now();
  if (!resting) return;
  const key = resting;
  resting = null;
  said.back(key);
};

/* Throws what the server says where somebody else has it. */
export const hold = async key => {
  held = key;
  resting = null;
  clearInterval(renewing);
  renewing = setInterval(renew, RENEW_MS);
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
  resting = null;
  if (!held) return;
  const key = held;
  held = null;
  clearInterval(renewing);
  send(key, false).catch(() => null);
};

addEventListener('pagehide', () => held && postLast(`${API}board/locks`, {key: held, held: false}));

/* `rest(key)`: nobody works here and it was let go; `back(key)`: somebody does again. */
export const listenToRest = told => {
  said = told;
  for (const name of ['keydown', 'pointerdown', 'pointermove', 'wheel']) addEventListener(name, touched, {capture: true, passive: true});
};
