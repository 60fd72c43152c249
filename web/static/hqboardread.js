/* The board's answer; what did not change since the last one is not sent again. */

import {get} from './staff.js';

const BOARD = '/api/v1/headquarters/board';

/* `last`: the answer before, null where there is none. */
export const readBoard = async last => {
  const answer = await get(last?.hash ? `${BOARD}?have=${last.hash}` : BOARD);
  return answer.state ? answer : {...answer, state: last.state};
};
