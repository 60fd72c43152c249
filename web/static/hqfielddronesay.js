/* What headquarters says of a drone's photo: what it shows and where, or that it shows nothing. */

import {at, make, put} from './deskdom.js';
import {post} from './staff.js';
import {ask} from './hqfieldask.js';
import {choosePoint} from './hqfieldpoint.js';
import {still} from './hqfieldphoto.js';
import {focusReport} from './hqfieldreports.js';
import {button, HQ, japanese, word, words} from './hqfieldsay.js';

const DECIDED = 'ほかの人が、もう決めました。「やめる」を押してください。';

/* Whether a report can stand where the camera looked: else a person says where. */
export const isAimed = one => Boolean(one.target) && words.aimed_despite.includes(one.why_not);
export const titleOf = one => `ドローンの写真（${one.name}）`;
export const errorText = one => (one.error_m === null ? '誤差不明' : `誤差 ${Math.round(one.error_m)}m`);

const picture = one => (one.picture ? still({sha: one.sha256, title: titleOf(one)}) : make('p', {className: 'nophoto kind', textContent: '写真なし'}));

const whereText = (one, chosen) => (chosen
  ? `場所：地図で選んだ ${chosen.lat.toFixed(5)}, ${chosen.lon.toFixed(5)}`
  : `場所：カメラが狙った ${one.target[1].toFixed(5)}, ${one.target[0].toFixed(5)}（${errorText(one)}）`);

const shuts = (one, chosen) => {
  if (!one.picture) return '写真を見られないので、この報告だけでは道は止まりません。';
  if (one.why_not && isAimed(one)) return `${japanese(one.why_not)}。報告にしても、確認するまで使われません。`;
  if (chosen || one.error_m <= words.sure_m) return '道を止める種類で、48時間以内の写真なら、すぐに一時停止になり、全員の案内から外れます。';
  return `${errorText(one)}なので、この報告だけでは道は止まりません。止めるときは「やめる」を押し、「地図で場所を選ぶ」から報告してください。`;
};

const NOT_YET = 'この報告は、まだこの画面に届いていません。数秒後に、もう一度押してください。';

const said = (text, answer) => {
  const part = at('undo');
  const shut = button('閉じる', () => { part.hidden = true; });
  const lacks = make('p', {className: 'warned'});
  const seen = answer ? [button('報告を見る', () => put(lacks, focusReport(answer.id) ? '' : NOT_YET))] : [];
  part.replaceChildren(make('p', {}, make('b', {textContent: text}), answer ? ` ${answer.words}` : ''), ...seen, shut, lacks);
  part.hidden = false;
};

/* `isOpen()`: whether nobody has decided meanwhile; `done()` when it is said. */
export const askReport = (one, {isOpen, done}, chosen = null) => ask({
  title: 'この写真を報告にしますか',
  body: [make('div', {className: 'sides'}, make('div', {className: 'side'}, picture(one)),
    make('div', {className: 'side'}, make('p', {}, make('b', {textContent: whereText(one, chosen)})), make('p', {textContent: shuts(one, chosen)}),
      ...(one.taken_at ? [] : [make('p', {className: 'note warn', textContent: '撮影時刻がありません。いま見たものとして扱います。'})])))],
  fields: [{name: 'kind', label: '写っているもの', needed: true, kinds: [['', '選んでください'], ...Object.entries(words.kind)], value: one.kind ?? ''},
    {name: 'note', label: 'メモ', value: one.note}],
  ok: '報告にする',
  act: values => post(`${HQ}dronephotos/${one.sha256}`, {...values, ...(chosen ? {at: chosen} : {})}).then(answer => ({...answer, kind: values.kind})),
  done: answer => {
    said(`写真を「${word('kind', answer.kind)}」の報告にしました。`, answer);
    done();
  },
  changed: () => (isOpen() ? '' : DECIDED),
});

/* First where, with the picture beside the map; then what. */
export const askPlace = (one, on) => choosePoint({
  title: '写真の場所を選ぶ',
  about: '写真と地図を見くらべて、写っているものの場所を押してください。'
    + (one.target ? '丸がカメラの狙った地点（半径は誤差）、破線の形が写っている範囲です。' : 'カメラの狙った地点はわかりません。'),
  where: one.target && {type: 'Point', coordinates: one.target},
  error_m: one.error_m,
  footprint: one.footprint,
  beside: [picture(one)],
  ok: 'この場所にする',
  look: async ({lat, lon}) => ({line: [], said: `${lat.toFixed(5)}, ${lon.toFixed(5)} を写真の場所にします。まだ送りません。`}),
  send: async () => {},
  done: chosen => askReport(one, on, chosen),
});

export const askNothing = (one, {isOpen, done}) => ask({
  title: 'この写真を「異常なし」にしますか',
  body: [make('div', {className: 'side'}, picture(one)),
    make('p', {textContent: '判断を待つ写真から外れます。道は何も変わりません。あとから報告にすることもできます。'})],
  ok: '異常なしにする',
  act: () => post(`${HQ}dronephotos/${one.sha256}`, {kind: 'nothing'}),
  done: () => {
    said('写真を「異常なし」にしました。下の「異常なしにした写真」から、報告にできます。');
    done();
  },
  changed: () => (isOpen() ? '' : DECIDED),
});
