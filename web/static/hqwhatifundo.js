/* Taking back what stands: streets that were ordered closed, water, how many more come. */

import {at, make, put} from './deskdom.js';
import {reasonOf} from './hqwhatifdone.js';
import {pointAt, standing} from './hqwhatifmaps.js';
import {API, japanese, root} from './hqwhatifsay.js';
import {heed, heedDoing} from './hqwhatifsigned.js';
import {clockText, get, post, say} from './staff.js';

const form = at('take-back-form');
const dialog = at('take-back');
const {reason} = form.elements;
let drawn = '';
let given = null;
let turnout = null;

const since = one => clockText(one.at, root.dataset.zone);

const parts = () => {
  const {water, closures} = standing();
  return [
    ...closures.map(one => ({path: `closures/${one.id}/reopened`, lines: [one.line], word: `通行止めを開ける：${one.called ?? (one.street || '名のない道')}（${reasonOf(one.id) || one.reason}、${since(one)}）`, asks: '道を開けると、すぐに案内がこの道を通ります。通れることを、現地の人に確かめましたか。'})),
    ...water.map(one => ({path: `water/${one.id}/removed`, lines: one.area?.coordinates?.flat(one.area.type === 'MultiPolygon' ? 1 : 0) ?? [], word: `水の記録を消す：${one.source}（${since(one)}）`, asks: 'この水の記録を消すと、すぐに案内がその区域を通ります。水が引いたことを、現地の人に確かめましたか。'})),
    ...backs(),
  ];
};

const percent = value => `${Math.round(value * 1000) / 10} %`;
const shareWords = one => `レベル3で${percent(one.level_3)}、レベル4で${percent(one.level_4)}（危険な区域の中は${percent(one.zoned_level_3)}と${percent(one.zoned_level_4)}）`;

/* To what was set before, where anything was, and to what the city's file says. */
const backs = () => {
  const {set, before, city} = turnout ?? {};
  if (!set) return [];
  const now = `いまは、${shareWords(set.shares)}。${since(set)}、${set.reason}。計画の空きは、この割合で数えます。`;
  const path = 'turnout/cleared';
  return [
    ...(before ? [{path, more: {number: set.id}, word: `来る人の割合を、一つ前（${before.reason}、${since(before)}）に戻す`, asks: `${now}戻すと、${shareWords(before.shares)}。`}] : []),
    {path, more: {number: set.id, to_city: true}, word: '来る人の割合を、市の設定に戻す', asks: `${now}戻すと、${shareWords(city)}。変えた割合がすべて戻ります。`},
  ];
};

/* What cannot be read stays as it was: the server looks once more whether it still stands. */
export const readUndo = async () => {
  if (!root.dataset.approver) return;
  turnout = await get(`${API}imagined/turnout`).catch(error => { heed(error); return turnout; });
};

const open = one => {
  given = one;
  put(at('take-back-what'), `${one.word}。${one.asks}`);
  say(at('take-back-said'), '');
  reason.value = '';
  dialog.showModal();
  reason.focus();
};

/* Whoever stands on a row sees on the maps which one it is. */
const rowOf = one => {
  const made = make('button', {type: 'button', textContent: `${one.word}…`});
  made.addEventListener('click', () => open(one));
  for (const name of ['focus', 'pointerenter']) made.addEventListener(name, () => pointAt(one.lines ?? []));
  for (const name of ['blur', 'pointerleave']) made.addEventListener(name, () => document.activeElement === made || dialog.open || pointAt([]));
  return make('li', {}, made);
};

/* Drawn anew only where something else stands: whoever is on a row stays there. */
export const showUndo = () => {
  at('undo-part').hidden = !root.dataset.approver;
  if (!root.dataset.approver) return;
  const rows = parts();
  const now = JSON.stringify(rows);
  if (now === drawn) return;
  drawn = now;
  const list = at('undo-list');
  const on = list.contains(document.activeElement) ? document.activeElement.textContent : null;
  if (!dialog.open) pointAt([]);
  list.replaceChildren(...rows.map(rowOf));
  if (on) [...list.querySelectorAll('button')].find(one => one.textContent === on)?.focus();
};

export const listenToUndo = ({done}) => {
  at('take-back-close').addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => at('undo-list').contains(document.activeElement) || pointAt([]));
  reason.addEventListener('input', () => form.dataset.asking || say(at('take-back-said'), ''));
  dialog.addEventListener('cancel', event => { if (form.dataset.asking) event.preventDefault(); });
  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (!given || form.dataset.asking) return;
    if (!reason.value.trim()) {
      say(at('take-back-said'), '理由を入れてから、もう一度押してください。', true);
      reason.focus();
      return;
    }
    form.dataset.asking = 'yes';
    say(at('take-back-said'), '行っています…');
    try {
      await post(`${API}imagined/${given.path}`, {confirmed: true, reason: reason.value.trim(), ...given.more});
      dialog.close();
      done(`取り消しました。${given.word}`, given.word);
    } catch (error) {
      heedDoing(error);
      say(at('take-back-said'), japanese(error.message), true);
      if (!dialog.open) dialog.showModal();
    } finally {
      delete form.dataset.asking;
    }
  });
};
