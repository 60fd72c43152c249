/* Photos of reports: small in the list, large in a dialog. Nobody but headquarters is given them. */

import {at, make, put} from './deskdom.js';
import {drawn, HQ, time} from './hqfieldsay.js';

const dialog = at('picture');
let all = [];
let index = 0;

const image = (one, values) => {
  const made = make('img', {src: `${HQ}photos/${one.sha}`, alt: `写真：${one.title}`, ...values});
  made.addEventListener('error', () => made.replaceWith(make('p', {className: 'note warn', textContent: '写真を開けません。少しあとで、もう一度開いてください。'})));
  return made;
};

export const thumbnail = (pictures, open) => {
  if (!pictures.length) return make('p', {className: 'nophoto kind', textContent: '写真なし'});
  const made = make('button', {type: 'button', className: 'thumb'}, image(pictures[0], {loading: 'lazy'}));
  made.dataset.do = 'photo';
  made.setAttribute('aria-label', `${pictures[0].title}の写真${pictures.length > 1 ? `${pictures.length}枚` : ''}を大きく見る`);
  if (pictures.length > 1) made.append(make('span', {className: 'many', textContent: `${pictures.length}枚`}));
  made.addEventListener('click', open);
  return made;
};

export const still = one => image(one, {});

const show = () => {
  const one = all[index];
  put(at('picture-title'), all.length > 1 ? `${one.title}　${index + 1}/${all.length}` : one.title);
  at('picture-body').replaceChildren(image(one, {}), make('p', {}, time(one.at, one.term ?? '見た時刻 ')));
  drawn.aged();
  for (const id of ['picture-before', 'picture-next']) at(id).hidden = all.length < 2;
};

const step = by => {
  index = (index + by + all.length) % all.length;
  show();
};

export const openPictures = pictures => {
  if (!pictures.length || dialog.open) return;
  [all, index] = [pictures, 0];
  show();
  dialog.showModal();
  at('picture-title').focus();
};

at('picture-before').addEventListener('click', () => step(-1));
at('picture-next').addEventListener('click', () => step(1));
at('picture-close').addEventListener('click', () => dialog.close());
dialog.addEventListener('keydown', event => {
  if (all.length < 2 || !['ArrowLeft', 'ArrowRight'].includes(event.key)) return;
  step(event.key === 'ArrowLeft' ? -1 : 1);
  event.preventDefault();
});
