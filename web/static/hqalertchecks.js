/* What the linter says: what stops a sending, what to look at, what is well, and what to do. */

import {at, fill, make, put} from './deskdom.js';
import {get} from './staff.js';
import {WORDING, isApprover, japanese, word, words} from './hqalertsay.js';
import {send, twice} from './hqalertsend.js';

const MARKS = {stops: '✕', warns: '!', passes: '✓'};
let wording = null;
let again = () => {};

const pill = (severity, count) => make('span', {className: `pill ${severity}`, textContent: `${word('severity', severity)} ${count}`});

const about = one => [one.medium && word('medium', one.medium), one.language && word('language', one.language)]
  .filter(Boolean).join('・');

export const stopsOf = whole => whole.findings.filter(one => one.severity === 'stops').length;

/* Names whose reading nobody confirmed. */
const unread = whole => {
  const refused = (whole.rendered?.refused ?? []).flatMap(one => one.names);
  const loud = whole.rendered?.messages?.loudspeaker?.ja?.unconfirmed ?? [];
  return [...new Set([...refused, ...loud])];
};

const readingForm = name => {
  const known = wording?.readings.find(one => one.name === name)?.kana ?? '';
  const input = make('input', {name: 'kana', value: known, required: true, maxLength: 60, autocomplete: 'off', lang: 'ja'});
  const output = make('output', {className: 'said'});
  output.setAttribute('aria-live', 'polite');
  const form = make('form', {className: 'line', noValidate: true},
    make('label', {}, `「${name}」の読み（ひらがな） `, input),
    make('button', {className: 'btn', textContent: '確認して登録'}), output);
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const body = {name, kana: input.value.trim()};
    if (await send(output, {url: `${WORDING}/readings`, body, said: '登録しました。'})) again();
  });
  return form;
};

/* Templates that this alert would be sent with, if somebody answered for them. */
const unreviewed = whole => {
  const all = wording?.templates ?? [];
  const used = whole.rendered?.used ?? [];
  const keys = used.filter(one => !one.reviewed).map(one => one.key);
  const [base] = used.filter(one => one.language === 'ja').map(one => one.key.replace(/ja$/, ''));
  const left = (whole.rendered?.refused ?? []).filter(one => !one.medium).map(one => `${base}${one.language}`);
  return all.filter(one => !one.reviewed && [...keys, ...left].includes(one.key));
};

const SHOWN = [['title', '見出し'], ['short', '短い文'], ['text', '本文'], ['action', 'してほしいこと'], ['call', '呼びかけ'], ['spoken', '読み上げ']];

const templateForm = one => {
  const said = SHOWN.filter(([part]) => one[part]).flatMap(([part, name]) => [
    make('dt', {textContent: name}), ...[one[part]].flat().map(text => make('dd', {lang: one.language, textContent: text}))]);
  const output = make('output', {className: 'said'});
  const button = make('button', {type: 'button', className: 'btn', textContent: 'この文面を採用する'});
  button.dataset.label = '採用する';
  button.addEventListener('click', () => twice(button, '読んだうえで採用すると、この文面が市の言葉として実災害でも送られます。', async () => {
    if (await send(output, {url: `${WORDING}/adopted`, body: {keys: [one.key], versions: {[one.key]: one.version}}, said: '採用しました。'})) again();
  }));
  return make('details', {className: 'template'},
    make('summary', {textContent: `${word('language', one.language)}：${one.key} 第${one.version}版`}), make('dl', {}, ...said),
    ...(isApprover ? [make('div', {className: 'line'}, button, output)] : [make('p', {className: 'kind', textContent: '採用できるのは承認者です。'})]));
};

const item = (one, extra = []) => {
  const part = make('li', {className: `finding ${one.severity}`},
    make('b', {textContent: `${MARKS[one.severity]} ${word('severity', one.severity)}`}),
    make('div', {}, make('p', {textContent: japanese(one.words)}),
      make('p', {className: 'kind', textContent: [about(one), words.remedy[one.code]].filter(Boolean).join('　')}), ...extra));
  return part;
};

/* The first finding of a kind carries what mends all of them. */
const withHelp = (whole, shown) => {
  const first = code => shown.find(one => one.code === code);
  const help = new Map([
    [first('reading'), () => unread(whole).map(readingForm)],
    [first('reviewed') ?? first('left_out'), () => unreviewed(whole).map(templateForm)],
  ]);
  return shown.map(one => item(one, help.get(one)?.() ?? []));
};

const needsWording = whole => whole.findings.some(one => ['reading', 'reviewed', 'left_out'].includes(one.code) && one.severity !== 'passes');

export const drawChecks = async (whole, renew) => {
  again = () => { wording = null; renew(); };
  const checked = ['draft', 'submitted'].includes(whole.state);
  at('checks').hidden = !checked;
  if (!checked) return;
  if (needsWording(whole) && !wording) wording = await get(WORDING).catch(() => null);
  const found = severity => whole.findings.filter(one => one.severity === severity);
  const counts = ['stops', 'warns', 'passes'].map(one => [one, found(one).length]);
  fill(at('check-counts'), JSON.stringify(counts), () => counts.map(([one, count]) => pill(one, count)));
  const shown = [...found('stops'), ...found('warns')];
  fill(at('findings'), JSON.stringify([whole.number, whole.digest, shown, Boolean(wording)]), () => withHelp(whole, shown));
  fill(at('passes'), JSON.stringify(found('passes')), () => found('passes').map(one => make('li', {textContent: `✓ ${japanese(one.words)}`})));
  at('passed').hidden = !found('passes').length;
  put(at('passed').querySelector('summary'), `合格した ${found('passes').length}件`);
};
