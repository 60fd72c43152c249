/* Words and numbers of what is imagined. */

import {at} from './deskdom.js';

export const API = '/api/v1/headquarters/';
export const root = at('whatif');

const shown = new Intl.NumberFormat('ja-JP');
export const count = value => shown.format(value);
export const share = (value, of) => (of ? `${Math.round(100 * value / of)} %` : '—');

/* The server says everything in two languages; people here read the first. */
export const japanese = text => text.replace(/（[ -~‐-―]*[a-z][ -~‐-―]*）/g, '');

export const streetWord = one => {
  const name = one.name || (one.bridge ? '名のない橋' : '名のない道');
  return one.area ? `${one.area} ${name}` : name;
};

export const minutes = value => {
  if (value === null || value === undefined) return '—';
  const whole = Math.round(value);
  return whole > 0 ? `＋${count(whole)}分` : whole < 0 ? `−${count(-whole)}分` : '±0分';
};

/* Water and more people are adopted by an approver alone. */
export const isBarred = ({imagined}) => Boolean(imagined.lost.length || imagined.more) && !root.dataset.approver;

export const ANOTHER_LOAD = '市のデータが入れ替わったので、選んだ道が別の道になっているかもしれません。仮定を捨てました。道を選び直してください。';

/* A part of what is imagined: what the server is told of it, and in a line. */
const KINDS = {
  close: {to: (body, one) => body.close.push(one.street), say: one => `${one.word}を閉じる`},
  named: {to: (body, one) => body.close_named.push(one.name), say: one => `「${one.name}」を閉じる`},
  point: {to: (body, one) => body.close_at.push(one.point), say: one => `点 ${one.point[1].toFixed(5)}, ${one.point[0].toFixed(5)} の道を閉じる`},
  open: {to: (body, one) => body.open.push(one.id), say: one => `${one.word}を開ける`},
  shut: {to: (body, one) => body.shut.push(one.id), say: one => `${one.word}を閉じる`},
  water: {to: body => { body.by_water = true; }, say: () => '閉じる道は、水（冠水）で閉じる'},
  areas: {to: (body, one) => body.lose_areas.push(...one.names), say: one => `${one.names.slice(0, 3).join('・')}${one.names.length > 3 ? `ほか${one.names.length - 3}` : ''}が水につかる`},
  more: {to: (body, one) => { body.more_percent += one.percent; }, say: one => `来る人が${one.percent} %増える`},
};

export const sayPart = one => KINDS[one.kind].say(one);
export const saysAll = stack => stack.map(sayPart).join('、');
export const keyOf = one => JSON.stringify([one.kind, one.street ?? one.id ?? one.name ?? one.point ?? one.names ?? one.percent]);

export const closes = one => ['close', 'named', 'point'].includes(one.kind);

/* The numbers of streets are those of the load that they were read with, and of no other. */
export const bodyOf = stack => {
  const loads = new Set(stack.filter(one => one.kind === 'close').map(one => one.load));
  if (loads.size > 1) throw Error(ANOTHER_LOAD);
  const body = {close: [], close_named: [], close_at: [], open: [], shut: [], lose_areas: [], more_percent: 0, load: [...loads][0] ?? ''};
  for (const one of stack) KINDS[one.kind].to(body, one);
  return body;
};
