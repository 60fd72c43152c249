/* What a door list says of itself, at headquarters and to the welfare role: no door is in it. */

import {now} from './staff.js';
import {number, time} from './hqalertsay.js';

/* When a team must be on its way home: at its withdrawal, or as soon as it is called back. */
export const homeBy = one => (one.recalled_at && one.recalled_at < one.withdraw_at ? one.recalled_at : one.withdraw_at);
export const isLate = one => Boolean(one.handed_at && !one.back_at && now() >= Date.parse(homeBy(one)));
export const listName = one => `${one.area} ${one.han}班`;
export const moment = one => (one.recalled_at ? time(homeBy(one), '呼び戻し ', true) : time(one.withdraw_at, '撤収 ', true));
export const stateOf = one => (isLate(one) && !one.recalled_at && !one.escalated_at ? '撤収時刻を過ぎた' : one.words);

/* A team that goes on telling what was cancelled or is over: it is told by telephone, and comes home. */
export const isTelling = one => Boolean(one.ended && !one.back_at && !one.recalled_at);
export const ENDED = {
  cancel: ['取り消した文を伝えている', '配信は取り消しました。電話で伝え、戻してください。'],
  all_clear: ['解除した文を伝えている', '配信は解除しました。電話で伝え、戻してください。'],
};

const some = (text, value) => (value ? `・${text} ${number(value)}` : '');
export const counts = one => `${number(one.doors)}戸・声かけ済 ${number(one.called)}${some('話した', one.spoken)}${some('送迎が要る', one.lifts)}`;
