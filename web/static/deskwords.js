// The desk's words, and times as they are said.
export const BANDS = {room: '空いています', some: 'やや混雑', crowded: '混雑', full: '満'};
export const OPENINGS = {
  unconfirmed: '開設（市の計画。まだ確かめていません）', unopened: '未開設', preparing: '開設準備',
  open: '開設中', full: '満員', closed: '閉鎖', endangered: '危険・孤立',
};
export const NEEDS = {ambulance: '救急車', supplies: '物資', danger: 'ここが危険', staff: '人手'};
export const NEED_STATES = {
  queued: 'まだ送っていません', sent: '市に届きました', accepted: '市が受け付けました',
  done: '終わりました', refused: '市は応じられません',
};
export const MEANT_FOR = {
  care: '高齢・車いす', women: '女性', baby: '乳幼児', fever: '発熱', pets: 'ペット同伴',
};
const FLAGS = {
  negative: ['人数が 0 より少なくなります', '数え直して「数え直す」に入れてください。'],
  ten_times: ['定員の10倍を超えています', '正しければ「数え直す」にもう一度入れ、「まちがいない」を押してください。'],
  future: ['これから先の時刻です', 'この端末の時計を直し、数え直してください。'],
  clock: ['端末の時計が合っていません', 'この端末の時計を直し、数え直してください。'],
  late: ['ずいぶん前の数です', 'いまの人数を「数え直す」に入れてください。'],
};

export const signed = persons => (persons < 0 ? `−${-persons}` : `＋${persons}`);

let parts = new Intl.DateTimeFormat('ja-JP');

// Times are those of the city, wherever the tablet believes to be.
export const useZone = timeZone => {
  const asked = {month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric'};
  parts = new Intl.DateTimeFormat('en-US', {...asked, timeZone, hourCycle: 'h23'});
};

export const wall = ms => Object.fromEntries(
  parts.formatToParts(ms).map(({type, value}) => [type, Number(value)]));

export const clock = ms => {
  const {hour, minute} = wall(ms);
  return `${hour}:${String(minute).padStart(2, '0')}`;
};

export const moment = (ms, now) => {
  const {month, day} = wall(ms);
  const today = wall(now);
  return month === today.month && day === today.day ? clock(ms) : `${month}月${day}日 ${clock(ms)}`;
};

// The newest moment at which a clock on the wall read that, now where it is a little ahead of ours;
// null where no clock does.
export const momentOf = (text, now) => {
  const found = /^(\d{1,2}):(\d{2})$/.exec(text.normalize('NFKC').trim());
  if (!found || found[1] > 23 || found[2] > 59) return null;
  const {hour, minute} = wall(now);
  const minutes = (found[1] - hour) * 60 + (found[2] - minute);
  const at = Math.floor(now / 6e4) * 6e4 + minutes * 6e4;
  return at > now + 6e4 ? at - 864e5 : Math.min(at, now);
};

export const span = ms => {
  const minutes = Math.floor(Math.abs(ms) / 6e4);
  const hours = Math.floor(minutes / 60);
  if (hours >= 24) return `${Math.floor(hours / 24)}日`;
  if (hours) return minutes % 60 ? `${hours}時間${minutes % 60}分` : `${hours}時間`;
  return `${minutes}分`;
};

const CLOCKS_DIFFER = 2 * 60e3;

// That this device's clock is off (ms behind the city's), '' where it is not by much.
export const clockWords = offset => (Math.abs(offset) <= CLOCKS_DIFFER ? ''
  : `この端末の時計は、市の時計より ${span(offset)}${offset > 0 ? '遅れて' : '進んで'}います。この画面の時刻は市の時計です。そのまま送れます。`);

export const ago = (ms, now) => (now - ms < 6e4 ? 'たったいま' : `${span(now - ms)}前`);

const place = (body, rooms) => (body.room ? `${rooms.get(body.room) ?? body.room} ` : '');

export const said = ({to, body}, rooms) => {
  if (to === 'needs') return `${NEEDS[body.kind]}${body.words ? `：${body.words}` : ''}`;
  if (to === 'rooms') return `${rooms.get(body.room) ?? body.room}を${body.in_use ? '開ける' : '閉じる'}`;
  if (to === 'opening') return body.opening === 'full' ? '満員にする' : '開設にする';
  const where = place(body, rooms);
  if (body.undoes) return `${where}${signed(-body.persons)} を取り消す`;
  if (body.kind === 'still') return `${where}変わりなし ${body.persons}人`;
  const how = {tally: '紙の集計', qr: 'コード'}[body.via] ?? '';
  if (body.kind === 'total') return `${where}${how || '数え直し'} ${body.persons}人`;
  return `${where}${how && `${how} `}${signed(body.persons)}`;
};

// What became of a scanned code: `isOld` where it was scanned before. A first sending that the city
// knows already was counted by another tablet.
export const codeSaid = ({status, result, tries, why, body: {persons}}, isOld) => {
  if (status === 'refused') return why;
  if (result === 'held') return `まだ入っていません。${heldBecause([])[0]}。`;
  if (isOld || (result === 'known' && tries === 1)) return 'このコードは受付ずみです。';
  return status === 'queued' ? `${persons}人 数えました（未送信）。` : `${persons}人 入りました。`;
};

// Why a count is held, and what to do: two sentences.
export const heldBecause = flags => {
  const known = flags.filter(flag => flag in FLAGS);
  if (!known.length) return ['本部が確かめています', '本部に連絡してください。'];
  const why = known.map(flag => FLAGS[flag][0]).join('、');
  return [why, FLAGS[known[0]][1]];
};

// What the server says in two languages, in the one of staff.
export const japanese = text => text.replace(/（[^（）\u3040-\u30ff\u4e00-\u9fff]*[A-Za-z][^（）\u3040-\u30ff\u4e00-\u9fff]*）/gu, '');
