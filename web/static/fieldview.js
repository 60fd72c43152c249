// Puts what the field page knows onto it. Nothing is remembered here.
import {at, fill, make, put} from './deskdom.js';
import {clock, clockWords} from './deskwords.js';
import {chosen} from './fieldform.js';
import {lists} from './fieldlists.js';
import {mission, missionOf} from './fieldmission.js';
import {GPS_WORDS} from './fieldplace.js';
import {KEPT, NO_DISK, NO_ROOM, effectOf, placeWords} from './fieldwords.js';
import {REFUSED} from './queue.js';

// All that the page shows, from the queue, the sender, the draft, the place and the moment.
export const picture = (queue, sender, draft, place, isKnown) => {
  const {offset = 0, got = null} = queue.seen ?? {};
  const what = chosen();
  const photo = Boolean(draft.photos.length);
  return {
    queue, sender, draft, place, what, offset, got,
    now: Date.now() + offset,
    unsent: queue.unsent,
    refused: queue.all.filter(row => row.status === REFUSED),
    does: effectOf({
      ...what, photo, error: place.where ? place.error : null, isKnown, isArea: place.isArea, streets: place.streets,
      isOpen: Boolean(place.own?.why)}),
  };
};

const NETS = {off: '圏外', ill: '本部につながりません', out: 'サインインが必要です'};
const SLOW = ['slow-2g', '2g'];

const netWord = ({net, slow}) => {
  if (net !== 'on') return NETS[net];
  return slow || SLOW.includes(navigator.connection?.effectiveType) ? '電波 弱い' : '電波 あり';
};

const net = ({queue, sender, unsent, refused}) => {
  const photos = queue.unsentPhotos.length;
  put(at('unsent'), `未送信 ${unsent.length}件`);
  put(at('unsent-photos'), photos ? `${unsent.length ? '（うち' : '（'}写真 ${photos}枚）` : '');
  put(at('net-word'), netWord(sender));
  const isRecalled = Boolean(missionOf(queue)?.recalled);
  const isClear = sender.net === 'on' && !unsent.length && !photos && !refused.length;
  at('net-recall').hidden = !isRecalled;
  at('net').className = `un${isRecalled || sender.net === 'out' ? ' out' : isClear ? ' clear' : ''}`;
};

// What somebody must know at once, worst first.
const alarms = ({queue, sender, unsent, refused, offset}) => {
  const {net, why} = sender;
  const isUrgent = unsent.some(row => row.body.kind === 'rescue');
  const said = [
    [net !== 'on' && isUrgent, '救助の報告が、まだ本部に届いていません。119 か無線でも知らせてください。'],
    [!queue.durable, NO_DISK],
    [queue.durable && queue.loose.size, NO_ROOM],
    [refused.length, `本部が受け取れない報告が ${refused.length}件あります。下の一覧を見てください。`],
    [net === 'out', 'サインインが切れたか、本部がこの端末を止めました。報告はこの端末に残っています。本部に連絡してください。'],
    [net === 'ill' && why, why],
    [clockWords(offset), clockWords(offset)],
  ].filter(([holds]) => holds).map(([, words]) => words);
  fill(at('alarms'), said.join(), () => said.map(textContent => make('p', {className: 'note stop', textContent})));
  at('signin').hidden = sender.net !== 'out';
};

const does = ({does: {stops, words, more}, sender}) => {
  const late = stops && sender.net !== 'on' ? 'いまは圏外です。つながったときに送り、見た時刻も伝えます。' : '';
  fill(at('does'), words + more + late, () => [
    make('p', {}, make('b', {textContent: words})), ...[more, late].filter(Boolean).map(textContent => make('p', {textContent}))]);
  put(at('send'), stops ? '報告する（道を止める）' : '報告する');
};

const where = ({place, offset}, map) => {
  const words = placeWords(place, map.name, offset, GPS_WORDS);
  put(at('place-said'), words);
  map.svg.setAttribute('aria-label', `報告する場所の地図。${words}${map.isWhole ? '' : '。この地図に出ていない道があります'}`);
};

// For some seconds what was pressed can be taken back; then it is said what the city answered.
const after = ({sender, now}, held, said) => {
  const left = held ? Math.ceil((held.until - Date.now()) / 1e3) : 0;
  at('held').hidden = left <= 0;
  put(at('held-said'), left > 0 ? `${KEPT.replace('つながると', sender.net === 'on' ? 'まもなく' : 'つながると')}` : '');
  put(at('undo'), `取り消す（${left}）`);
  const last = sender.last && sender.last.words ? `${clock(sender.last.got)} ${sender.last.words}` : '';
  const waits = sender.net === 'on' || now - said.at > 6e4 ? '' : KEPT;
  put(at('said'), left > 0 ? '' : said.words || (said.waits && waits) || (said.hides ? '' : last));
};

export const show = (shown, {map, held, said}) => {
  [net, alarms, lists, mission].forEach(part => part(shown));
  shown.draft.show();
  does(shown);
  where(shown, map);
  after(shown, held, said);
};
