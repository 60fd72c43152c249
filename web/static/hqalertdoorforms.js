/* What headquarters does with door lists: makes them, hands them over, brings teams home. */

import {clockText, now, say} from './staff.js';
import {make} from './deskdom.js';
import {API, number, root, zone} from './hqalertsay.js';
import {nextTime} from './hqalerttime.js';
import {send, twice} from './hqalertsend.js';

const DOORS = '/api/v1/headquarters/doors';

const labelled = (text, input) => make('label', {}, `${text} `, input);
const timeField = (text, required) => labelled(text, make('input', {type: 'time', name: 'until', required}));
const saidHere = () => {
  const output = make('output', {className: 'said'});
  output.setAttribute('aria-live', 'polite');
  return output;
};

/* A form that says what is missing; `act` resolves when it was sent. */
const formOf = (parts, missing, act) => {
  const output = saidHere();
  const form = make('form', {className: 'line', noValidate: true}, ...parts, output);
  form.addEventListener('submit', event => {
    event.preventDefault();
    const lacks = missing(form.elements);
    if (!lacks) return act(form.elements, output);
    say(output, lacks[1], true);
    return lacks[0].focus();
  });
  return form;
};

const leftOut = answer => [
  answer.level_5_areas.length && `レベル5の${answer.level_5_areas.join('、')}は入れていません。`,
  answer.without_area && `町丁目の分からない${number(answer.without_area)}世帯は入っていません。`,
].filter(Boolean).join('');

const made = answer => (answer.made.length ? `一覧を${number(answer.made.length)}枚（${number(answer.doors)}戸）作りました。`
  : '新しい一覧はありません。ほかの手段がまだ動いているか、もう一覧に入っています。');

/* How many households it is about that a carrier took a message for and that nobody confirmed. */
export const takenText = count => (count === undefined ? '（世帯数は数えています）'
  : `（いま ${number(count)}世帯。待つ時間が過ぎた世帯だけを入れます）`);

const takenField = () => make('label', {className: 'pick wholeline'}, make('input', {type: 'checkbox', name: 'taken'}),
  make('span', {}, '受理・確認なしの世帯も回る ', make('span', {className: 'kind', id: 'doors-taken'})));

/* `again` asks for the lists anew. */
export const makeForm = (one, again) => {
  const names = one.area_names.length ? one.area_names : JSON.parse(root.dataset.areas);
  const area = make('select', {name: 'area'}, make('option', {value: '', textContent: '区域のすべて'}),
    ...names.map(name => make('option', {value: name, textContent: name})));
  return formOf(
    [labelled('町丁目', area), timeField('撤収時刻（3時間以内）', true), takenField(), make('button', {className: 'btn', textContent: '一覧を作る'})],
    ({until}) => (until.value ? null : [until, '撤収時刻を入れてください。撤収時刻のない一覧は渡せません。']),
    async ({until, taken}, output) => {
      const body = {areas: area.value ? [area.value] : null, withdraw_at: nextTime(until.value), taken: taken.checked};
      const answer = await send(output, {url: `${API}/${one.number}/doors`, body, said: '一覧を作りました。'});
      if (!answer) return;
      say(output, `${made(answer)}${leftOut(answer)}`);
      again();
    });
};

/* A withdrawal that has passed since the list was made is no one's to hand over. */
const untilOf = list => (Date.parse(list.withdraw_at) > now()
  ? timeField(`撤収時刻（空なら ${clockText(list.withdraw_at, zone)}）`, false) : timeField('新しい撤収時刻', true));

export const handForm = (list, again) => formOf(
  [labelled('班の名前', make('input', {name: 'team', maxLength: 40, autocomplete: 'off', required: true})),
    untilOf(list), make('button', {className: 'btn', textContent: '渡す'})],
  ({team, until}) => {
    if (!team.value.trim()) return [team, '班の名前を入れてください（人の名前は書きません）。'];
    return until.value || Date.parse(list.withdraw_at) > now() ? null : [until, '撤収時刻が過ぎています。新しい時刻を入れてください。'];
  },
  async ({team, until}, output) => {
    const body = {team: team.value.trim(), withdraw_at: nextTime(until.value)};
    if (await send(output, {url: `${DOORS}/${list.list}/handed`, body, said: '渡しました。'})) again();
  });

const backForm = (list, again) => {
  const button = make('button', {className: 'btn', textContent: '帰着'});
  button.dataset.label = '帰着';
  return formOf([button], () => null, (_, output) => twice(button, `${list.team}の全員が戻ったことを確かめましたか。`, async () => {
    if (await send(output, {url: `${DOORS}/${list.list}/back`, body: {}, said: '帰着を記録しました。'})) again();
  }));
};

const escalateForm = (list, again) => {
  const button = make('button', {className: 'btn', textContent: '119へ引き継いだ'});
  button.dataset.label = '引き継いだ';
  return formOf(
    [make('p', {className: 'kind wholeline', textContent: '先に電話で伝え、伝えたことをここに記録します。'}),
      labelled('引き継いだ先', make('input', {name: 'why', value: '119', maxLength: 200, autocomplete: 'off', required: true})), button],
    ({why}) => (why.value.trim() ? null : [why, '引き継いだ先を入れてください。']),
    ({why}, output) => twice(button, `${list.team}が戻らないことを ${why.value.trim()} に伝えましたか。`, async () => {
      const body = {why: why.value.trim()};
      if (await send(output, {url: `${DOORS}/${list.list}/escalated`, body, said: '引き継ぎを記録しました。'})) again();
    }));
};

export const homeForms = (list, again) =>
  [backForm(list, again), ...(list.escalated_at ? [] : [escalateForm(list, again)])];
