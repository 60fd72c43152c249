/* Words on headquarters' map: short names of levels, bands, streets and areas. */

import {ageWords, minutesSince} from './hqboardmaplayers.js';

export const LEVEL_WORDS = {3: '高齢者等避難', 4: '避難指示', 5: '緊急安全確保'};
export const BAND_WORDS = {room: '空', some: 'やや', crowded: '混雑', full: '満', unknown: '不明'};
const DIGITS = '一二三四五六七八九十';
const BLOCK = /^(.+?)([一二三四五六七八九十]+|\d+)丁目$/u;

const numberOf = text => {
  if (/^\d+$/.test(text)) return Number(text);
  const [tens, ones] = text.includes('十') ? text.split('十') : ['0', text];
  const value = letter => DIGITS.indexOf(letter) + 1;
  return (tens === '0' ? 0 : (tens ? value(tens) : 1) * 10) + (ones ? value(ones) : 0);
};

const runs = numbers => {
  const found = [];
  for (const one of [...numbers].sort((a, b) => a - b)) {
    if (found.length && one - found.at(-1)[1] <= 1) found.at(-1)[1] = one; else found.push([one, one]);
  }
  return found.map(([first, last]) => (first === last ? String(first) : `${first}〜${last}`)).join('・');
};

/* Areas by the town that they are blocks of: [town, its areas, as they are called together]. */
export const towns = names => {
  const found = new Map();
  for (const name of names) {
    const [, stem, block] = BLOCK.exec(name) ?? [null, name, ''];
    const one = found.get(stem) ?? {areas: [], blocks: []};
    one.areas.push(name);
    if (block) one.blocks.push(numberOf(block));
    found.set(stem, one);
  }
  return [...found].map(([stem, {areas, blocks}]) => [
    stem, areas, areas.length === 1 ? areas[0] : blocks.length ? `${stem}${runs(blocks)}丁目` : stem]);
};

/* Many areas in few letters; `most` towns are named, `short`: without the word for a block. */
export const areaWords = (names, most = 3, short = false) => {
  if (!names.length) return '市内全域';
  const all = towns(names).map(([,, word]) => (short ? word.replace(/(\d)丁目$/, '$1') : word));
  return all.length > most ? `${all.slice(0, most).join('・')} ほか${all.length - most}` : all.join('・');
};

export const metres = value => (typeof value === 'number' ? `${value.toFixed(2)} m` : '欠測');

const arrow = trend => {
  if (typeof trend !== 'number') return '';
  if (Math.abs(trend) < 0.05) return ' →';
  return trend > 0 ? ' ↑' : ' ↓';
};

export const gaugeWords = one => `${one.name} ${metres(one.level_m)}${arrow(one.trend_m_h)}`;
export const trendOf = one => arrow(one.trend_m_h).trim();
export const since = (iso, now) => ageWords(minutesSince(iso, now));
export const isSuspended = one => !['order', 'confirmed'].includes(one.basis);
export const closureWord = one => (isSuspended(one) ? '一時停止' : '通行止');

const lasting = minutes => {
  if (minutes === null) return '';
  const whole = Math.floor(minutes);
  return whole < 60 ? `${whole}分` : `${Math.floor(whole / 60)}時間${whole % 60 ? `${whole % 60}分` : ''}`;
};

/* How long it has stood so. */
export const standing = (iso, now) => lasting(minutesSince(iso, now));

const BY_OPENING = {full: 'full', endangered: 'danger', preparing: 'preparing'};
const OPENING_WORDS = {danger: '危険', preparing: '開設準備'};

export const bandOf = one => BY_OPENING[one.opening] ?? (BAND_WORDS[one.band] ? one.band : 'unknown');
export const bandWord = band => BAND_WORDS[band] ?? OPENING_WORDS[band];
