// The field page's words.
import {at} from './deskdom.js';
import {ago, clock} from './deskwords.js';
import {sizeOf} from './fieldarea.js';

const page = at('field').dataset;
const {kinds, states, mission} = JSON.parse(page.words);
const DEPTHS = {ankle: '足首', knee: 'ひざ', waist: '腰より上', flowing: '流れあり'};
export const STEPS = {check_in: '無事です', recall_confirmed: '撤収します', returned: '戻りました'};
export const SURE_M = Number(page.sure);
const STREET_M = Number(page.street);
export const MOST_STREETS = Number(page.streets);

export const MISSION_WORDS = mission;
export const kindWords = kind => kinds[kind] ?? kind;
export const stateWords = state => states[state] ?? state;

export const NO_DISK = 'この端末に保存できません（プライベートモードか、空きがありません）。'
  + '送り終わるまで、この画面を閉じないでください。急ぐときは無線か電話で本部に知らせてください。';
export const NO_ROOM = '空きが足りず、元の写真をこの端末に保存できません。報告と小さい写真は保存しました。'
  + '写真を送り終わるまで、この画面を閉じないでください。';
export const KEPT = 'この端末に保存しました。つながると自動で送ります。';

export const sizeWords = bytes => (
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

// What a report says, in short.
export const reportWords = ({kind, depth, note}) => [kindWords(kind), DEPTHS[depth], note].filter(Boolean).join('・');

export const OPEN = '区域をまだ囲み終わっていません。';

// What was drawn, in short; '' of a point.
const shapeWords = ({type, coordinates}) => ({
  LineString: () => `地図に描いた線（${coordinates.length}点）`,
  Polygon: () => `地図で囲んだ区域（角${coordinates[0].length - 1}つ・${sizeOf({coordinates})}）`,
}[type]?.() ?? '');

// What else goes with a report: what was drawn, and its link.
export const besideWords = ({where, link}) => [where && shapeWords(where), link && `リンク ${link}`].filter(Boolean);

// Where it is, how surely, how old.
export const placeWords = (place, name, offset, gpsWords) => {
  const near = name ? `　${name}の近く` : '';
  if (place.own) {
    const {where, error} = place.own;
    if (!where) return OPEN;
    return `${shapeWords(where) || `地図で選んだ場所　誤差 ±${error} m`}${near}`;
  }
  if (!place.gps) return gpsWords[place.state];
  const [now, then] = [Date.now() + offset, place.gps.at + offset];
  const age = now - then < 6e4 ? '' : `（${ago(then, now)}${place.isOld ? '・古い' : ''}）`;
  return `誤差 ±${place.error} m　GPS ${clock(then)}${age}${near}`;
};

const MISSING = {
  photo: '写真をとる',
  error: `誤差を ${SURE_M} m以内にする（空の見える所で待つか、「地図で直す」）`,
};

const allOf = streets => `囲んだ区域にかかる道${streets === null ? '' : `（およそ${streets}本）`}をすべて、`;
const tooMany = streets => `区域が広すぎます。道がおよそ${streets}本以上かかり、このままでは本部に届いても使われません。`;
const UNCOUNTED = `道が${MOST_STREETS}本を超えると使われません（この端末では、いま数えられません）。`;
const NO_STREET = '道を指していません。本部が道を選ぶまで、道は止まりません。';
const TOUCH = '道を止めるには、その道にかかるように囲み直してください。';
const SMALLER = `道が${MOST_STREETS}本までになるように囲み直すか、広い水の範囲は本部に無線か電話で知らせてください。`;

// What sending would do: {stops, words, more}.
export const effectOf = ({shuts, photo, error, isKnown, kind, isArea, streets, isOpen}) => {
  if (isOpen) return {stops: false, words: OPEN, more: ''};
  if (!kind) return {stops: false, words: '何が起きているかを選んでください。', more: ''};
  if (!shuts) {
    const rescue = kind === 'rescue' ? '命の危険があるときは、先に 119 へ電話してください。' : '';
    return {stops: false, words: `本部に届きます。道は止まりません。${rescue}`, more: ''};
  }
  if (streets === 0) return {stops: false, words: NO_STREET, more: TOUCH};
  const uncounted = isArea && streets === null ? UNCOUNTED : '';
  const isSure = error !== null && error <= SURE_M;
  if (streets > MOST_STREETS) return {stops: false, words: tooMany(streets), more: SMALLER};
  if (isKnown && photo && isSure) {
    return {stops: true, words: `届いた瞬間に、${isArea ? allOf(streets) : 'この道を'}全員の案内から外します。${uncounted}`, more: '開けられるのは本部だけです。'};
  }
  const words = '未確認として本部に届きます。道は止まりません。';
  if (!isKnown) return {stops: false, words, more: '電話で聞いたことは、写真があっても道を止めません。'};
  const missing = [!photo && MISSING.photo, !isSure && MISSING.error].filter(Boolean).join('、');
  const other = error !== null && error <= STREET_M ? '。ほかの班も同じ道を報告していると、写真がなくても止まります。' : '。';
  return {stops: false, words, more: `道を止めるには：${missing}${other}${uncounted}`};
};
