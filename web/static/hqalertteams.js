/* Teams that should be back and are not, or that go on telling what is over: of every alert, in words
   and minutes (safety.md 13). */

import {at, fill, make} from './deskdom.js';
import {isDrill, root} from './hqalertsay.js';
import {ENDED, isLate, isTelling, listName, moment} from './doorlists.js';

const part = at('teams-late');
let outside = [];
let heard = () => {};

const row = one => {
  const button = make('button', {type: 'button', className: 'btn small', textContent: '開く'});
  button.setAttribute('aria-label', `${one.team}の一覧を開く`);
  button.addEventListener('click', () => heard(one.number));
  return make('li', {}, make('span', {}, ...(isDrill(one) ? [make('b', {className: 'drillmark', textContent: '訓練'}), ' '] : []),
    make('b', {textContent: one.team}), ` ${listName(one)} `, moment(one), ...(one.escalated_at ? [' 引き継ぎ済み'] : []),
    ...(isTelling(one) ? [make('span', {className: 'warned', textContent: ` ${ENDED[one.ended][1]}`})] : [])), button);
};

const group = (text, teams) => (teams.length
  ? [make('h3', {textContent: `${text} ${teams.length}`}), make('ul', {className: 'plain'}, ...teams.map(row))] : []);

const draw = () => {
  const late = outside.filter(isLate);
  const telling = outside.filter(one => isTelling(one) && !isLate(one));
  part.hidden = !late.length && !telling.length;
  fill(part, JSON.stringify([late, telling]), () => [
    ...group('帰着を確かめていない班', late), ...group('終わった文を伝えている班', telling)]);
};

/* `told`: what the stream says of door lists, null for nothing; `open` takes a revision's number. */
export const drawTeams = (told, open) => {
  [outside, heard] = [told?.outside ?? [], open];
  draw();
};

root.addEventListener('ages', draw);
