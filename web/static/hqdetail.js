/* The panel of one place: what is known, in forms that a live change never wipes. */

import {heldWords, time, words} from './hqrows.js';

const made = (tag, text = '', values = {}) =>
  Object.assign(document.createElement(tag), {textContent: text}, values);

/* A field follows what is known until somebody changes it. */
const follow = (input, value) => {
  if (input === document.activeElement || input.value !== input.defaultValue) return;
  input.defaultValue = value;
  input.value = value;
};

const lines = (list, texts, none) => {
  const shown = texts.length ? texts : [none];
  const text = shown.join('\n');
  if (list.dataset.text === text) return;
  list.dataset.text = text;
  list.replaceChildren(...shown.map(one => made('li', one)));
};

const phones = (part, contact) => {
  const known = [['場所', contact.phone], ['鍵の担当', contact.key_holder_phone]].filter(one => one[1]);
  const text = known.flat().join();
  if (part.dataset.text === text) return;
  part.dataset.text = text;
  part.replaceChildren(...known.map(([who, phone]) => {
    const line = made('span', `${who} `, {className: 'nb'});
    line.append(made('a', phone, {href: `tel:${phone.replace(/[^\d+#*]/g, '')}`, className: 'tel'}));
    return line;
  }));
  if (!known.length) part.textContent = '電話番号がまだありません。';
};

const roomText = room => [
  `${room.name}${room.overflow ? '（予備）' : ''}`,
  words.meant_for[room.meant_for] ?? room.meant_for ?? '',
  `${room.persons ?? '—'} / ${room.capacity ?? '—'}人`,
  room.in_use ? '使用中' : '使っていない',
].filter(Boolean).join('　');

const newRoom = key => {
  const row = made('li');
  row.dataset.room = key;
  const form = made('form', '', {className: 'line'});
  form.dataset.form = 'room';
  form.append(made('span'), made('button', '', {className: 'btn', name: 'in_use'}));
  const said = made('output', '', {className: 'said'});
  said.setAttribute('aria-live', 'polite');
  form.append(said);
  row.append(form);
  return row;
};

const rooms = (list, all) => {
  const keys = all.map(one => String(one.room));
  for (const row of [...list.children]) if (!keys.includes(row.dataset.room)) row.remove();
  for (const room of all) {
    const key = String(room.room);
    let row = [...list.children].find(one => one.dataset.room === key);
    if (!row) list.append(row = newRoom(key));
    row.querySelector('span').textContent = roomText(room);
    const button = row.querySelector('button');
    button.value = room.in_use ? '' : 'yes';
    button.textContent = room.in_use ? '閉じる' : '使う';
    button.setAttribute('aria-label', `${room.name}を${button.textContent}`);
  }
};

const callLine = call => [
  time(call.at), words.outcome[call.outcome] ?? call.outcome, call.called_by, call.note,
].filter(Boolean).join('　');

const heldLine = one => `数の確認：${one.persons}人（${heldWords(one.flags)}）${time(one.counted_at)}`;

/* The steps that there are; what holds may be said again with another word or time. */
const maySay = (site, {value}) => {
  if (!value) return site.opening !== 'unconfirmed';
  return words.steps[site.opening]?.includes(value) || (value === 'preparing' && value === site.opening);
};

export const fillDetail = (detail, site) => {
  const part = name => detail.querySelector(`[data-part="${name}"]`);
  const field = name => detail.querySelector(`[name="${name}"]`);
  const contact = site.contact || {};
  detail.querySelector('.panel').setAttribute('aria-label', `${site.name}の詳細`);
  part('title').textContent = site.name;
  follow(field('note'), site.note || '');
  phones(part('phones'), contact);
  rooms(part('rooms'), site.rooms || []);
  lines(part('held'), (site.held || []).map(heldLine), '');
  lines(part('calls'), (site.calls || []).map(callLine), 'まだありません。');
  for (const name of ['phone', 'key_holder', 'key_holder_phone']) follow(field(name), contact[name] || '');
  for (const button of detail.querySelectorAll('[name=opening]')) {
    if (button !== document.activeElement) button.hidden = !maySay(site, button);
  }
  part('preparing').hidden = detail.querySelector('[value=preparing]').hidden;
  for (const button of detail.querySelectorAll('[name=facility]')) {
    const offered = (site.facilities || []).includes(button.value);
    button.setAttribute('aria-pressed', String(offered));
  }
};
