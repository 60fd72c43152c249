/* Taking back what stands: streets that were ordered closed, water, how many more come. */

import {at, make, put} from './deskdom.js';
import {standing} from './hqwhatifmaps.js';
import {API, japanese, root} from './hqwhatifsay.js';
import {heedDoing} from './hqwhatifsigned.js';
import {clockText, post, say} from './staff.js';

const form = at('take-back-form');
const dialog = at('take-back');
let given = null;

const since = one => clockText(one.at, root.dataset.zone);

const parts = () => {
  const {water, closures} = standing();
  return [
    ...closures.map(one => ({path: `closures/${one.id}/reopened`, word: `通行止めを開ける：${one.street || '名のない道'}（${one.reason}、${since(one)}）`, asks: '道を開けると、すぐに案内がこの道を通ります。通れることを、現地の人に確かめましたか。'})),
    ...water.map(one => ({path: `water/${one.id}/removed`, word: `水の記録を消す：${one.source}（${since(one)}）`, asks: 'この水の記録を消すと、すぐに案内がその区域を通ります。水が引いたことを、現地の人に確かめましたか。'})),
    {path: 'turnout/cleared', word: '来る人の割合を、市の設定に戻す', asks: '増やした分だけでなく、変えた割合がすべて市の設定に戻ります。計画の空きは、その割合で数えます。'},
  ];
};

export const showUndo = () => {
  at('undo-part').hidden = !root.dataset.approver;
  if (!root.dataset.approver) return;
  at('undo-list').replaceChildren(...parts().map(one => {
    const made = make('button', {type: 'button', textContent: `${one.word}…`});
    made.addEventListener('click', () => {
      given = one;
      put(at('take-back-what'), `${one.word}。${one.asks}`);
      say(at('take-back-said'), '');
      dialog.showModal();
      at('take-back-close').focus();
    });
    return make('li', {}, made);
  }));
};

export const listenToUndo = ({done}) => {
  at('take-back-close').addEventListener('click', () => dialog.close());
  dialog.addEventListener('cancel', event => { if (form.dataset.asking) event.preventDefault(); });
  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (!given || form.dataset.asking) return;
    form.dataset.asking = 'yes';
    say(at('take-back-said'), '行っています…');
    try {
      await post(`${API}imagined/${given.path}`, {confirmed: true});
      dialog.close();
      done(`取り消しました。${given.word}`);
    } catch (error) {
      heedDoing(error);
      say(at('take-back-said'), japanese(error.message), true);
      if (!dialog.open) dialog.showModal();
    } finally {
      delete form.dataset.asking;
    }
  });
};
