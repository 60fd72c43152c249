// The lists of the field page: what waits, what was refused, what became of one's reports.
import {at, fill, make, put} from './deskdom.js';
import {ago, clock, japanese, moment} from './deskwords.js';
import {bySendingOrder, isHeld, isReport, owed} from './fieldqueue.js';
import {STEPS, besideWords, reportWords, sizeWords, stateWords} from './fieldwords.js';
import {REFUSED} from './queue.js';

const SHOWN = 20;
const EFFECTS = {none: '', doubted: '道は止まっていません', suspended: '道を止めています', closed: '通行止め'};

const small = (textContent, data) => {
  const made = make('button', {type: 'button', className: 'btn', textContent});
  Object.assign(made.dataset, data);
  return made;
};

const titleOf = row => (isReport(row) ? reportWords(row.body) : STEPS[row.step] ?? row.step);
const age = textContent => make('p', {className: 'age', textContent});
const beside = row => (isReport(row) ? besideWords(row.body).map(age) : []);
const head = (when, words) => make('p', {}, `${when}　`, make('b', {textContent: words}));

const why = (row, {sender, now}) => {
  if (isHeld(row)) return 'まもなく送ります';
  if (sender.net === 'out') return 'サインインすると送ります';
  if (!sender.tries) return '送っています';
  const left = sender.next - Date.now();
  return left < 6e4 ? 'まもなくもう一度送ります' : `次は ${clock(now + left)}`;
};

const photoLine = photo => {
  if (photo.state === REFUSED) {
    return [age(`元の写真は届きませんでした。${japanese(photo.why)}`), small('分かりました', {seen: photo.id})];
  }
  const words = `元の写真 ${sizeWords(photo.size)}`;
  const label = `${words} ${Math.floor(100 * photo.sent / photo.size)}%`;
  const bar = make('progress', {max: photo.size, value: photo.sent});
  bar.setAttribute('aria-label', words);
  return [age(label), bar];
};

const photosOf = row => (row.photos ?? []).filter(one => one.state === REFUSED || owed(row).includes(one));

const waitingRow = (row, shown) => make('li', {}, head(moment(row.made + shown.offset, shown.now), titleOf(row)), ...beside(row),
  age([why(row, shown), row.photos?.length && `写真 ${row.photos.length}枚`].filter(Boolean).join('　')));

const refusedRow = (row, shown) => make('li', {}, head(moment(row.made + shown.offset, shown.now), titleOf(row)),
  ...beside(row), age(japanese(row.why)), make('div', {className: 'two'}, small('もう一度送る', {send: row.id}),
    small('消す', {drop: row.id, ask: 'もう一度押すと消します'})));

// What the city did not take of a report that it took.
const notTaken = ({noPhoto = '', noMission = ''}) => [
  noPhoto && `写真は使えませんでした。${japanese(noPhoto)}。`, noMission && `${japanese(noMission)}。`].filter(Boolean);

// `row`: what this device still has of it.
const mineRow = (one, row, now) => {
  const words = [
    stateWords(one.state), EFFECTS[one.effect], one.streets.filter(Boolean).join('、'),
    one.set_aside && `使われていません：${japanese(one.set_aside)}`].filter(Boolean).join('　');
  const outcome = one.outcome ? [make('p', {textContent: `本部から：${one.outcome}`})] : [];
  return make('li', {}, head(moment(Date.parse(one.seen_at), now), reportWords(one)), age(words),
    ...notTaken(row).map(textContent => make('p', {textContent})), ...outcome, ...photosOf(row).flatMap(photoLine));
};

// Of what the city has taken and not told yet, its answer.
const told = row => ({
  id: row.id, kind: row.body.kind, depth: row.body.depth, note: row.body.note, seen_at: row.body.at, state: 'reported',
  effect: '', streets: row.streets ?? [], outcome: '', set_aside: '', words: row.words});

export const lists = shown => {
  const {queue, sender, unsent, refused, now} = shown;
  put(at('waits'), `未送信 ${unsent.length}件`);
  const left = queue.unsentPhotos.length;
  put(at('all-sent'), unsent.length ? '' : left ? `報告はすべて本部に届いています。元の写真 ${left}枚を送っています。`
    : 'すべて本部に届いています。');
  at('now').hidden = !unsent.length && !left || !sender.tries;
  const waits = bySendingOrder(unsent);
  fill(at('waiting'), JSON.stringify(waits.map(row => [row.id, why(row, shown)])), () => (
    waits.map(row => waitingRow(row, shown))));
  at('refusals').hidden = !refused.length;
  fill(at('refused'), JSON.stringify(refused.map(row => [row.id, row.why])), () => (
    refused.map(row => refusedRow(row, shown))));
  const {state, got} = queue.seen ?? {};
  const known = new Set((state ?? []).map(one => one.id));
  const fresh = queue.all.filter(row => isReport(row) && row.done && !known.has(row.id)).map(told).reverse();
  const rows = new Map(queue.all.filter(row => isReport(row) && row.done).map(row => [row.id, row]));
  const rowOf = one => rows.get(one.id) ?? {};
  const all = [...fresh, ...(state ?? [])].slice(0, SHOWN);
  put(at('mine-age'), got && sender.net !== 'on' && now - got > 6e4 ? `この一覧は ${ago(got, now)}のものです。` : all.length ? '' : 'まだありません。');
  const key = all.map(one => [one.id, one.state, one.effect, one.outcome, photosOf(rowOf(one)), notTaken(rowOf(one))]);
  fill(at('mine'), JSON.stringify(key), () => all.map(one => mineRow(one, rowOf(one), now)));
};
