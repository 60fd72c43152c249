/* Registered people whose addresses no key here opens: nothing that is sent comes to them. */

import {at, put} from './deskdom.js';

const part = at('keys-lost');

export const drawLost = count => {
  part.hidden = !count;
  put(part, count ? `鍵がありません：登録者 ${count} 人に送れません。鍵のファイルを、控えから元の場所へ戻してください。直るまでは、電話・広報車・戸別訪問で知らせます。` : '');
};
