/* Renderings of one record: what each medium carries, with a button to copy its words. */

import {at, fill, make, put} from './deskdom.js';
import {cardOf, textsOf} from './hqalertflex.js';
import {edition, japanese, number, table, word, words} from './hqalertsay.js';

const FIRST = 70;

const copied = async (text, button) => {
  const area = make('textarea', {value: text, className: 'hide', ariaHidden: 'true'});
  try {
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else {
      // Only where the page comes by https is there a clipboard.
      button.after(area);
      area.select();
      document.execCommand('copy');
    }
    button.textContent = '写しました';
  } catch {
    button.textContent = '写せません。選んでコピーしてください';
  } finally {
    area.remove();
  }
};

const article = (name, more, text, ...parts) => {
  const button = make('button', {type: 'button', className: 'btn small noprint', textContent: '写す'});
  button.setAttribute('aria-label', `${name}の文を写す`);
  button.addEventListener('click', () => copied(text, button));
  return make('article', {className: 'medium'},
    make('div', {className: 'head'}, make('h3', {textContent: name}), make('span', {className: 'kind', textContent: more}), button), ...parts);
};

const lines = (text, language) => make('div', {className: 'paper', lang: language}, ...text.split('\n').map(one => make('p', {textContent: one})));

const line = (messages, language, name) => {
  const found = messages.line?.[language];
  if (!found) return null;
  const text = found.messages.flatMap(textsOf).join('\n');
  return article(name, '', text, make('div', {className: 'talk'}, ...found.messages.map(one => cardOf(one, language))));
};

/* What a phone shows first must hold the area and what to do. */
const sms = (messages, language, name) => {
  const found = messages.sms?.[language];
  if (!found) return null;
  const letters = [...found.text];
  const shown = make('p', {className: 'paper sms', lang: language});
  if (language === 'en') shown.textContent = found.text;
  else shown.append(make('mark', {textContent: letters.slice(0, FIRST).join('')}), letters.slice(FIRST).join(''));
  const note = language === 'en' ? '' : `印は最初の${FIRST}字。`;
  return article(name, `${number(letters.length)}字・${found.parts}通分。${note}`, found.text, shown);
};

const spoken = segments => segments.map(([text, kana]) => (kana
  ? make('ruby', {}, text, make('rt', {textContent: kana})) : document.createTextNode(text)));
const plain = segments => segments.map(([text]) => text).join('');

const loudspeaker = (messages, name) => {
  const found = messages.loudspeaker?.ja;
  if (!found) return null;
  const call = {segments: found.call, again: true};
  const said = [found.head, call, ...found.sentences, found.tail].filter(Boolean);
  const rows = said.map(one => make('tr', {}, make('td', {}, ...spoken(one.segments), ...(one.again ? ['（くり返し）'] : [])),
    make('td', {className: 'num', textContent: one.morae ? number(one.morae) : ''}),
    make('td', {className: 'num', textContent: one.seconds ? one.seconds.toFixed(1) : ''})));
  const seconds = said.reduce((sum, one) => sum + (one.seconds ?? 0), 0);
  const text = said.map(one => plain(one.segments)).join('\n');
  return article(name, `読む文 およそ${Math.ceil(seconds)}秒・${plain(found.callsign)}`, text,
    table(name, ['読む文', 'モーラ', '秒'], rows));
};

const titled = (found, language, name, more) => {
  const text = [found.title ?? found.subject, found.text ?? (found.paragraphs ?? []).join('\n')].filter(Boolean).join('\n');
  return article(name, more, text, lines(text, language));
};

const all = (messages, medium) => Object.entries(messages[medium] ?? {})
  .map(([language, found]) => titled(found, language, `${word('medium', medium)}（${word('language', language)}）`, ''));

const refused = rendered => rendered.refused.filter(one => one.medium)
  .map(one => make('p', {className: 'note warn', textContent: `${word('medium', one.medium)}は作れません：${japanese(one.why)}`}));

const more = (summary, parts) => (parts.length ? [make('details', {}, make('summary', {textContent: summary}), ...parts)] : []);

const drawn = rendered => {
  const {messages} = rendered;
  const first = [
    line(messages, 'ja', 'LINE'), sms(messages, 'ja', 'SMS'),
    line(messages, 'ja-x-easy', 'LINE（やさしい日本語）'), line(messages, 'en', 'LINE（English）'),
    loudspeaker(messages, word('medium', 'loudspeaker')),
    messages.area_mail?.ja && titled(messages.area_mail.ja, 'ja', '緊急速報メール', rendered.drill ? '訓練では送りません' : '業務端末から手で送ります'),
  ].filter(Boolean);
  const others = [
    ...['ja-x-easy', 'en'].map(language => sms(messages, language, `SMS（${word('language', language)}）`)),
    ...['mail', 'web', 'social', 'television'].flatMap(medium => all(messages, medium)),
  ].filter(Boolean);
  return [...refused(rendered), make('div', {className: 'media'}, ...first),
    ...more(`ほかの経路と言語 ${others.length}（メール・市のページ・X・Facebook・テレビの字幕）`, [make('div', {className: 'media'}, ...others)])];
};

export const drawWords = whole => {
  const {rendered} = whole;
  at('rendered').hidden = !rendered;
  if (!rendered) return;
  put(at('rendered-at'), `${edition(whole)}・${words.state[whole.state]}`);
  fill(at('renderings'), JSON.stringify([whole.number, rendered]), () => drawn(rendered));
};
