/* A file of reports: looked at first, then taken in as it was looked at. */

import {at, make} from './deskdom.js';
import {say} from './staff.js';
import {button, cell, HQ, japanese, pasted, row, streetsText, table, time, word} from './hqfieldsay.js';

const API = `${HQ}observations/`;
const LONGEST_MS = 60e3;
const SHOWN = 200;
const input = at('file');
const said = at('file-said');

const upload = async (path, file, digest) => {
  const body = new FormData();
  body.set('file', file);
  if (digest) body.set('digest', digest);
  let answer;
  try {
    answer = await fetch(API + path, {
      method: 'POST', body, signal: AbortSignal.timeout(LONGEST_MS),
      headers: {'accept': 'application/json', 'x-csrf-token': document.querySelector('meta[name=csrf]').content},
    });
  } catch {
    throw Error('送れませんでした。ファイルが動かされたか、サーバーにつながりません。もう一度選んでください。');
  }
  const told = await answer.json().catch(() => null);
  if (answer.ok) return told;
  throw Error(told?.title ? japanese(`${told.title}。${told.detail ?? ''}`) : `うまくいきませんでした（${answer.status}）`);
};

const where = one => {
  if (!one.geometry) return '';
  if (one.streets?.length) return streetsText(one.streets);
  return one.names_street === false && one.away_m !== undefined ? `道から ${one.away_m}m` : '道を指していない';
};

const about = one => make('span', {}, ...(one.refused
  ? [make('b', {className: 'warned', textContent: `使わない：${japanese(one.refused)}`}), one.remedy ? `　${japanese(one.remedy)}` : '']
  : [japanese(one.does ?? '')]), ...(one.remarks ?? []).map(text => make('small', {className: 'small', textContent: japanese(text)})));

const rowOf = one => row(String(one.row), cell(one.kind_words ?? '—'), cell(where(one)),
  cell(one.seen_at ? time(one.seen_at) : '—'), cell(make('span', {}, one.depth ? `${word('depth', one.depth)} ` : '', one.note ?? '', ...(one.link ? [' ', pasted(one.link)] : []))), cell(about(one)));

const clear = () => at('file-rows').replaceChildren();

const takeIn = async (file, digest, pressed) => {
  pressed.disabled = true;
  say(said, '取り込んでいます…');
  try {
    const done = await upload('import', file, digest);
    say(said, `取り込みました：新しい ${done.new}件、届いていた ${done.known}件、使われない ${done.set_aside}件、断った ${done.refused}件。`);
    clear();
    input.value = '';
  } catch (error) {
    pressed.disabled = false;
    say(said, japanese(error.message), true);
  }
};

const show = (file, seen) => {
  const take = button(`${seen.taken}件を取り込む`, () => takeIn(file, seen.digest, take), {style: 'primary'});
  take.disabled = !seen.taken;
  at('file-rows').replaceChildren(
    make('p', {textContent: `${seen.name}（${seen.format}）：取り込める ${seen.taken}件、使わない ${seen.refused}件。まだ取り込んでいません。`}),
    table('ファイルの中身', ['行', '種類', '道', '見た時刻', '内容', 'どうなるか'], seen.rows.slice(0, SHOWN).map(rowOf)),
    ...(seen.rows.length > SHOWN ? [make('p', {className: 'kind', textContent: `ほかに ${seen.rows.length - SHOWN}行あります。取り込むと、すべて入ります。`})] : []),
    make('div', {className: 'line'}, take, button('やめる', () => {
      clear();
      input.value = '';
      say(said, '');
    })));
};

let turn = 0;
input.addEventListener('change', async () => {
  const [file] = input.files;
  const mine = turn += 1;
  clear();
  if (!file) return say(said, '');
  say(said, '読んでいます…');
  try {
    const seen = await upload('preview', file);
    if (mine !== turn) return;
    say(said, '');
    show(file, seen);
  } catch (error) {
    if (mine === turn) say(said, japanese(error.message), true);
  }
});
