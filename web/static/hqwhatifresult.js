/* What changes: figures, who goes where, how full places get. */

import {at, make, put} from './deskdom.js';
import {count, isBarred, minutes, share} from './hqwhatifsay.js';

const cell = (text, right = false) => make('td', {className: right ? 'r' : '', textContent: text});

const rows = (id, made) => {
  at(id).tBodies[0].replaceChildren(...made);
  at(id).hidden = !made.length;
  document.querySelector(`[data-none=${id}]`).hidden = made.length > 0;
};

const areasOf = list => {
  const named = list.filter(one => one.area);
  const few = list.find(one => !one.area);
  return [
    ...named.slice(0, 4).map(one => `${one.area} ${count(one.households)}`),
    named.length > 4 && `ほか${named.length - 4}町`,
    few && `10世帯未満の町などの計 ${count(few.households)}`,
  ].filter(Boolean).join('、');
};

const big = (id, value, says) => {
  put(at(`${id}-n`), count(value));
  put(at(`${id}-says`), says);
  at(id).classList.toggle('bad', id !== 'moved' && value > 0);
};

/* Only to whom it is ordered is it said that they go up at once. */
const lostOf = cut => {
  const later = cut.households - cut.secure_now;
  return [
    cut.secure_now && `避難の道がなくなり、判定が「すぐ安全な所へ」（緊急安全確保）になる世帯 ${count(cut.secure_now)}。`,
    later && `避難指示が出れば、行く道がない世帯 ${count(later)}。`,
  ].filter(Boolean).join('');
};

const leastOf = ({households, least}) => (households <= least ? 'これ以上減らせない最少です。' : '');

/* What is so at once, while the doors that are to open are still shut. */
const untilOf = found => {
  const until = found.until;
  const doors = found.imagined.open.map(one => one.name).join('・');
  return until ? `${doors}が「開設」になるまでは、孤立 ${count(until.cut_off.households)}世帯、場所が足りない ${count(until.no_room.households)}世帯、行き先が変わる ${count(until.moved.households)}世帯です。採用してすぐ起こるのはこちらです。上の数は、扉が開いた後のものです。` : '';
};

const figures = found => {
  const {cut_off: cut, moved, another_way: other, on_the_way: way, no_room: room} = found;
  big('cut', cut.households, cut.households ? `${areasOf(cut.areas)}。${lostOf(cut)}` : '道がなくなる世帯はありません。');
  big('moved', moved.households, `${moved.households ? `平均 ${minutes(moved.minutes)}。${leastOf(moved)}` : ''}${other.households ? `道だけが変わる ${count(other.households)}世帯（平均 ${minutes(other.minutes)}）` : ''}`);
  big('way', way.turned, way.turned ? '行き先か道が危険になった人だけを戻します。' : `戻る世帯はありません。${way.rerouted ? `道が変わる世帯 ${count(way.rerouted)}` : ''}`);
  put(at('farther-n'), count(found.farther.households));
  put(at('farther-says'), found.farther.households ? `（${areasOf(found.farther.areas)}）` : '');
  big('room', room.households, room.households ? `${areasOf(room.areas)}。予備の部屋か別の場所を開けてください。` : '行き先のない世帯はありません。');
};

const whither = one => {
  if (one.after) return cell(`→ ${one.after.name}`);
  if (one.few) return cell('—');
  const made = cell(one.secure_now === one.households ? '→ 緊急安全確保（119・救助へ）' : one.cut_off === one.households ? '→ 行く道なし' : '→ なし');
  made.className = 'none-left';
  return made;
};

const moveRow = one => make('tr', {},
  cell(one.few ? '10世帯未満の組の計' : one.before?.name ?? '（行き先なし）'), whither(one), cell(count(one.households), true), cell(one.after ? minutes(one.minutes) : '—', true));

const siteRow = one => {
  const now = share(one.inside + one.coming, one.capacity);
  const then = share(one.inside + one.coming_then, one.capacity);
  return make('tr', {}, cell(one.name), cell(count(one.coming), true), cell(count(one.coming_then), true),
    cell(one.capacity ? `${now} → ${then}${one.gets_full ? '（満）' : ''}` : '定員不明', true));
};

export const showResult = found => {
  at('result').hidden = !found;
  at('no-change').hidden = Boolean(found);
  at('waits').hidden = !found?.waits;
  if (!found) return;
  figures(found);
  at('until').hidden = !found.until;
  put(at('until'), untilOf(found));
  at('barred').hidden = !isBarred(found);
  rows('moves', found.moves.map(moveRow));
  rows('sites', found.sites.map(siteRow));
};
