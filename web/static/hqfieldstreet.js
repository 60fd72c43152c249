/* Choosing the street of a report that named none. */

import {decideAll, foresee} from './hqfielddecide.js';
import {choosePoint} from './hqfieldpoint.js';
import {streetsText, word} from './hqfieldsay.js';

const saidOf = seen => (seen.closes.length
  ? `${streetsText(seen.closes)} を通行止めにします。`
  : `${streetsText(seen.closed)} は、もう通行止めです。この報告も確認になります。`);

const SHAPES = {
  Point: '丸が報告の場所（半径は誤差）です。',
  LineString: '描かれた線が報告の場所です。',
  Polygon: '囲んだ区域が報告の場所です。',
};

/* `confirmed()`: without a street after all; `done()` when it is closed. */
export const chooseStreet = (report, {confirmed, done}) => choosePoint({
  title: '道を選ぶ',
  about: `「${word('kind', report.kind)}」の報告は道を指していません。${SHAPES[report.where.type]}止まっている道を押してください。`,
  where: report.where,
  error_m: report.error_m,
  ok: 'この道を通行止めにする',
  look: async at => {
    const seen = await foresee(report.id, at);
    return {line: seen.chosen, said: saidOf(seen)};
  },
  send: at => decideAll([report.id], 'confirmed', '', at),
  done,
  none: ['道を選ばずに確認する', confirmed],
});
