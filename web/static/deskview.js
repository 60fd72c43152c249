// Puts what the desk knows onto its page. Nothing is remembered here.
import {
  THRESHOLDS, bandOf, confirmed, figureOf, isUnknown, known, names, undoable,
} from './deskmodel.js';
import {at, fill, make, put} from './deskdom.js';
import {held, needs, opening, queue, rooms} from './desklists.js';
import {DONE, REFUSED, waiting} from './queue.js';
import {BANDS, OPENINGS, ago, clock, clockWords, moment, signed} from './deskwords.js';

const VIAS = {clicker: '係員', tally: '紙の集計', qr: 'コード', phone: '電話'};

const wasSuperseded = row => (
  row.to === 'counts' && row.status === DONE && row.result === 'superseded'
    && Date.now() - row.done < 10 * 60e3);

// All that the page shows, from the queue, the sender and the moment. `waits` and `refused` are those
// of every place, `here` what waits of this one.
export const picture = (queue, sender, room) => {
  const {state = null, offset = 0, got = null} = queue.seen ?? {};
  const now = Date.now() + offset;
  const figure = figureOf(state, queue.rows, offset);
  const last = confirmed(state, queue.rows, offset);
  const here = waiting(queue.rows);
  const own = here.filter(row => row.to === 'counts');
  const limits = state?.thresholds ?? THRESHOLDS;
  const city = own.length ? null : state?.raw_band;
  const reckoned = city ?? bandOf(figure.persons, known(state).capacity, limits);
  const band = isUnknown(state, last, now) ? null : reckoned;
  return {
    queue, sender, state, offset, got, now, figure, last, band, limits, room,
    own: own.length,
    here,
    waits: waiting(queue.all),
    refused: queue.all.filter(row => row.status === REFUSED),
    superseded: queue.rows.filter(wasSuperseded).length,
    undo: undoable(queue.rows, Date.now()),
    rooms: names(state),
  };
};

const head = ({now, state}) => {
  put(at('clock'), clock(now));
  put(at('opening'), state ? OPENINGS[state.opening] : '');
};

const NETS = {
  on: ['市とつながっています', ''],
  off: ['圏外', 'この端末に保存しました。つながると自動で送ります。数え続けてください。'],
  ill: ['市につながりません', 'この端末に保存しました。つながると自動で送ります。数え続けてください。'],
  out: ['この端末は使えなくなっています', '数はこの端末に残っています。本部に連絡してください。数え続けてください。'],
};

const net = ({sender, waits, got, now, queue}) => {
  const [word, more] = NETS[sender.net];
  const kept = queue.durable ? more : more.replace('この端末に保存しました。', '');
  const isOld = got !== null && sender.net !== 'on' && now - got > 6e4;
  const old = isOld ? `市から届いた最後の知らせは ${ago(got, now)}です。` : '';
  at('net').className = `net ${sender.net}`;
  put(at('net-word'), `${word}　未送信 ${waits.length}件`);
  put(at('net-more'), [kept, old].join(''));
};

const NO_DISK = 'この端末に保存できません（プライベートモードか、空きがありません）。'
  + 'この画面を閉じると、未送信の数が消えます。紙にも書くか、別の端末を使ってください。';
const URGENT = ['danger', 'ambulance'];

// What somebody must know at once, worst first.
const alarms = ({queue, sender, offset, state, figure, waits}) => {
  const isUrgent = row => row.to === 'needs' && URGENT.includes(row.body.kind);
  const {net, why} = sender;
  const said = [
    [net !== 'on' && waits.some(isUrgent), '急ぎの知らせが、まだ市に届いていません。電話でも本部に知らせてください。'],
    [!queue.durable, NO_DISK],
    [net === 'out', 'サインインが切れたか、本部がこの端末を止めました。本部に連絡してください。職員は下の「サインイン」から入り直せます。'],
    [net === 'ill' && why, why],
    [clockWords(offset), clockWords(offset)],
    [state?.opening === 'endangered', 'ここは「危険・孤立」と知らせてあります。開設に戻せるのは本部だけです。'],
    [state?.opening === 'closed', 'ここは閉鎖されています。人が来ていたら、本部に連絡してください。'],
    [figure.persons < 0 || state?.below_zero, '人数が 0 より少なくなりました。中にいる人を数え、「数え直す」に入れてください。'],
  ].filter(([holds]) => holds).map(([, words]) => words);
  fill(at('alarms'), said.join(), () => (
    said.map(textContent => make('p', {className: 'note stop', textContent}))));
  at('signin').hidden = sender.net !== 'out';
};

const rest = ({figure, state}) => {
  const {capacity} = known(state);
  if (!capacity) return '定員は分かりません';
  if (figure.persons === null) return `定員 ${capacity} 人`;
  const left = capacity - Math.max(0, figure.persons);
  return `定員 ${capacity} 人　${left >= 0 ? `あと ${left} 人` : `定員を ${-left} 人こえています`}`;
};

const by = ({last, own, state}, who) => {
  if (last.own) return `${who}・未送信`;
  return [state.raw_counted_by ?? VIAS[state.via], own ? '' : '市に届いています'].filter(Boolean).join('・');
};

const figure = (shown, who) => {
  const {figure: now, state, last, band, limits} = shown;
  const {capacity, persons, at: counted} = known(state);
  put(at('persons'), now.persons === null ? '—' : String(Math.max(0, now.persons)));
  put(at('capacity'), rest(shown));
  at('band').dataset.band = band ?? 'unknown';
  put(at('band-word'), band ? BANDS[band] : '不明');
  const share = capacity ? Math.max(0, now.persons ?? 0) / capacity : 0;
  at('gauge').hidden = at('gauge-words').hidden = !capacity;
  at('gauge').firstElementChild.style.width = `${Math.min(100, share * 100)}%`;
  for (const name of ['some', 'crowded']) {
    at(`line-${name}`).style.left = at(`word-${name}`).style.left = `${limits[name] * 100}%`;
    put(at(`word-${name}`), `${Math.round(limits[name] * 100)}%`);
  }
  const when = ms => moment(ms, shown.now);
  put(at('last'), last ? `最後の確認 ${when(last.at)}（${ago(last.at, shown.now)}）・${by(shown, who)}`
    : 'まだだれも数えていません。「数え直す」に、いまの人数を入れてください。');
  put(at('city'), counted === null ? '市に届いている数はありません'
    : `市に届いている数 ${persons} 人（${when(counted)}・${ago(counted, shown.now)}）`);
  at('old').hidden = Boolean(band) || !last || !capacity;
};

const chip = (value, name, room) => {
  const input = make('input', {type: 'radio', name: 'room', value, checked: value === room});
  return make('label', {className: 'chip'}, input, make('span', {textContent: name}));
};

const undoWords = (undo, rooms) => {
  if (!undo) return '取り消せるものはありません';
  const where = undo.body.room ? `${rooms.get(undo.body.room) ?? ''} ` : '';
  return `直前の ${where}${signed(undo.body.persons)} を取り消す`;
};

const pad = ({figure: {persons}, undo, rooms, state, room}) => {
  const now = Math.max(0, persons ?? 0);
  put(at('still'), persons === null ? '変わりなし' : `変わりなし（いまも ${now} 人）`);
  at('still').disabled = persons === null;
  put(at('undo'), undoWords(undo, rooms));
  at('undo').disabled = !undo;
  put(at('recount-what'), room ? `「${rooms.get(room) ?? ''}」にいる人だけを数え、その人数を入れてください。`
    : '中にいる人を全員数え、その人数を入れてください。');
  const open = (state?.rooms ?? []).filter(one => one.in_use);
  at('where').hidden = !open.length;
  const options = [['', '全体'], ...open.map(one => [one.room, one.name])];
  fill(at('where-rooms'), options.join(), () => (
    options.map(([value, name]) => chip(value, name, room))));
};

export const show = (shown, who) => {
  [head, net, alarms, pad, rooms, needs, queue, held, opening].forEach(part => part(shown));
  figure(shown, who);
};
