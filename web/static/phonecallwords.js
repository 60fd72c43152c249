/* The words of one alert as they are read, or why they are not read to anybody. */

import {get, clockText, now} from './staff.js';
import {at, make, put} from './deskdom.js';

const desk = at('desk');
const {zone} = desk.dataset;
const words = JSON.parse(desk.dataset.words);

let script = null;
let asked = '';
let refusal = '';

export const stepText = line => line.step === 'issue' ? '' : `　${words.steps[line.step]}`;

/* What ends an alert says so, in the place of its level: nobody acts on a level that is over. */
export const endText = line => ({all_clear: '解除', cancel: '取消'})[line.step] ?? '';

/* The colour of a level is of live alerts in force alone. */
export const tone = line => line.drill ? 'ofdrill' : endText(line) ? 'ofend' : `lv${line.level ?? 0}`;

const levelText = line => {
  if (line.level === null) return words.kinds[line.kind];
  const hazard = words.hazards[line.hazard] ?? '';
  if (endText(line)) return `${hazard}　${words.levels[line.level]}（警戒レベル${line.level}）`;
  return `${hazard}　警戒レベル${line.level} ${words.levels[line.level]}`;
};

export const areaText = line => line.whole_city ? '市内全域' : line.area_names.join('、');

/* Why nothing of it is read now; empty where it is. It expires here, also without the network.
   Level 5 comes first: it stops what is lower, and whoever calls must know why. */
export const whyOver = line => {
  if (line.silenced) return 'この区域には警戒レベル5が出ています。この文は読まないでください。一覧のレベル5の文を読みます。なければ本部に頼み、電話中の人には「電話受付」の画面でその家の答えを読んでください。';
  if (line.state === 'stopped') return `この配信は ${clockText(line.stopped_at, zone)} に止められました。もう読まないでください。読み終えた相手だけ、下で記録できます。`;
  if (line.state === 'expired' || now() >= Date.parse(line.expires_at)) return `この配信は ${clockText(line.expires_at, zone)} に期限が切れました。もう読まないでください。本部に続報を確かめてください。読み終えた相手だけ、下で記録できます。`;
  return '';
};

const segment = ([text, kana]) => {
  if (!kana || kana === text) return text;
  return make('ruby', {}, text, make('rt', {textContent: kana}));
};

const drawText = line => {
  const box = at('text');
  const key = `${script.number}:${script.language}`;
  if (box.dataset.key === key) return;
  box.dataset.key = key;
  box.lang = script.language === 'en' ? 'en' : 'ja';
  box.replaceChildren(...script.lines.map(one => make('li', {}, ...one.map(segment))));
  const long = script.too_long ? '　長い文です。最後まで読んでください。' : '';
  const drill = line.drill ? '（「訓練」と言う時間は別）' : '';
  const kana = script.language === 'ja-x-easy' ? '　（　）の中は、前の漢字の読みです。' : '';
  put(at('pace'), `第${script.revision}版　読み上げ 約${Math.round(script.seconds)}秒${drill}${kana}${long}`);
};

const drawFive = line => {
  const isHidden = !line.level_5.length || line.silenced;
  at('five').hidden = isHidden;
  if (!isHidden) put(at('five'), `警戒レベル5が出ている所があります：${line.level_5.join('、')}。先に住まいの町を聞き、そこの人にはこの文を読まず、レベル5の文を読んでください。`);
};

const hideWords = () => {
  at('told').hidden = true;
  at('text').replaceChildren();
  delete at('text').dataset.key;
};

export const forgetWords = () => {
  script = null;
  asked = refusal = '';
  hideWords();
};

/* What there is of the chosen line now: words only of the revision that is told now. */
export const drawWords = (line, language) => {
  const over = whyOver(line);
  const own = script?.number === line.number && script.language === language ? script : null;
  at('over').hidden = !over;
  if (over) put(at('over'), over);
  drawFive(line);
  at('drill').hidden = !line.drill;
  at('level').className = `level ${tone(line)}`;
  const end = endText(line);
  put(at('level'), `${line.drill ? '訓練　' : ''}${end ? `${end}　` : ''}${levelText(line)}${end ? '' : stepText(line)}　${areaText(line)}　${clockText(line.expires_at, zone)} まで`);
  at('trouble').hidden = Boolean(over || own || !refusal);
  if (refusal) put(at('trouble'), refusal);
  if (over || !own) {
    hideWords();
    return;
  }
  at('told').hidden = false;
  drawText(line);
};

const languageMissing = (line, language) =>
  line.languages.includes(language) ? '' : `${words.languages[language]}の文はありません（確認の済んだ訳や読みがありません）。ほかの言葉で読むか、本部に頼んでください。`;

/* Asks for the words that are wanted and not there yet; throws where nobody is signed in. */
export const askWords = async (line, language) => {
  const wanted = `${line.alert}:${line.number}:${language}`;
  if (whyOver(line) || (script?.number === line.number && script.language === language)) return;
  refusal = languageMissing(line, language);
  if (refusal || asked === wanted) return;
  asked = wanted;
  try {
    const found = await get(`/api/v1/phone/alerts/${line.alert}/voice?language=${language}`);
    if (asked === wanted) script = found;
  } catch (error) {
    if (error.status === 401) throw error;
    if (asked === wanted) refusal = error.status ? error.message : 'サーバーにつながらず、読む文を取れません。つながり次第、出します。';
  } finally {
    if (asked === wanted) asked = '';
  }
};
