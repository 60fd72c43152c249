/* Moves of many people that wait for an approver: the map before and after, the same as a table; and
   the message to those whom a version has moved. */

import {at, fill, make} from './deskdom.js';
import {get, post} from './staff.js';
import {ask} from './hqfieldask.js';
import {cityMap, drawMove, hasMap} from './hqfieldmap.js';
import {button, cell, drawn, HQ, isApprover, number, placeName, row, streetsText, table, time} from './hqfieldsay.js';

/* Closures that were shut together act together: they wait with the same figures. */
const grouped = waiting => {
  const groups = new Map();
  for (const one of waiting) {
    const key = JSON.stringify(one.facts);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
};

const figure = (term, households, persons) => make('div', {}, make('dt', {textContent: term}),
  make('dd', {}, make('b', {textContent: `${number(households)}世帯`}), ` ${number(persons)}人`));

/* Where the households of each 町丁目 are told to go as long as the move waits, by its name. */
let told = {of: '', places: new Map()};

const placesOf = area => told.places.get(area) ?? [];

const cutTable = facts => (facts.cut_off_areas.length ? [table('行き先のなくなる世帯、町丁目ごと', ['町丁目', 'この町のいまの行き先', '新しい行き先', '世帯'],
  facts.cut_off_areas.map(one => row(one.area || '町丁目の外', cell(placesOf(one.area).map(placeName).join('、') || '—'), cell('→ 行き先なし（道がない）', 'lost'), cell(number(one.households), 'num'))))] : []);

const moveTable = facts => (facts.moves.length ? [table('行き先の変わる世帯、町丁目ごと', ['町丁目', 'いまの行き先', '新しい行き先', '世帯'],
  facts.moves.map(one => row(one.area || '町丁目の外', cell(placeName(one.before)), cell(`→ ${placeName(one.after)}`), cell(number(one.households), 'num'))))] : []);

const maps = (facts, shut, shapes) => {
  if (!hasMap) return {box: make('p', {className: 'kind', textContent: '地図がまだありません。下の表で確かめてください。'}), draw: () => {}};
  const said = `行き先なし${number(facts.cut_off)}世帯、行き先の変わる${number(facts.moved)}世帯。下の表が同じ内容です。`;
  const before = cityMap(`いまの行き先。${said}`, 'before');
  const after = cityMap(`知らせたあとの行き先。${said}`, 'after');
  const figures = [[before, '前：いま知らせている行き先'], [after, '後：知らせると、こうなる']]
    .map(([svg, words]) => make('figure', {}, make('figcaption', {textContent: words}), svg));
  return {
    box: make('div', {className: 'pair'}, ...figures),
    draw: () => {
      const cut = facts.cut_off_areas.flatMap(one => placesOf(one.area).map(before => ({...one, before, after: null})));
      drawMove(before, {...facts, moves: [...facts.moves, ...cut]}, {of: 'before', shut, shapes});
      drawMove(after, {...facts, moves: [...facts.moves, ...cut]}, {of: 'after', shut, shapes});
    },
  };
};

const summary = facts => `行き先がなくなる ${number(facts.cut_off)}世帯（${number(facts.cut_off_persons)}人）、行き先が変わる ${number(facts.moved)}世帯（${number(facts.moved_persons)}人）。`;

/* Foreseen together, they may stand for different reasons. */
const backWords = group => [...new Set(group.map(one => one.words?.undo ?? ''))].join('');

const release = (group, renew) => {
  const {facts} = group[0];
  ask({
    title: 'この移動を知らせますか',
    body: [make('p', {}, make('b', {textContent: summary(facts)})),
      make('p', {textContent: '数秒で次の版の割当になり、開いているページの行き先が変わります。LINEなどへは、そのあと文を作って送ります。'}),
      make('p', {textContent: facts.cut_off ? '行き先がなくなる世帯には、緊急安全確保（その場で高い所へ）と 119 を示します。' : '道は、知らせなくても止まったままです。'}),
      make('p', {className: 'note', textContent: backWords(group)})],
    ok: 'はい、知らせる',
    style: 'danger',
    act: async () => {
      for (const one of group) await post(`${HQ}held/${one.number}`, {decision: 'apply'});
    },
    done: renew,
    changed: () => (open.has(group[0].number) ? '' : 'ほかの人が、もう決めました。「やめる」を押してください。'),
  });
};

let open = new Set();

const streetOf = (one, closures) => closures.find(shut => shut.number === one.item);

/* What an area shuts is named once: its streets by their reason, counted where they share a name. */
const titleOf = closures => [...new Set(closures.map(one => one.reason))]
  .map(reason => `${streetsText(closures.filter(one => one.reason === reason).map(one => one.street))}：${reason}`).join('、');

const article = (group, found, renew) => {
  const {facts} = group[0];
  const closures = group.map(one => streetOf(one, found.closures)).filter(Boolean);
  const title = titleOf(closures) || [...new Set(group.map(one => one.said))].join('、');
  const {box, draw} = maps(facts, closures.map(one => one.line), found.shapes);
  const acts = isApprover
    ? button('この移動を知らせる', () => release(group, renew), {style: 'danger big', name: 'release'})
    : make('p', {className: 'wait', textContent: '承認者が、地図で確かめて知らせます。'});
  const made = make('article', {className: 'held-move'}, make('h3', {}, `大きな移動が待っています　${title} `, time(group[0].held_at)),
    make('div', {className: 'figures-side'},
      make('dl', {className: 'numbers'}, figure('行き先がなくなる', facts.cut_off, facts.cut_off_persons), figure('行き先が変わる', facts.moved, facts.moved_persons)),
      make('p', {}, make('b', {textContent: '何もしないと：'}), '道は止まったまま、誰も通しません。前の行き先のまま「新しい道を確かめています」と示し続けます。'),
      ...cutTable(facts), ...moveTable(facts)),
    box, make('div', {className: 'line'}, acts));
  return {made, draw};
};

/* Asked for once for each version and move: where people are told to go now. */
const askPlaces = async (found, renew) => {
  const of = JSON.stringify([found.plan.plan?.number, found.plan.waiting.map(one => one.number)]);
  if (told.of === of || !found.plan.waiting.length) return;
  told = {...told, of};
  try {
    const {blocks} = await get(`${HQ}plan/blocks`);
    told.places = new Map(blocks.map(one => [one.area, one.places.map(place => place.site_id)]));
    drawMoves(found, renew);
    drawn.aged();
  } catch {
    told.of = '';
  }
};

export const drawMoves = (found, renew) => {
  askPlaces(found, renew);
  const {waiting} = found.plan;
  const withFacts = waiting.filter(one => one.facts);
  open = new Set(waiting.map(one => one.number));
  const groups = grouped(withFacts);
  const part = at('moves');
  part.dataset.count = String(groups.length);
  const shut = found.closures.map(one => [one.number, one.street, one.line]);
  const draws = [];
  fill(part, JSON.stringify([withFacts, shut, [...told.places]]), () => groups.map(group => {
    const {made, draw} = article(group, found, renew);
    draws.push(draw);
    return made;
  }));
  if (groups.length) at('decisions').hidden = false;
  for (const draw of draws) draw();
};

const draft = one => ask({
  title: '動いた世帯だけに知らせる文',
  body: [make('p', {textContent: `第${one.number}版で行き先や行動の変わった世帯だけへの文を、下書きします。まだ送りません。次の画面で確かめ、二人で承認します。`})],
  ok: '文を作る',
  act: () => post(`${HQ}plan/${one.number}/notice`, {}),
  done: answer => location.assign(`/hq/alerts#${answer.alert}`),
});

const movedRow = one => {
  const {changed} = one;
  const words = `行き先や行動の変わった世帯があります：第${one.number}版（行き先 ${number(changed.place)}・行動 ${number(changed.verdict)}・道 ${number(changed.way)}）`;
  const next = one.alert === null
    ? button('動いた世帯だけに知らせる文を作る', () => draft(one), {style: 'primary', name: 'notice'})
    : make('a', {className: 'btn', href: `/hq/alerts#${one.alert}`, textContent: `知らせる文を開く（${one.alert}番）`});
  return make('article', {className: one.alert === null ? 'moved-version' : 'moved-version settled'},
    make('p', {}, make('b', {textContent: words}), ' ', time(one.published_at)),
    make('p', {className: 'kind', textContent: one.alert === null ? '開いているページは変わりました。LINE・SMSなどには、まだ知らせていません。' : '文は下書きされています。送信の進みは配信の画面で見ます。'}),
    make('div', {className: 'line'}, next));
};

export const drawMoved = ({moved}) => {
  const part = at('moved');
  const isLoud = one => one.released && one.alert === null;
  const [loud, quiet] = [moved.filter(isLoud), moved.filter(one => !isLoud(one))];
  part.dataset.count = String(loud.length);
  fill(part, JSON.stringify(loud), () => loud.map(movedRow));
  at('told').hidden = !quiet.length;
  fill(at('told-list'), JSON.stringify(quiet), () => quiet.map(movedRow));
};
