// What a desk said of its doors and rooms: such a word has no id, and may be wrong by the time that it
// could be sent. Then it is asked again instead.
import {LONGEST} from './deskask.js';

const LASTS = 30 * 60e3;
const TOO_LATE = '30分以内に送れませんでした。いまもそうなら、もう一度押してください。';
const OVERTAKEN = 'このあとに、別の知らせが出ています。いまもそうなら、もう一度押してください。';

export const isOfDoors = to => to === 'opening' || to === 'rooms';

// Somebody has spoken since, by more than this tablet's clock may be off.
const isOvertaken = ({body, made}, {opening, opening_since: since}, offset) => (
  body.opening !== opening && made + offset + LONGEST < Date.parse(since));

// Why a row is not sent any more, '' where it is. `state` is what the city says now: a disk that broke
// may still hold what was sent before.
export const lateness = (row, state, offset) => {
  if (Date.now() - row.made > LASTS) return TOO_LATE;
  return row.to === 'opening' && isOvertaken(row, state, offset) ? OVERTAKEN : '';
};
