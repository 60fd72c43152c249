import {put} from './deskdom.js';

// What cannot be taken back at once is pressed twice: the button itself asks.
export const twice = (button, act) => {
  if (button.dataset.asked) {
    clearTimeout(Number(button.dataset.asked));
    delete button.dataset.asked;
    put(button, button.dataset.word);
    return act();
  }
  button.dataset.word = button.textContent;
  put(button, button.dataset.ask);
  button.dataset.asked = setTimeout(() => {
    delete button.dataset.asked;
    put(button, button.dataset.word);
  }, 6e3);
  return undefined;
};
