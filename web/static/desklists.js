// The lists of the desk: rooms, what was asked for, what waits, what is held.
import {at, fill, make, put} from './deskdom.js';
import {names} from './deskmodel.js';
import {
  MEANT_FOR, NEEDS, NEED_STATES, OPENINGS, clock, heldBecause, moment, said, signed,
} from './deskwords.js';

const SHOWN = 12;

const small = (textContent, data) => {
  const made = make('button', {type: 'button', className: 'btn small', textContent});
  Object.assign(made.dataset, data);
  return made;
};

const roomRow = one => {
  const bar = make('span');
  bar.style.width = `${one.capacity ? Math.min(100, (one.persons ?? 0) * 100 / one.capacity) : 0}%`;
  const name = make('th', {scope: 'row'}, one.name);
  const notes = [MEANT_FOR[one.meant_for], one.overflow && '予備の部屋'].filter(Boolean).join('・');
  if (notes) name.append(make('small', {textContent: notes}));
  const bars = make('td', {className: 'm'}, bar);
  const ask = `もう一度押すと ${one.name} を閉じます`;
  if (one.overflow) bars.append(small('閉じる', {close: one.room, ask}));
  const of = one.capacity ? ` ／ ${one.capacity} 人` : ' 人';
  const persons = make('td', {className: 'r', textContent: `${one.persons ?? '—'}${of}`});
  return make('tr', {}, name, persons, bars);
};

// Doors that were opened here and are not sent yet count as open here.
const doors = ({state, figure: now, here}) => {
  const turned = here.filter(row => row.to === 'rooms').map(({body}) => [body.room, body.in_use]);
  const open = new Map(turned);
  return (state?.rooms ?? []).map(one => ({
    ...one, in_use: open.get(one.room) ?? one.in_use, persons: now.rooms.get(one.room) ?? null}));
};

export const rooms = shown => {
  const all = doors(shown);
  const open = all.filter(one => one.in_use);
  const spare = all.filter(one => one.overflow && !one.in_use);
  at('no-rooms').hidden = Boolean(all.length);
  fill(at('rooms'), JSON.stringify(open), () => open.map(roomRow));
  fill(at('spare'), JSON.stringify(spare), () => spare.map(one => {
    const size = one.capacity ? `（${one.capacity}人）` : '';
    const textContent = `${one.name}を開ける${size}`;
    const made = make('button', {type: 'button', className: 'btn', textContent});
    made.dataset.open = one.room;
    return made;
  }));
};

const needRow = (one, now) => {
  const times = [
    ['送信', one.received_at], ['受付', one.answered_at], ['到着の見込み', one.expected_at]];
  const known = times.filter(([, when]) => when)
    .map(([word, when]) => `${word} ${moment(Date.parse(when), now)}`);
  const words = [one.answer, ...known].filter(Boolean).join('　');
  const what = make('b', {textContent: NEEDS[one.kind]});
  const when = make('span', {className: 'age', textContent: `　${words}`});
  const state = NEED_STATES[one.state] ?? one.state;
  return make('li', {}, what, one.words ? `　${one.words}` : '', make('br'), state, when);
};

export const needs = ({state, here, now}) => {
  const own = here.filter(row => row.to === 'needs');
  const queued = own.map(row => ({...row.body, state: 'queued'}));
  const all = [...queued, ...(state?.needs ?? [])].slice(0, 6);
  fill(at('needs'), JSON.stringify(all), () => all.map(one => needRow(one, now)));
};

const why = (row, {sender, now}) => {
  if (sender.net === 'out') return '本部に連絡してください';
  if (row.why) return row.why;
  if (!sender.tries) return '送っています';
  const left = sender.next - Date.now();
  const next = left < 6e4 ? 'まもなくもう一度送ります' : `次は ${clock(now + left)}`;
  return row.tries ? `${row.tries}回送信して失敗。${next}` : `待っています。${next}`;
};

// A row of another place names it.
const line = (row, shown, last) => {
  const {site, places} = shown.queue;
  const rooms = row.site === site ? shown.rooms : names(places.get(row.site)?.state);
  const what = make('td', {}, make('b', {textContent: said(row, rooms)}));
  if (row.site !== site) what.prepend(`${row.place || row.site}：`);
  return make('tr', {},
    make('td', {textContent: moment(row.made + shown.offset, shown.now)}), what, last);
};

const waitingRow = (row, shown) => (
  line(row, shown, make('td', {className: 'age', textContent: why(row, shown)})));

// What was said of doors too long ago is not sent again: it is pressed again.
const refusedRow = (row, shown) => {
  const last = make('td', {}, make('span', {className: 'age', textContent: row.why}));
  if (!row.late) last.append(small('もう一度送る', {send: row.id}));
  last.append(small('消す', {drop: row.id, ask: 'もう一度押すと消します'}));
  return line(row, shown, last);
};

export const queue = shown => {
  const {waits, refused, sender, superseded} = shown;
  const newest = [...waits].reverse().slice(0, SHOWN);
  put(at('waits'), `未送信 ${waits.length}件`);
  put(at('all-sent'), waits.length ? '' : 'すべて市に届いています。');
  at('now').hidden = !waits.length || !sender.tries;
  const key = JSON.stringify([newest.map(row => [row.id, why(row, shown)]), shown.rooms.size]);
  fill(at('waiting'), key, () => newest.map(row => waitingRow(row, shown)));
  put(at('superseded'), superseded ? `${superseded}件は、あとで数え直した人がいるため、人数に入れていません（記録には残ります）。` : '');
  put(at('more'), waits.length > SHOWN ? `ほか ${waits.length - SHOWN}件も待っています。` : '');
  at('refusals').hidden = !refused.length;
  fill(at('refused'), JSON.stringify(refused.map(row => [row.id, row.why])), () => (
    refused.map(row => refusedRow(row, shown))));
};

export const held = ({state, now}) => {
  const all = state?.held ?? [];
  at('holds').hidden = !all.length;
  fill(at('held'), JSON.stringify(all), () => all.map(one => {
    const [why, what] = heldBecause(one.flags);
    const count = one.kind === 'change' ? signed(one.persons) : `${one.persons}人`;
    return make('tr', {},
      make('td', {textContent: moment(Date.parse(one.counted_at), now)}),
      make('td', {}, make('b', {textContent: count})),
      make('td', {className: 'age', textContent: `${why}。${what}`}));
  }));
};

export const opening = ({state, here}) => {
  const said = here.findLast(row => row.to === 'opening')?.body.opening ?? state?.opening;
  at('say-full').hidden = !['open', 'unconfirmed'].includes(said);
  at('say-open').hidden = !['full', 'unconfirmed', 'unopened', 'preparing'].includes(said);
  put(at('opening-now'), said ? `いまの状態：${OPENINGS[said]}` : '');
};
