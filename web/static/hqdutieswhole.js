/* What headquarters alone sees of the duties: the list, 発令判断表, 第4号様式. */

import {at, make, put} from './deskdom.js';
import {setMode} from './hqbarmode.js';
import {drawReport, listenToReport} from './hqdutiesreport.js';
import {drawDecisions} from './hqdutiestable.js';
import {time} from './hqdutiessay.js';

const PRINTS = '/api/v1/headquarters/prints/';
const SECTIONS = {decisions: 'decisions', calls: 'calls', report4: 'report4'};

let hours = '6';

/* How far back the handover looks. */
const hoursPick = print => {
  const pick = make('select', {}, ...['3', '6', '8', '12', '24'].map(one => make('option', {value: one, selected: one === hours, textContent: `${one}時間`})));
  pick.addEventListener('change', () => {
    hours = pick.value;
    print.href = `${PRINTS}handover.pdf?hours=${hours}`;
  });
  print.href = `${PRINTS}handover.pdf?hours=${hours}`;
  return make('label', {className: 'pick'}, 'さかのぼる ', pick);
};

const row = (one, number) => {
  const name = `${number}`;
  const title = make('b', {}, make('kbd', {}, name), ` ${one.title}`);
  const told = make('span', {className: 'how'}, one.words, ' ');
  if (one.due) told.append(make('span', {className: 'nb'}, '期限 ', time(one.due, true)));
  const opens = SECTIONS[one.name]
    ? make('a', {className: 'btn', href: `#${SECTIONS[one.name]}`, textContent: '開く'})
    : '';
  const print = make('a', {className: 'btn print', href: `${PRINTS}${one.name}.pdf`, target: '_blank', rel: 'noopener', textContent: '紙（PDF）'});
  print.setAttribute('aria-label', `${one.title}の紙を開く（PDF）`);
  const made = make('li', {tabIndex: -1, className: one.presses ? 'presses' : ''}, title, told, make('span', {className: 'acts'}, one.name === 'handover' ? hoursPick(print) : opens, print));
  made.dataset.duty = one.name;
  made.dataset.number = name;
  return made;
};

const drawList = board => {
  const list = at('list');
  const held = list.contains(document.activeElement) ? document.activeElement : null;
  const where = held?.closest('li')?.dataset.duty;
  const rows = board.duties.map((one, index) => row(one, index + 1));
  const key = JSON.stringify(board.duties);
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...rows);
  const again = where && list.querySelector(`[data-duty="${where}"]`);
  if (!again) return;
  if (held.matches('select')) again.querySelector('select').focus();
  else (held.matches('a.print') ? again.querySelector('a.print') : held.matches('a') ? again.querySelector('a') : again).focus();
};

export const draw = board => {
  setMode(board.mode);
  put(at('traced'), board.traced);
  at('missing').hidden = !board.missing.length;
  put(at('missing'), `読めなかったもの：${board.missing.join('、')}`);
  drawList(board);
  drawDecisions(board);
  drawReport(board);
};

/* Where nobody knows what is under way it may be in earnest. */
export const lose = () => setMode('live');

export const listen = renew => listenToReport(renew);
