/* Two reports that may tell of the same, side by side. Both go on counting; they are decided on as one. */

import {make} from './deskdom.js';
import {post} from './staff.js';
import {ask} from './hqfieldask.js';
import {pictures} from './hqfieldcard.js';
import {briefOf} from './hqfielddecide.js';
import {still} from './hqfieldphoto.js';
import {HQ, streetsText} from './hqfieldsay.js';

const side = (title, one) => make('div', {className: 'side'}, make('h3', {textContent: title}), briefOf(one),
  make('p', {textContent: one.streets.length ? streetsText(one.streets) : '道を指していない'}),
  ...(one.photos.length ? pictures([one]).map(still) : [make('p', {className: 'nophoto kind', textContent: '写真なし'})]));

export const compare = (one, other, done) => ask({
  title: '同じことの報告ですか',
  body: [make('div', {className: 'sides'}, side('あとの報告', one), side('先の報告', other)),
    make('p', {textContent: 'まとめると、一覧では一つになり、いっしょに決めます。どちらも証拠として数え続けます。違う報告なら「やめる」を押してください。'})],
  ok: '同じ報告としてまとめる',
  act: () => post(`${HQ}reports/${one.id}/twin`, {into: other.merged_into ?? other.id}),
  done,
});
