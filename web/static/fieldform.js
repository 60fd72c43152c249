// The report that is being made: what, how deep, which photos, in which words. What was chosen stays
// where a phone throws the page away while its camera is open.
import {at, fill, make, put} from './deskdom.js';
import {clock} from './deskwords.js';
import {taken} from './fieldphoto.js';
import {isHopeless, linkIn, whyNotLink} from './fieldlink.js';
import {sizeWords} from './fieldwords.js';

const DRAFT = 'field.draft';
const MOST = 4;
const form = at('report');

export const chosen = () => {
  const {kind, other, depth} = form.elements;
  const picked = kind.value === 'more' ? other.value : kind.value;
  const input = form.querySelector(`input[value="${CSS.escape(picked)}"]`);
  const isWet = 'wet' in (input?.dataset ?? {});
  return {
    kind: picked,
    isMore: kind.value === 'more',
    shuts: 'shuts' in (input?.dataset ?? {}),
    isWet,
    depth: isWet ? depth.value : '',
    note: at('note').value.trim(),
    link: linkIn(at('link').value),
  };
};

const written = () => {
  const {kind, other, depth} = form.elements;
  return [kind.value, other.value, depth.value, at('note').value, at('link').value];
};

const keep = () => {
  try {
    sessionStorage.setItem(DRAFT, JSON.stringify(written()));
  } catch { /* A full or forbidden store: the page still holds it. */ }
};

export class Draft {
  // `photos` as `taken` makes them; `changed()` after each change.
  constructor(changed) {
    this.photos = [];
    this.changed = changed;
    form.oninput = () => { keep(); changed(); };
    at('camera').onchange = event => this.take(event.target);
    // Whoever is done with the link has not said to send.
    at('link').onkeydown = event => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      this.showWrongLink();
    };
    at('link').oninput = () => isHopeless(chosen().link) ? this.showWrongLink() : this.sayLink('');
    try {
      const kept = JSON.parse(sessionStorage.getItem(DRAFT));
      if (kept) this.restore({chosen: kept, photos: []});
    } catch { /* Nothing was kept. */ }
  }

  get values() {
    return {chosen: written(), photos: this.photos};
  }

  restore({chosen: [kind, other, depth, note, link = ''], photos}) {
    Object.assign(form.elements.kind, {value: kind});
    Object.assign(form.elements.other, {value: other});
    Object.assign(form.elements.depth, {value: depth});
    at('note').value = note;
    at('link').value = link;
    if (note) at('more-words').open = true;
    if (link) at('more-link').open = true;
    this.photos = photos;
    keep();
    this.changed();
  }

  clear() {
    form.reset();
    this.photos = [];
    for (const id of ['more-words', 'more-link']) at(id).open = false;
    this.showWrongLink();
    keep();
    this.changed();
  }

  async take(input) {
    const [file] = input.files;
    if (!file) return;
    this.taking = true;
    this.changed();
    try {
      this.photos = [...this.photos, await taken(file)];
      this.why = '';
    } catch (error) {
      this.why = error.message;
    }
    this.taking = false;
    input.value = '';
    this.changed();
  }

  remove(id) {
    this.photos = this.photos.filter(one => one.id !== id);
    this.changed();
    at('camera').focus();
  }

  show() {
    const {isMore, isWet} = chosen();
    at('others').hidden = !isMore;
    at('depths').hidden = !isWet;
    fill(at('pictures'), this.photos.map(one => one.id).join(), () => this.photos.map(one => this.picture(one)));
    put(at('picture-said'), this.words());
    put(at('shoot').querySelector('span'), this.photos.length ? 'もう1枚とる' : '写真をとる');
    at('shoot').hidden = this.photos.length >= MOST;
  }

  // Why the link cannot be sent, beside it.
  showWrongLink() {
    const words = whyNotLink(chosen().link);
    if (words) at('more-link').open = true;
    return this.sayLink(words);
  }

  sayLink(words) {
    put(at('link-wrong'), words);
    at('link').setAttribute('aria-invalid', String(Boolean(words)));
    return words;
  }

  words() {
    if (this.taking) return '写真を小さくしています…';
    if (this.why) return this.why;
    if (!this.photos.length) return '';
    const {at: when, small, blob} = this.photos[0];
    const rest = blob ? '' : '元の写真は大きすぎて送れません。';
    return `写真 ${this.photos.length}枚　${clock(Date.parse(when))}。小さい写真から先に送ります（${sizeWords(small)}）。${rest}`;
  }

  picture({id, jpeg, at: when}) {
    const img = make('img', {src: `data:image/jpeg;base64,${jpeg}`, alt: `${clock(Date.parse(when))} にとった写真`});
    const drop = make('button', {type: 'button', className: 'btn', textContent: '消す', onclick: () => this.remove(id)});
    return make('figure', {}, img, drop);
  }
}
