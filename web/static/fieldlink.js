// A link to a stream or a film: as the city takes it, or why it does not.
import {at} from './deskdom.js';

const allowed = new RegExp(at('field').dataset.link);
const LONGEST = 499;
const NO_LINK = 'このリンクは形が正しくありません。「共有」か「コピー」で取ったものを、そのまま貼ってください。';
const NO_HOST = 'このリンクは開けません。https:// のあとの行き先（サーバーの名前や番号）が正しくありません。'
  + '「共有」か「コピー」で取ったものを、そのまま貼ってください。';
const canParse = link => {
  try {
    return Boolean(new URL(link));
  } catch {
    return false;
  }
};
const WRONG = [
  [link => !/^https:\/\//.test(link), 'このリンクは送れません。https:// で始まるものだけです（http:// や rtsp:// は不可）。'],
  [link => /\s/.test(link), 'リンクの中に空白か改行があります。リンクだけを貼ってください。'],
  [link => /^https:\/\/[^/]*@/.test(link), '名前やパスワード（@）の入ったリンクは送れません。@ のないものを貼ってください。'],
  [link => link.length > LONGEST, `リンクが長すぎます（${LONGEST}文字まで）。「共有」で短いリンクを作って貼ってください。`],
  [link => !allowed.test(link), NO_LINK],
  [link => !canParse(link), NO_HOST],
];

// A keyboard that begins with a capital means the same.
export const linkIn = text => text.trim().replace(/^https:/i, 'https:');

// '' where it can be sent, or there is none.
export const whyNotLink = link => (link && WRONG.find(([holds]) => holds(link))?.[1]) || '';

// Whether going on typing makes no link of it. Otherwise it is said when the report is sent, not while a
// finger is on the way to a button that would move.
export const isHopeless = link => whyNotLink(link) !== '' && !'https://'.startsWith(link) && ![NO_LINK, NO_HOST].includes(whyNotLink(link));
