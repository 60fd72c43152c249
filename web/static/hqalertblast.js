/* Whom a revision reaches: households, persons, recipients by channel and language, and what is new
   since the revision that went out before. */

import {at, fill, make} from './deskdom.js';
import {drawReach} from './hqalertmap.js';
import {cell, number, pairs, percent, signed, table, time, word, words} from './hqalertsay.js';

/* Of a channel: tested and working in green, anything else in red, also what was never tested. */
const test = rows => {
  if (!rows.length || rows.every(one => !one.tested_at)) return make('span', {className: 'pill stops', textContent: '未試験'});
  const works = rows.find(one => one.works);
  if (works) return make('span', {className: 'pill passes'}, '試験 ', time(works.test_passed_at));
  const [worst] = rows.filter(one => one.tested_at);
  if (rows.every(one => one.gone)) return make('span', {className: 'pill stops'}, '送る係が止まっています ', time(worst.tested_at));
  const text = worst.why || worst.shut_until ? '不通 ' : '試験が古い ';
  return make('span', {className: 'pill stops'}, text, time(worst.tested_at));
};

/* What the channel still takes this month where it has an end: too few for everybody is red. */
const left = (rows, total) => {
  if (!rows.length || rows.some(one => one.left === null)) return [];
  const sum = rows.reduce((all, one) => all + one.left, 0);
  return [' ', make('span', {className: `pill ${sum < total ? 'stops' : 'passes'}`, textContent: `今月あと ${number(sum)} 通`})];
};

const recipientRows = (blast, channels) => {
  const languages = Object.keys(words.language);
  return Object.keys(words.channel).map(channel => {
    const counts = languages.map(language => blast.recipients
      .filter(one => one.channel === channel && one.language === language).reduce((sum, one) => sum + one.count, 0));
    const total = counts.reduce((sum, one) => sum + one, 0);
    const rows = channels.filter(one => one.channel === channel);
    const head = make('th', {scope: 'row'}, `${word('channel', channel)} `, test(rows), ...left(rows.filter(one => !one.gone), total));
    return make('tr', {}, head, ...counts.map(one => cell(number(one), 'num')), cell(number(total), 'num sum'));
  });
};

const figures = blast => {
  const change = blast.change;
  const value = (text, more) => make('span', {}, make('b', {textContent: text}), ...(more ? [make('small', {textContent: more})] : []));
  return pairs([
    ['世帯', value(number(blast.households), change && `前の版から ${signed(change.households)}`)],
    ['人', value(number(blast.persons), change && `前の版から ${signed(change.persons)}`)],
    ['市全体に対して', value(percent(blast.share), blast.second_look ? '10 %以上：二重に確認します' : '')],
  ]);
};

const note = ({status, blast}) => {
  if (blast.recipients.length) return '登録した人の数です。確認済みの文面がない言語の人には、日本語で送ります。';
  return status === 'Exercise'
    ? 'この区域に、訓練用に登録した電話がありません。だれにも送られません。'
    : 'この区域に、LINE・SMS・メールの登録がありません。防災無線と緊急速報で伝えてください。';
};

export const drawBlast = (whole, channels) => {
  const blast = whole.blast;
  at('blast').hidden = !blast;
  at('difference').hidden = !blast?.change;
  if (!blast) return;
  drawReach(whole);
  fill(at('blast-at'), blast.counted_at, () => [time(blast.counted_at, '数えた時刻 ')]);
  fill(at('figures'), JSON.stringify(blast), () => figures(blast));
  fill(at('recipients'), JSON.stringify([whole.status, blast.recipients, channels]), () => [
    table('受け取る人、経路と言語ごと', ['受け取る人・経路の試験', ...Object.values(words.language), '計'], recipientRows(blast, channels)),
    make('p', {className: 'kind', textContent: note(whole)}),
  ]);
  if (blast.change) fill(at('change'), JSON.stringify(blast.change), () => [difference(blast.change)]);
};

const FIELDS = {level: 'レベル', hazard: '災害', subject: '件名', reason: '理由', action: '行動'};
const said = (name, value) => (name === 'level' || name === 'hazard' ? word(name, value) : value || '（ひな形の言葉）');

/* Old struck out, new underlined: both are read in grey print. */
const difference = change => {
  const rows = [];
  const areas = [
    ...change.added.map(name => make('ins', {textContent: `＋${name}`})),
    ...change.removed.map(name => make('del', {textContent: `－${name}`})),
  ];
  if (change.whole_city[0] !== change.whole_city[1]) areas.push(make('ins', {textContent: change.whole_city[1] ? '市内全域へ' : '一部の区域へ'}));
  rows.push(['区域', areas.length ? make('span', {className: 'diff'}, ...areas) : '変わらない']);
  for (const [name, label] of Object.entries(FIELDS)) {
    if (!change.words[name]) continue;
    const [old, fresh] = change.words[name];
    rows.push([label, make('span', {className: 'diff'}, make('del', {textContent: said(name, old)}), make('ins', {textContent: said(name, fresh)}))]);
  }
  if (rows.length === 1) rows.push(['言葉', '変わらない']);
  return make('div', {}, make('p', {className: 'kind', textContent: `送った第${change.revision}版とくらべて`}), make('dl', {className: 'differs'}, ...pairs(rows)));
};
