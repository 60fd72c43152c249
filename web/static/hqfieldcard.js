/* One report as it stands in the list, and what opens below it. */

import {make} from './deskdom.js';
import {openPictures, thumbnail} from './hqfieldphoto.js';
import {cityMap, drawReport, hasMap} from './hqfieldmap.js';
import {canBe} from './hqfielddecide.js';
import {button, isWaiting, japanese, pasted, streetsText, time, word, words} from './hqfieldsay.js';

const NO_PLACE = '道を指していない（誤差が大きいか、道が近くにない）';

const metres = one => (one.where.type === 'Point'
  ? (one.error_m === null ? '誤差不明' : `誤差 ${Math.round(one.error_m)}m`) : {LineString: '描いた線', Polygon: '囲んだ区域'}[one.where.type]);

const tagged = (text, className) => make('span', {className: `tag ${className}`, textContent: text});

const state = one => {
  const made = make('span', {className: 'state', textContent: word('state', one.state)});
  made.dataset.value = one.state;
  return made;
};

const streets = one => {
  if (one.streets.length) return make('b', {textContent: streetsText(one.streets)});
  return make('span', {textContent: words.shuts_road.includes(one.kind) ? NO_PLACE : '道の報告ではない'});
};

const facts = one => [metres(one), one.depth && `深さ ${word('depth', one.depth)}`].filter(Boolean).join('・');

const aside = one => (one.set_aside ? [make('p', {className: 'note warn', textContent: `使われていません：${japanese(one.set_aside)}。確認すると使われます。`})] : []);

const outcome = one => (one.decided_at ? [make('p', {className: 'kind'}, `${word('state', one.state)}にした `, time(one.decided_at), one.outcome ? `「${one.outcome}」` : '')] : []);

const merged = members => (members.length > 1 ? [tagged(`同じ報告 ${members.length}件`, '')] : []);

export const pictures = members => members.flatMap(one => one.photos.map(sha => ({sha, title: `${word('kind', one.kind)}・${word('source', one.source_kind)}`, at: one.seen_at})));

const head = (one, members) => make('p', {className: 'line2'}, make('b', {className: 'kindword', textContent: word('kind', one.kind)}), state(one),
  ...merged(members), time(one.seen_at), make('span', {textContent: word('source', one.source_kind)}));

const effect = one => {
  const made = make('p', {className: 'effect', textContent: `道：${word('effect', one.effect)}`});
  made.dataset.value = one.effect;
  return made;
};

const twin = (one, act) => (one.twin ? [make('p', {className: 'twinned'}, '同じことの報告かもしれません。', button('比べる', act, {name: 'twin', key: 'T', style: 'small'}))] : []);

const acts = (one, on) => {
  const chooses = isWaiting(one) && !one.streets.length && words.shuts_road.includes(one.kind);
  const undo = one.state === 'refuted' || one.state === 'resolved';
  const made = make('div', {className: 'acts line'},
    ...(chooses ? [button('道を選ぶ', on.street, {name: 'street', key: 'S', style: 'primary'})] : []),
    ...(undo ? [button('取り消して、確認に戻す', on.confirmed, {name: 'confirmed'})] : []),
    ...(!undo && canBe(one, 'confirmed') ? [button('確認（通行止め）', on.confirmed, {name: 'confirmed', key: 'C', style: chooses ? '' : 'primary'})] : []),
    ...(canBe(one, 'refuted') ? [button('誤り', on.refuted, {name: 'refuted', key: 'X'})] : []),
    ...(canBe(one, 'resolved') ? [button('解消', on.resolved, {name: 'resolved', key: 'R'})] : []),
    button('くわしく', on.open, {name: 'open', key: 'Enter', style: 'small'}));
  made.querySelector('[data-do=open]').setAttribute('aria-expanded', 'false');
  if ((words.shuts_road.includes(one.kind) && !chooses) || undo) return made;
  const confirm = made.querySelector('[data-do=confirmed]');
  if (confirm) confirm.firstChild.textContent = chooses ? '確認（道なし）' : '確認';
  return made;
};

/* What a card holds; `members`: the report and those merged into it. */
export const cardOf = (one, members, on) => {
  const all = pictures(members);
  return [
    thumbnail(all, () => openPictures(all)),
    make('div', {className: 'told'}, head(one, members),
      make('p', {}, streets(one), ` ${facts(one)}`), effect(one),
      ...(one.note ? [make('p', {className: 'quoted', textContent: `「${one.note}」`})] : []),
      ...(one.link ? [make('p', {}, 'リンク：', pasted(one.link))] : []), ...aside(one), ...outcome(one), ...twin(one, on.twin)),
    acts(one, on),
  ];
};

const clock = (term, iso) => [make('dt', {textContent: term}), make('dd', {}, iso ? time(iso) : 'わからない')];

const position = one => {
  const [lon, lat] = one.where.type === 'Point' ? one.where.coordinates : one.where.coordinates.flat(one.where.type === 'Polygon' ? 1 : 0)[0];
  return `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
};

/* What opens below: where it is, all its times, who sent it, what was merged into it. */
export const detailOf = (one, members) => {
  const list = make('dl', {className: 'facts'},
    ...clock('見た時刻', one.seen_at), ...clock('届いた時刻', one.received_at), ...(one.device_at && one.device_at !== one.seen_at ? clock('端末の時計', one.device_at) : []),
    make('dt', {textContent: '送った人'}), make('dd', {textContent: `${word('source', one.source_kind)}${one.source ? `（${one.source}）` : ''}${one.mission ? `・任務${one.mission}番` : ''}`}),
    make('dt', {textContent: '位置'}), make('dd', {textContent: `${position(one)}（${metres(one)}）`}));
  const others = members.filter(other => other.id !== one.id);
  const made = make('div', {className: 'opened'}, list,
    ...(others.length ? [make('div', {}, make('h4', {textContent: 'まとめた報告'}), make('ul', {}, ...others.map(other => make('li', {},
      `${word('kind', other.kind)}・${word('source', other.source_kind)}・${word('state', other.state)} `, time(other.seen_at), other.note ? `「${other.note}」` : ''))))] : []));
  if (hasMap) {
    const map = cityMap(`報告の場所。${position(one)}`, 'where');
    made.append(map);
    queueMicrotask(() => drawReport(map, one));
  }
  return made;
};
