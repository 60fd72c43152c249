/* Sending what somebody decides: one at a time, and what the server refuses is said where it was
   asked for. Grave steps are pressed twice, in one place. */

import {clockText, now, post, say} from './staff.js';
import {make} from './deskdom.js';
import {japanese, root, zone} from './hqalertsay.js';

let busy = false;

/* The answer, or null where it failed; nothing typed is cleared here. */
export const send = async (output, {url, body, method = 'POST', said}) => {
  if (busy) return null;
  busy = true;
  root.setAttribute('aria-busy', 'true');
  say(output, '送っています…');
  try {
    const answer = await post(url, body, method);
    say(output, `${clockText(new Date(now()).toISOString(), zone)} ${said}`);
    return answer ?? {};
  } catch (error) {
    say(output, japanese(error.message), true);
    root.dispatchEvent(new CustomEvent('refused', {detail: error.status}));
    return null;
  } finally {
    busy = false;
    root.setAttribute('aria-busy', 'false');
  }
};

/* Asks once more below the button, with the way back in focus. */
export const twice = (button, text, act) => {
  const open = button.parentElement.querySelector('.confirm');
  open?.remove();
  const back = make('button', {type: 'button', className: 'btn', textContent: 'やめる'});
  const sure = make('button', {type: 'button', className: 'btn danger', textContent: `はい、${button.dataset.label}`});
  const asked = make('div', {className: 'confirm note stop'}, make('p', {textContent: text}), back, sure);
  const cancel = () => {
    asked.remove();
    button.focus();
  };
  asked.setAttribute('role', 'group');
  asked.setAttribute('aria-label', '確認');
  asked.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    cancel();
  });
  back.addEventListener('click', cancel);
  sure.addEventListener('click', () => {
    asked.remove();
    act();
  });
  button.after(asked);
  back.focus();
};
