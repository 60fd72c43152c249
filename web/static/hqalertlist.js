/* The list: what the bulletins suggest on top, then every revision, the newest first. */

import {at, fill, make, put} from './deskdom.js';
import {areasText, edition, isDrill, isMine, isOver, time, title, word} from './hqalertsay.js';
import {send} from './hqalertsend.js';

const list = at('list');
const hints = at('suggestions');

const waitsFor = one => one.alone && !one.countersigned_at;

/* What somebody must know at a glance, in words. */
const tags = one => [
  one.in_force && ['asks', '発令中'],
  one.stopped_at && ['stopped', '止めた'],
  waitsFor(one) && ['asks', '連署待ち'],
  one.alone && !waitsFor(one) && ['', '単独送信・連署済み'],
  one.deputies_called_at && one.state === 'submitted' && ['asks', '副承認者を呼出中'],
  isMine(one) && !isOver(one) && ['', '自分の起案'],
].filter(Boolean).map(([kind, text]) => make('span', {className: `tag ${kind}`, textContent: text}));

const who = one => (one.decided_by ? `${one.made_by}　→　${one.decided_by}` : one.made_by ?? '');
const moment = one => one.decided_at ?? one.submitted_at ?? one.made_at;

const ends = one => {
  if (!one.expires_at || ['rejected', 'withdrawn'].includes(one.state)) return [];
  return [time(one.expires_at, '期限 ', true)];
};

const row = (one, open, isOpen) => {
  const button = make('button', {type: 'button', className: isDrill(one) ? 'row drilled' : 'row'},
    make('span', {className: 'line1'}, title(one)),
    make('span', {className: 'areas', textContent: areasText(one)}),
    make('span', {className: 'line2'}, make('b', {className: 'state', textContent: word('state', one.state)}),
      make('span', {textContent: edition(one)}), ...tags(one)),
    make('span', {className: 'kind'}, make('span', {textContent: who(one)}), time(moment(one)), ...ends(one)));
  button.querySelector('.state').dataset.value = one.state;
  button.dataset.number = String(one.number);
  if (isOpen) button.setAttribute('aria-current', 'true');
  button.addEventListener('click', () => open(one.number));
  return make('li', {}, button);
};

export const drawList = (all, current, open) => {
  put(at('list-count'), String(all.length));
  at('list-none').hidden = Boolean(all.length);
  put(at('list-none'), 'まだ配信はありません。「新しく作る」から始めます。');
  const key = JSON.stringify([all, current, all.map(isMine)]);
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.number : null;
  fill(list, key, () => all.map(one => row(one, open, one.number === current)));
  if (focused && !list.contains(document.activeElement)) list.querySelector(`[data-number="${focused}"]`)?.focus();
};

/* One row down or up; the first where none has the focus. */
export const step = by => {
  const rows = [...list.querySelectorAll('.row')];
  const here = rows.indexOf(document.activeElement);
  const next = here < 0 ? rows.find(one => one.ariaCurrent === 'true') ?? rows[0] : rows[Math.min(Math.max(here + by, 0), rows.length - 1)];
  next?.focus();
};

/* 見送り is an answer too: with a reason, by a person, kept. */
const passing = one => {
  const why = make('input', {name: 'why', maxLength: 200, autocomplete: 'off', required: true});
  const button = make('button', {className: 'btn', textContent: '見送る'});
  const output = make('output', {className: 'said'});
  const form = make('form', {className: 'act line', noValidate: true},
    make('label', {}, '見送る理由 ', why), button, output);
  form.addEventListener('submit', event => {
    event.preventDefault();
    const url = `/api/v1/headquarters/suggestions/${one.number}/passed_over`;
    if (!why.value.trim()) return why.focus();
    return send(output, {url, body: {why: why.value.trim()}, said: '見送りました。'});
  });
  return make('details', {className: 'folded'}, make('summary', {textContent: '見送る'}), form);
};

const hint = (one, begin) => {
  const button = make('button', {type: 'button', className: 'btn', textContent: 'これで起案'});
  button.addEventListener('click', () => begin(one));
  const shown = {status: 'Actual', step: 'issue', hazard: one.hazard, level: one.level};
  const areas = one.area_names.join('、') || '区域は選び直してください';
  const rests = one.rests === false ? [make('p', {className: 'warned', textContent: 'もとの気象情報は、もう出ていません。'})] : [];
  return make('div', {className: 'hint'}, make('p', {}, title(shown)), make('p', {className: 'areas', textContent: areas}),
    make('p', {textContent: one.reason}), ...rests, make('p', {className: 'kind'}, time(one.made_at)), button, passing(one));
};

export const drawHints = (all, begin) => fill(hints, JSON.stringify(all), () => (all.length ? [
  make('h3', {textContent: `発令判断表からの候補 ${all.length}`}),
  make('p', {className: 'kind', textContent: '起案しても、承認されるまで何も出ません。'}),
  ...all.map(one => hint(one, begin)),
] : []));
