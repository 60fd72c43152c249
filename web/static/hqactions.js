/* What each form of the headquarters page sends. A form is found by its data-form; what it is about
   by the data-key around it. Each gives {url, body, said}, and throws where something is missing;
   clears: what was typed is for once; doubt(answer): why it does not count yet; then(): what next. */

import {newId, now} from './staff.js';
import {siteNamed} from './hqtable.js';
import {heldWords, personsOf, words, zone} from './hqrows.js';

const API = '/api/v1/headquarters/';

const idOf = form => form.closest('[data-key]').dataset.key.replace(/^\w+:/, '');
const siteUrl = (form, rest) => `${API}sites/${encodeURIComponent(idOf(form))}/${rest}`;
const value = (form, name) => form.elements[name]?.value.trim() || null;

const offset = () => {
  const name = new Intl.DateTimeFormat('en', {timeZone: zone, timeZoneName: 'longOffset'})
    .formatToParts(now()).find(one => one.type === 'timeZoneName').value;
  return name.replace('GMT', '') || '+00:00';
};

/* The next time that the city's clocks show this: 1:30 typed at 23:00 is tomorrow. */
const nextTime = typed => {
  if (!typed) return null;
  const day = new Intl.DateTimeFormat('sv-SE', {timeZone: zone}).format(now());
  const at = Date.parse(`${day}T${typed}:00${offset()}`);
  const wrapped = at < now() - 12 * 36e5 ? at + 24 * 36e5 : at;
  return new Date(wrapped).toISOString();
};

const persons = form => {
  const typed = (value(form, 'persons') || '').normalize('NFKC').replace(/[,人]/g, '');
  if (!/^\d{1,6}$/.test(typed)) throw Error('人数を数字で入れてください。');
  return Number(typed);
};

/* A number that cannot well be is kept, and asked about again before it counts. */
const oddNumber = (form, number, answer) => {
  const [result] = answer.results || [];
  delete form.dataset.odd;
  if (result?.status === 'held') {
    form.dataset.odd = String(number);
    return `まだ数えていません（${heldWords(result.flags)}）。正しければ、もう一度押してください。`;
  }
  return result?.status === 'superseded' ? 'もっと新しい数があります。数は変わりません。' : '';
};

const opening = (form, button) => {
  const site = siteNamed(idOf(form));
  const to = button.value || site.opening;
  const body = {opening: to, note: form.elements.note ? form.elements.note.value.trim() : null};
  if (to === 'preparing') {
    body.stage = value(form, 'stage');
    body.expected_at = nextTime(value(form, 'expected'));
  }
  if (!form.elements.note && site.note && to !== 'preparing') body.note = site.note;
  return {url: siteUrl(form, 'opening'), body, said: `「${words.opening[to]}」にしました`};
};

const count = (form, button) => {
  if (button.value === 'no_answer') {
    return {url: siteUrl(form, 'call'), body: {outcome: 'no_answer', note: ''}, said: '「出ない」と記録しました'};
  }
  const site = siteNamed(idOf(form)) ?? {};
  const known = personsOf(site);
  const still = button.value === 'still';
  if (still && known == null) {
    const why = site.below_zero ? '人数が0より少なくなっています' : 'まだ数がありません';
    throw Error(`${why}。いまの人数を入れて「記録」を押してください。`);
  }
  const body = {persons: still ? known : persons(form), kind: button.value, id: newId()};
  body.confirmed = form.dataset.odd === String(body.persons);
  return {
    url: siteUrl(form, 'count'), body, said: `${body.persons}人と記録しました`, clears: true,
    doubt: answer => oddNumber(form, body.persons, answer),
  };
};

const need = (form, button) => ({
  url: `${API}needs/${encodeURIComponent(idOf(form))}`,
  body: {state: button.value, answer: value(form, 'answer') || '', expected_at: nextTime(value(form, 'expected'))},
  said: `「${words.need_state[button.value]}」にしました`,
  clears: true,
});

const decide = (form, button) => ({
  url: `${API}proposals/${idOf(form)}`,
  body: {decision: button.value, why: value(form, 'why') || ''},
  said: {approved: '承認しました', rejected: '却下しました', withdrawn: '取り下げました'}[button.value],
  clears: true,
});

const lift = form => ({
  url: `${API}orders/${idOf(form)}/lift`,
  body: {why: value(form, 'why') || ''},
  said: '解除を提案しました。別の人の承認を待っています',
  clears: true,
});

const room = (form, button) => {
  const id = form.closest('[data-room]').dataset.room;
  const found = siteNamed(idOf(form)).rooms.find(one => String(one.room) === id);
  const {name, capacity, meant_for, overflow} = found;
  const body = {room: id, name, capacity, meant_for, overflow, in_use: button.value === 'yes'};
  return {url: siteUrl(form, 'rooms'), body, said: body.in_use ? '使い始めました' : '閉じました'};
};

const newroom = form => {
  const typed = (value(form, 'capacity') || '').normalize('NFKC');
  if (typed && !/^\d{1,6}$/.test(typed)) throw Error('定員を数字で入れてください。');
  const overflow = form.elements.overflow.checked;
  const body = {
    room: newId().slice(0, 8),
    name: value(form, 'name'),
    capacity: typed ? Number(typed) : null,
    meant_for: value(form, 'meant_for') || '',
    overflow,
    in_use: !overflow,
  };
  return {url: siteUrl(form, 'rooms'), body, said: `${body.name}を加えました`, clears: true};
};

const facility = (form, button) => {
  const offered = button.getAttribute('aria-pressed') !== 'true';
  const body = {facility: button.value, offered, note: ''};
  const said = `${words.facility[button.value]}：${offered ? 'あり' : 'なし'}にしました`;
  return {url: siteUrl(form, 'facilities'), body, said};
};

const contact = form => ({
  url: siteUrl(form, 'contact'),
  body: Object.fromEntries(['phone', 'key_holder', 'key_holder_phone'].map(name => [name, value(form, name) || ''])),
  said: '保存しました',
});

const held = form => ({
  url: `${API}held/${idOf(form)}`, body: {decision: 'apply'}, said: '適用しました。まもなく案内が変わります',
});

export const FORMS = {opening, count, need, decide, lift, held, room, newroom, facility, contact};
