/* Where a broadcast was heard, as return sheets say of areas. It confirms no household: the table of
   the ledger above stays as it is. Where it was not heard comes first. */

import {at, fill, make} from './deskdom.js';
import {cell, number, table} from './hqalertsay.js';

const PARTS = [['not_heard', '聞こえなかった'], ['unsaid', '何も戻っていない'], ['heard', '聞こえたと戻った']];
const NOWHERE = '町丁目の分からない世帯';
const fold = make('details', {}, make('summary', {textContent: '区域ごとに見る'}), make('div'));
let folded = false;

const homes = count => (count === null ? '10未満' : number(count));
const named = one => one.area ?? NOWHERE;
const told = one => `${named(one)}（${homes(one.households)}）`;

const say = (text, ...more) => make('p', {}, text, ...more);
const toDoors = () => make('a', {className: 'noprint', href: '#doors', textContent: '戸別の一覧へ'});

/* Their households are on the map below and on door lists; level 5 sends nobody out (safety.md 4). */
const advice = ({doors, level_5: worst, not_heard: {areas}}) => {
  if (!doors) return [say('ほかの手段がない世帯です。もう一度、放送してください。')];
  const goes = areas.some(one => !worst.includes(one.area));
  return [
    ...(worst.length ? [say(`レベル5：${worst.join('、')}には、人を出しません。放送をくり返してください。`)] : []),
    ...(goes ? [say(`ほかの手段がない世帯です。${worst.length ? 'ほかの区域では、' : ''}広報車か戸別の声かけで伝えてください。`, toDoors())] : []),
  ];
};

const quiet = found => make('div', {className: 'note stop quiet'},
  make('h3', {textContent: `放送が聞こえなかった区域 ${number(found.not_heard.areas.length)}：放送だけの世帯 ${homes(found.not_heard.households)}`}),
  say(found.not_heard.areas.map(told).join('、')), ...advice(found));

const sums = (found, alone) => table('放送だけの世帯', [`放送だけの世帯（${number(alone)}）`, '区域', '世帯'],
  PARTS.map(([key, text]) => make('tr', {}, make('th', {scope: 'row', textContent: text}),
    cell(number(found[key].areas.length), 'num'), cell(homes(found[key].households), 'num sum'))));

const row = (text, one) => make('tr', {}, make('th', {scope: 'row'}, named(one),
  ...(one.said_of && one.said_of !== one.area ? [make('small', {textContent: `「${one.said_of}」の行から`})] : [])),
cell(text, 'num'), cell(homes(one.households), 'num'), cell(one.called === null ? '—' : `${number(one.called)}軒`, 'num'));

const byArea = found => table('区域ごとの放送', ['区域', '放送', '世帯', '声かけ'],
  PARTS.flatMap(([key, text]) => found[key].areas.map(one => row(text, one))));

const drawn = (found, alone) => {
  fold.lastChild.replaceChildren(byArea(found));
  return [
    make('h3', {textContent: '放送を聞いたか（紙で戻った区域）'}),
    ...(found.not_heard.areas.length ? [quiet(found)] : []),
    sums(found, alone),
    make('p', {className: 'kind', textContent: `紙で分かるのは区域だけです。聞こえた区域の世帯も「確認あり」にはなりません。世帯は10ごと（切り捨て）。声をかけた家は、あわせて ${number(found.called)}軒。`}),
    fold,
  ];
};

/* `alone`: how many households have nothing but the broadcast. */
export const drawHeard = (found, alone) => {
  const any = PARTS.some(([key]) => found[key].areas.length) || found.called;
  at('heard').hidden = !any;
  if (any) fill(at('heard'), JSON.stringify([found, alone]), () => drawn(found, alone));
};

/* On paper everything is open. */
addEventListener('beforeprint', () => {
  folded = !fold.open;
  fold.open = true;
});
addEventListener('afterprint', () => { if (folded) fold.open = false; });
