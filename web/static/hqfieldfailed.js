/* Decisions that failed after their question was closed: else somebody takes the street for shut. They
   stand at the lower edge, always in view: nothing slips under a finger. */

import {make} from './deskdom.js';
import {button, japanese, root} from './hqfieldsay.js';

const lines = make('div', {className: 'note stop'});
const part = make('div', {id: 'failed', className: 'bar', hidden: true}, lines, button('閉じる', () => failedSoFar()()));
lines.setAttribute('role', 'alert');
root.after(part);

export const sayFailed = ({title}, error) => {
  lines.append(make('p', {textContent: `${title}：送れませんでした。${japanese(error.message).replace(/^送れませんでした。/, '')}`}));
  part.hidden = false;
};

/* What takes away those that stand there now, and no later one: who answers a question that was asked
   after them has seen them. */
export const failedSoFar = () => {
  const stood = [...lines.children];
  return () => {
    for (const one of stood) one.remove();
    part.hidden = !lines.children.length;
  };
};
