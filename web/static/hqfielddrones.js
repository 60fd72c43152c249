/* Drones' photos that wait for a person: nobody has said what one shows, or where. */

import {at, make, put} from './deskdom.js';
import {get} from './staff.js';
import {askNothing, askPlace, askReport, errorText, isAimed, titleOf} from './hqfielddronesay.js';
import {drawList} from './hqfieldlist.js';
import {cityMap, drawReport, hasMap} from './hqfieldmap.js';
import {openPictures, thumbnail} from './hqfieldphoto.js';
import {pointedAt} from './hqfieldpointed.js';
import {button, drawn, HQ, japanese, time} from './hqfieldsay.js';

const SHOWN = 20;
const part = at('drones');
const opened = new Set();
let photos = null;
let waiting = 0;
let renew = () => {};

const isOpen = one => !one.report && !one.nothing_at;

const whyText = one => {
  if (one.why_not) return japanese(one.why_not);
  return one.kind ? 'まだ報告になっていない' : '何が写っているか、まだ誰も言っていない';
};

const seenAt = one => (one.taken_at ? [time(one.taken_at, '撮影 ')]
  : [make('span', {textContent: '撮影時刻なし'}), time(one.received_at, '届いた ')]);

const flightText = ({number, drone, operator, mission, right}) => (number
  ? [`飛行 ${number}番`, mission && `任務 ${mission}番`, drone, operator].filter(Boolean).join('・') : right);

const targetText = one => (one.target ? `狙った地点 ${errorText(one)}（${one.reckoned}）` : '狙った地点はわからない');

const pictures = one => (one.picture ? [{sha: one.sha256, title: titleOf(one), at: one.taken_at ?? one.received_at, term: one.taken_at ? '撮影 ' : '撮影時刻なし　届いた '}] : []);

const on = one => ({
  isOpen: () => photos.some(other => other.sha256 === one.sha256 && !other.report && other.nothing_at === one.nothing_at),
  done: () => renew().then(() => (at('drones-list').querySelector('.report:not(.gone) .acts button') ?? part).focus()),
});

const acts = (one, toggle) => {
  const act = (text, does, style = '') => button(text, does, {style, label: `${titleOf(one)}：${text}`});
  const aimed = isAimed(one);
  const open = act('くわしく', toggle, 'small');
  open.dataset.do = 'open';
  open.setAttribute('aria-expanded', String(opened.has(one.sha256)));
  return make('div', {className: 'acts line'},
    ...(aimed ? [act('報告にする', () => askReport(one, on(one)), 'primary')] : []),
    act('地図で場所を選ぶ', () => askPlace(one, on(one)), aimed ? '' : 'primary'),
    ...(one.nothing_at ? [] : [act('異常なし', () => askNothing(one, on(one)))]), open);
};

const fact = (term, inside) => (inside ? [make('dt', {textContent: term}), make('dd', {}, inside)] : []);

const detailOf = one => {
  const [lon, lat] = one.target ?? [];
  const where = one.target && `${lat.toFixed(5)}, ${lon.toFixed(5)}（${errorText(one)}）`;
  const made = make('div', {className: 'opened'}, make('dl', {className: 'facts'},
    ...fact('ファイル', one.name), ...fact('届いた時刻', time(one.received_at)), ...fact('飛行', flightText(one.flight)), ...fact('許可', one.flight.number && one.flight.right),
    ...fact('狙った地点', where), ...fact('計算', one.reckoned)));
  if (!one.target || !hasMap) return made;
  const map = cityMap(`カメラの狙った地点。${where}`, 'where');
  made.append(make('figure', {}, map, make('figcaption', {className: 'kind', textContent: `点：狙った地点、丸：誤差${one.footprint ? '、破線の形：写っている範囲' : ''}`})));
  queueMicrotask(() => drawReport(map, {where: {type: 'Point', coordinates: one.target}, error_m: one.error_m, footprint: one.footprint}));
  return made;
};

const fillCard = (card, one) => {
  const key = JSON.stringify({...one, age_s: 0});
  if (card.dataset.made === key) return;
  card.dataset.made = key;
  card.className = 'report drone';
  const showDetail = () => {
    card.querySelector('.opened')?.remove();
    card.querySelector('[data-do=open]').setAttribute('aria-expanded', String(opened.has(one.sha256)));
    if (opened.has(one.sha256)) card.append(detailOf(one));
    drawn.aged();
  };
  const toggle = () => {
    opened[opened.has(one.sha256) ? 'delete' : 'add'](one.sha256);
    showDetail();
    card.scrollIntoView({block: 'nearest'});
  };
  const all = pictures(one);
  card.replaceChildren(
    thumbnail(all, () => openPictures(all)),
    make('div', {className: 'told'},
      make('p', {className: 'line2'}, make('b', {className: 'kindword', textContent: one.kind_words || '種類は未定'}), ...seenAt(one)),
      make('p', {}, ...(one.nothing_at ? [time(one.nothing_at, '異常なしにした ')] : [make('b', {className: 'why', textContent: `待つ理由：${whyText(one)}`})])),
      make('p', {textContent: targetText(one)}), make('p', {className: 'kind', textContent: flightText(one.flight)}),
      ...(one.note ? [make('p', {className: 'quoted', textContent: `「${one.note}」`})] : [])),
    acts(one, toggle));
  if (opened.has(one.sha256)) showDetail();
};

let forced = false;
const isPointed = pointedAt(part, () => draw());

const draw = () => {
  if (!photos) return;
  const wanted = photos.filter(isOpen);
  const nothing = photos.filter(one => one.nothing_at && !one.report).sort((a, b) => Date.parse(b.nothing_at) - Date.parse(a.nothing_at));
  const how = {what: '写真', holds: !forced && isPointed(), limit: SHOWN};
  const held = drawList(at('drones-list'), wanted, fillCard, how);
  drawList(at('drones-nothing'), nothing, fillCard, how);
  put(at('drones-newer'), `新しい写真 ${held}枚を出す`);
  at('drones-newer').hidden = !held;
  put(at('drones-count'), String(waiting));
  put(at('drones-none'), waiting ? '' : '判断を待つ写真はありません。');
  const more = waiting - Math.min(wanted.length, SHOWN);
  put(at('drones-more'), more > 0 ? `ほかに ${more}枚あります。決めると、次が出ます。` : '');
  put(at('drones-nothing-count'), String(nothing.length));
  at('drones-nothing-part').hidden = !nothing.length;
  at('drones-ahead').hidden = !waiting;
  put(at('drones-ahead').firstElementChild, `ドローンの写真 ${waiting}枚も待っています`);
  drawn.aged();
};

/* Reads the list once; resolves to whether it came. */
export const readDrones = async () => {
  try {
    const found = await get(`${HQ}dronephotos`);
    photos = found.photos.map(one => ({...one, id: one.sha256}));
    waiting = found.waiting;
    draw();
    put(at('drones-said'), '');
    return true;
  } catch (error) {
    if (!photos) put(at('drones-none'), '');
    put(at('drones-said'), `${photos ? '読み直せません。ここにあるのは前に読んだ内容です。' : '読めませんでした。'}15秒ごとに読み直します。${japanese(error.message)}`);
    return false;
  }
};

at('drones-newer').addEventListener('click', () => {
  forced = true;
  draw();
  forced = false;
  (at('drones-list').querySelector('.acts button') ?? part).focus();
});

export const renewDronesBy = does => { renew = does; };
/* Whether one is listed that somebody may report: then there is more to read than the report alone. */
export const isDroneListed = () => Boolean(photos?.some(one => !one.report));
export const isDroneLate = () => Boolean(at('drones-said').textContent);
