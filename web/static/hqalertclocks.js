/* When each way begins for whoever did not answer on the one before: planned from the approval, and
   what is known of it. No figure is made up: what nobody told is said to be unknown. */

import {at, fill, make} from './deskdom.js';
import {now} from './staff.js';
import {root, time, word, words} from './hqalertsay.js';
import {isLate, isTelling} from './doorlists.js';

const STEPS = JSON.parse(root.dataset.steps);
const RANKS = JSON.parse(root.dataset.ranks);

const dueOf = (one, rank) => new Date(Date.parse(one.decided_at) + rank * STEPS[one.level ?? 'none'] * 6e4).toISOString();
const isDown = states => states.some(one => (one.tested_at || one.gone) && !one.works) && !states.some(one => one.works);

/* [words, kind] of a way; its rows are counted by the server. */
const stateOf = (one, rows, due) => {
  if (!rows) return one.state === 'approved' ? ['宛先を作っています', ''] : ['宛先なし', 'done'];
  const waits = rows.queued + rows.in_flight;
  if (!waits) return ['済', 'done'];
  if (one.stopped_at) return ['止めました', 'done'];
  if (one.state === 'sent' || Date.parse(one.expires_at) <= now()) return ['期限で終わり', 'done'];
  return Date.parse(due) > now() ? ['待ち', 'waits'] : ['送っています', 'now'];
};

const before = rank => Object.keys(words.channel).filter(name => RANKS[name] < rank).map(name => word('channel', name)).join('・');

const way = (one, channel, channels) => {
  const rank = RANKS[channel];
  const due = dueOf(one, rank);
  const rows = one.progress.find(found => found.channel === channel);
  const down = isDown(channels.filter(found => found.channel === channel));
  const [state, kind] = stateOf(one, rows, due);
  const comes = Date.parse(due) > now();
  const atOnce = due === dueOf(one, 0);
  return {
    name: word('channel', channel), state, down: down && kind !== 'done', kind: down && kind !== 'done' ? 'down' : kind,
    due: rows && (!comes || kind === 'waits') ? due : null, comes, means: atOnce ? '承認の直後から' : `${before(rank)}で確認のない人へ`,
  };
};

const tile = shown => make('li', {className: `way ${shown.kind}`}, make('b', {textContent: shown.name}),
  ...(shown.due ? [time(shown.due, '', shown.comes)] : []), make('span', {className: 'waystate', textContent: shown.state}),
  ...(shown.down ? [make('span', {className: 'warned', textContent: '不通'})] : []), make('small', {textContent: shown.means}));

const voice = one => ({name: '音声電話', due: null, kind: '', state: '人が掛ける', means: one.level === 5 ? '避難の道は読みません' : '時刻は決まっていません'});

const doors = (one, found) => {
  const base = {name: '戸別', due: null, kind: ''};
  const lists = found?.lists ?? [];
  const out = lists.filter(list => list.handed_at && !list.back_at);
  const late = out.filter(isLate).length;
  const telling = out.filter(isTelling).length;
  const means = late ? `帰着の確認なし ${late}` : telling ? `終わった文を伝えている ${telling}` : '撤収時刻は下の一覧';
  if (out.length) return {...base, kind: late || telling ? 'down' : 'now', state: `${out.length}班が外`, means};
  if (one.level === 5) return {...base, state: 'だれも出さない', means: '警戒レベル5'};
  if (!found) return {...base, state: '分かりません', means: '一覧を読めていません'};
  const waiting = lists.filter(list => !list.handed_at).length;
  if (waiting) return {...base, kind: 'waits', state: `一覧 ${waiting}枚`, means: '班に渡していません'};
  return {...base, state: lists.length ? '全班が帰着' : '一覧なし', kind: lists.length ? 'done' : '', means: lists.length ? '' : '人が始めます'};
};

/* `found`: the door lists, null where none were read. */
export const drawClocks = (one, found, channels, shows) => {
  at('ways').hidden = !shows;
  if (!shows) return;
  const all = [...Object.keys(words.channel).map(channel => way(one, channel, channels)), voice(one),
    ...(one.kind === 'evacuation' ? [doors(one, found)] : [])];
  fill(at('way-list'), JSON.stringify(all), () => all.map(tile));
};
