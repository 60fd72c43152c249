/* A newer revision took the place of the one on the screen: which of them was read is to be said. */

import {at, fill, make} from './deskdom.js';

let says = () => {};

const choice = (text, number, kind) => {
  const button = make('button', {type: 'button', className: `btn ${kind}`, textContent: text});
  button.addEventListener('click', () => says(number));
  return button;
};

const inside = ({shown, earlier, read}, isOver) => {
  const chosen = earlier.find(one => one.number === read);
  const ended = [...isOver ? [shown] : [], ...earlier].filter(one => one.number !== read);
  return [
    make('p', {className: 'big', textContent: `文が替わりました（第${shown.revision}版）`}),
    make('p', {textContent: chosen ? `この電話は、第${chosen.revision}版を読み終えた電話として記録します。次の電話からは新しい文を読みます。`
      : '前の文は消しました。途中だった人には、新しい文をはじめから読み直してください。'}),
    make('div', {className: 'choices'},
      ...isOver ? [] : [choice(`第${shown.revision}版を読む`, shown.number, 'primary')],
      ...ended.map(one => choice(`第${one.revision}版を読み終えたあとだった`, one.number, ''))),
  ];
};

/* The new words stand below it at once; the old ones are gone. `isOver`: nothing of it is read. */
export const drawReplaced = (reading, isOver) => {
  const box = at('replaced');
  box.hidden = !reading.earlier.length || isOver && reading.read !== null;
  if (box.hidden) fill(box, '', () => []);
  else fill(box, JSON.stringify([reading, isOver]), () => inside(reading, isOver));
};

/* whenSaid(number of the revision that was read) */
export const listenToReplaced = whenSaid => {
  says = whenSaid;
};
