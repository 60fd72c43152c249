/* What changes: figures, who goes where, how full places get. */

import {at, make, put} from './deskdom.js';
import {count, minutes, share} from './hqwhatifsay.js';

const cell = (text, right = false) => make('td', {className: right ? 'r' : '', textContent: text});

const rows = (id, made) => {
  at(id).tBodies[0].replaceChildren(...made);
  at(id).hidden = !made.length;
  document.querySelector(`[data-none=${id}]`).hidden = made.length > 0;
};

const areasOf = list => {
  const named = list.filter(one => one.area).slice(0, 4).map(one => `${one.area} ${count(one.households)}`);
  return named.join('、') + (list.length > 4 ? ` ほか${list.length - 4}町` : '');
};

const big = (id, value, says) => {
  put(at(`${id}-n`), count(value));
  put(at(`${id}-says`), says);
  at(id).classList.toggle('bad', id !== 'moved' && value > 0);
};

const LOST = '避難の道がなくなり、判定は「すぐ安全な所へ」（緊急安全確保）に変わります。';

const leastOf = ({households, least}) => (households <= least ? '変えずに済む最少と同じ。' : '');

const figures = found => {
  const {cut_off: cut, moved, another_way: other, on_the_way: way, no_room: room} = found;
  big('cut', cut.households, cut.households ? `${areasOf(cut.areas)}。${LOST}` : '道がなくなる世帯はありません。');
  big('moved', moved.households, `${moved.households ? `平均 ${minutes(moved.minutes)}。${leastOf(moved)}` : ''}${other.households ? `道だけが変わる ${count(other.households)}世帯（平均 ${minutes(other.minutes)}）` : ''}`);
  big('way', way.turned, way.turned ? '行き先か道が危険になった人だけを戻します。' : `戻る世帯はありません。${way.rerouted ? `道が変わる世帯 ${count(way.rerouted)}` : ''}`);
  put(at('farther-n'), count(found.farther.households));
  put(at('farther-says'), found.farther.households ? `（${areasOf(found.farther.areas)}）` : '');
  big('room', room.households, room.households ? `${areasOf(room.areas)}。予備の部屋か別の場所を開けてください。` : '断る世帯はありません。');
};

const whither = one => {
  if (one.after) return cell(`→ ${one.after.name}`);
  const made = cell(one.cut_off === one.households ? '→ 緊急安全確保（119・救助へ）' : '→ なし');
  made.className = 'none-left';
  return made;
};

const moveRow = one => make('tr', {},
  cell(one.before?.name ?? '（行き先なし）'), whither(one), cell(count(one.households), true), cell(one.after ? minutes(one.minutes) : '—', true));

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
  rows('moves', found.moves.map(moveRow));
  rows('sites', found.sites.map(siteRow));
};
