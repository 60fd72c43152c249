/* How the forms of the headquarters page are sent: one at a time, after a second word where it is
   grave. Nothing typed is lost on an error. */

import {isBusy, say, submitJson} from './staff.js';
import {FORMS} from './hqactions.js';

const root = document.getElementById('hq');

const cancel = asked => {
  const button = asked.previousElementSibling;
  asked.remove();
  button?.focus();
};

/* Asks once more, in place, with the way back in focus. */
const confirmed = (form, button) => {
  if (!button.dataset.confirm) return true;
  const open = form.querySelector('.confirm');
  if (open) open.remove();
  if (button.dataset.sure) {
    delete button.dataset.sure;
    return true;
  }
  const asked = Object.assign(document.createElement('div'), {className: 'confirm note stop'});
  const text = Object.assign(document.createElement('p'), {textContent: button.dataset.confirm});
  const sure = Object.assign(document.createElement('button'), {
    type: 'button', className: 'btn danger', textContent: `はい、${button.textContent}`,
  });
  const back = Object.assign(document.createElement('button'), {
    type: 'button', className: 'btn', textContent: 'やめる',
  });
  sure.addEventListener('click', () => {
    button.dataset.sure = 'yes';
    form.requestSubmit(button);
  });
  back.addEventListener('click', () => cancel(asked));
  asked.setAttribute('role', 'group');
  asked.setAttribute('aria-label', '確認');
  asked.append(text, back, sure);
  button.after(asked);
  back.focus();
  return false;
};

/* What was sent is what is known now; what was only asked for once is cleared. */
const settleFields = (form, clears) => {
  for (const input of form.querySelectorAll('input')) {
    if (input.type === 'checkbox' || input.type === 'radio') {
      if (clears) input.checked = input.defaultChecked;
    } else if (clears) input.value = input.defaultValue;
    else input.defaultValue = input.value;
  }
};

export const listen = changed => {
  root.addEventListener('submit', async event => {
    const form = event.target;
    const makes = FORMS[form.dataset.form];
    if (!makes) return;
    event.preventDefault();
    const button = event.submitter || form.querySelector('button');
    if (isBusy(form) || !confirmed(form, button)) return;
    const output = form.querySelector('output.said');
    let asked;
    try {
      asked = makes(form, button);
    } catch (error) {
      say(output, error.message, true);
      form.querySelector('input:not([type=radio],[type=checkbox])')?.focus();
      return;
    }
    const answer = await submitJson(form, asked);
    if (!answer) return;
    const doubt = asked.doubt?.(answer);
    if (doubt) say(output, doubt, true);
    else {
      settleFields(form, asked.clears);
      asked.then?.();
    }
    changed();
  });
  root.addEventListener('keydown', event => {
    const asked = event.key === 'Escape' && event.target.closest('.confirm');
    if (!asked) return;
    event.stopPropagation();
    cancel(asked);
  });
};
