/* What is imagined, part by part: each can be dropped; whether water closes the streets can be turned. */

import {at, make, put} from './deskdom.js';
import {doneWords} from './hqwhatifdone.js';
import {closes, sayPart, saysAll} from './hqwhatifsay.js';

export const isWater = one => one.kind === 'water';
export const withWater = stack => (stack.some(isWater) ? stack.filter(one => !isWater(one)) : [...stack, {kind: 'water'}]);

export const drawStack = (stack, change) => {
  at('stack').replaceChildren(...stack.map((one, place) => {
    const gone = make('button', {type: 'button', textContent: '×'});
    gone.setAttribute('aria-label', `${sayPart(one)}をやめる`);
    gone.addEventListener('click', () => change(stack.filter((_, other) => other !== place)));
    return make('li', {}, sayPart(one), gone);
  }));
  put(at('what'), stack.length ? saysAll(stack) : doneWords() || '何も変えていません');
  at('wet').hidden = !stack.some(closes);
  at('wet').setAttribute('aria-pressed', String(stack.some(isWater)));
  for (const id of ['drop', 'undo']) at(id).disabled = !stack.length;
};
