/* Teams that should be back and are not: of every alert, in words and minutes (safety.md 13). */

import {at, fill, make} from './deskdom.js';
import {isDrill, root} from './hqalertsay.js';
import {isLate, listName, moment} from './doorlists.js';

const part = at('teams-late');
let outside = [];
let heard = () => {};

const row = one => {
  const button = make('button', {type: 'button', className: 'btn small', textContent: '開く'});
  button.setAttribute('aria-label', `${one.team}の一覧を開く`);
  button.addEventListener('click', () => heard(one.number));
  return make('li', {}, make('span', {}, ...(isDrill(one) ? [make('b', {className: 'drillmark', textContent: '訓練'}), ' '] : []),
    make('b', {textContent: one.team}), ` ${listName(one)} `, moment(one), ...(one.escalated_at ? [' 引き継ぎ済み'] : [])), button);
};

const draw = () => {
  const late = outside.filter(isLate);
  part.hidden = !late.length;
  fill(part, JSON.stringify(late), () => [
    make('h3', {textContent: `帰着を確かめていない班 ${late.length}`}), make('ul', {className: 'plain'}, ...late.map(row))]);
};

/* `told`: what the stream says of door lists, null for nothing; `open` takes a revision's number. */
export const drawTeams = (told, open) => {
  [outside, heard] = [told?.outside ?? [], open];
  draw();
};

root.addEventListener('ages', draw);
