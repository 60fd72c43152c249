/* A LINE card, drawn as people see it: boxes, texts and buttons of a Flex message. */

import {make} from './deskdom.js';

const SIZES = {xs: '.8125rem', sm: '.875rem', md: '1rem', lg: '1.125rem', xl: '1.25rem', xxl: '1.5rem', '3xl': '2rem'};

/* Colours by script: the page's policy lets in no style of its own. */
const coloured = (part, one) => {
  if (one.backgroundColor) part.style.backgroundColor = one.backgroundColor;
  if (one.color) part.style.color = one.color;
  if (one.borderColor) part.style.borderColor = one.borderColor;
  return part;
};

const text = one => {
  const part = coloured(make('span', {className: 'flex-text', textContent: one.text}), one);
  part.style.fontSize = SIZES[one.size] ?? SIZES.md;
  if (one.weight === 'bold') part.style.fontWeight = '700';
  return part;
};

const button = one => {
  const part = make('span', {className: `flex-button ${one.style ?? 'link'}`, textContent: one.action.label});
  if (one.style === 'primary' && one.color) part.style.backgroundColor = one.color;
  return part;
};

const box = one => {
  const part = coloured(make('span', {className: `flex-box ${one.layout}`}), one);
  part.append(...(one.contents ?? []).map(draw));
  return part;
};

const DRAWN = {text, button, box, separator: () => make('span', {className: 'flex-line'})};

const draw = one => {
  const part = (DRAWN[one.type] ?? (() => make('span')))(one);
  if (one.flex) part.style.flex = String(one.flex);
  return part;
};

export const cardOf = (message, language) => {
  if (message.type !== 'flex') return make('p', {className: 'bubble', lang: language, textContent: message.text ?? ''});
  const {header, body, footer} = message.contents;
  const parts = [['header', header], ['body', body], ['footer', footer]].filter(([, one]) => one);
  return make('div', {className: 'bubble', lang: language},
    ...parts.map(([name, one]) => make('div', {className: `flex-${name}`}, draw(one))));
};

/* All words of a card, for copying. */
export const textsOf = one => {
  if (!one) return [];
  if (one.type === 'text') return [one.text];
  if (one.type === 'button') return [one.action.label];
  const inside = one.type === 'flex' ? [one.contents.header, one.contents.body, one.contents.footer] : one.contents ?? [];
  return inside.flatMap(textsOf);
};
