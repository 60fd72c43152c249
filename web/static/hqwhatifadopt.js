/* Doing what was imagined: asked about once more, with all that it does; whatever is refused is said. */

import {at, make, put} from './deskdom.js';
import {API, bodyOf, count, isBarred, japanese, streetWord} from './hqwhatifsay.js';
import {heedDoing} from './hqwhatifsigned.js';
import {newId, post, say} from './staff.js';

const form = at('adopt-form');
const dialog = at('adopt');
const reason = form.elements.reason;
let given = null;

const DONE = {open: '場所を「開設準備」にしました（扉が開いたと聞いてから「開設」にします）', close: '道を通行止めにしました', lost: '水のある区域を記録しました', shut: '場所を閉鎖にしました', more: '来る人の割合を変えました'};
const KIND = {open: '場所を開ける', close: '道を閉じる', lost: '水の記録', shut: '場所を閉じる', more: '来る人の割合'};

const linesOf = ({imagined}) => [
  ...imagined.open.map(one => `${one.name}を「開設準備」にする（いま ${one.now}）。鍵の管理者に電話し、扉が開いたと聞いてから「開設」にします。割り当てはそのときに始まります。`),
  ...imagined.close.map(one => `${streetWord(one)}（${count(one.length_m)} m）を${imagined.by_water ? '冠水による' : ''}通行止めにする。すぐに全員の案内から外れます。`),
  ...imagined.lost.map(() => '区域に「いま水がある」と記録する。どの道もそこを通らず、囲まれた世帯は「すぐ安全な所へ」に変わります。'),
  ...imagined.shut.map(one => `${one.name}を「閉鎖」にする（いま ${one.now}）。だれも割り当てられなくなります。`),
  ...(imagined.more ? [`来る人の割合を ${imagined.more} %増やす。計画の空きはこの割合で数えます。`] : []),
];

/* Water closes streets as it was looked at: not as the reason sounds that is typed afterwards. */
const waterOf = ({imagined, until, cut_off: cut}) => (imagined.by_water
  ? `水で閉じるので、道がなくなる世帯のうち${count((until?.cut_off ?? cut).secure_now)}世帯は、発令がなくても「すぐ安全な所へ」（緊急安全確保）です。`
  : '水によらない通行止めとして計算しました。冠水なら、やめて「水で閉じる」を選び、計算し直してください。');

/* How each part is undone, and by whom. */
const BACK = {
  places: '「避難場所と要請」の画面で、場所の状態を変えます。',
  here: 'この画面の「取り消す」で、承認者が行います。',
  more: 'この画面の「取り消す」で、承認者が一つ前の割合か、市の設定に戻します。',
};
const backOf = ({imagined}) => [
  (imagined.open.length || imagined.shut.length) && `場所：${BACK.places}`,
  imagined.close.length && `道：${BACK.here}`,
  imagined.lost.length && `水の記録：${BACK.here}`,
  imagined.more && `来る人の割合：${BACK.more}`,
].filter(Boolean);

/* What comes at once: where doors are to open, without them. */
const atOnce = found => {
  const {cut_off: cut, no_room: room, moved} = found.until ?? found;
  return {cut: cut.households, room: room.households, all: cut.households + room.households + moved.households};
};

const needsReason = ({imagined}) => Boolean(imagined.close.length || imagined.lost.length || imagined.more);

export const openAdopt = (found, stack) => {
  if (!found || isBarred(found)) return;
  given = {found, stack, key: newId(), dry: false};
  const fill = (id, lines) => at(id).replaceChildren(...lines.map(text => make('li', {textContent: text})));
  fill('adopt-list', linesOf(found));
  fill('adopt-back', backOf(found));
  const soon = atOnce(found);
  at('adopt-water').hidden = !found.imagined.close.length;
  put(at('adopt-water'), waterOf(found));
  at('adopt-until').hidden = !found.until;
  put(at('adopt-until'), found.until ? `扉が開くまでは、孤立 ${count(soon.cut)}世帯、場所が足りない ${count(soon.room)}世帯です。先に場所だけを採用し、「開設」になってから残りを採用することもできます。` : '');
  at('adopt-waits').hidden = !found.waits;
  put(at('adopt-waits'), `${count(soon.all)}世帯に関わるので（孤立 ${count(soon.cut)}、場所が足りない ${count(soon.room)}）、一斉の変更は別の承認者を待ちます。道は今すぐ止まります。`);
  at('adopt-why').hidden = !needsReason(found);
  reason.required = needsReason(found);
  say(at('adopt-said'), '');
  dialog.showModal();
  (needsReason(found) ? reason : form.querySelector('[value=go]')).focus();
};

const doneOf = answer => [...new Set(answer.done)].map(one => DONE[one]).join('、');

/* The same in short, without what is still to come. */
export const shortOf = answer => doneOf(answer).replace(/（[^）]*）/g, '');

const sentence = answer => {
  const done = doneOf(answer);
  const refused = answer.refused.map(one => `${KIND[one.what]}は、できませんでした：${japanese(one.why)}`).join(' ');
  const waits = answer.waits ? ' 多くの世帯の移動は、別の承認者が決めるまで待ちます（本部の一枚に出ます）。' : '';
  const behind = answer.behind ? ' ほかの変更がまだ計画に入っていません。だれが動くかは、計画が追いついてから確かめてください。' : '';
  return [done && `${done}。`, refused, waits, behind].filter(Boolean).join(' ');
};

/* What failed is said in the dialog, and on the page where somebody has closed it meanwhile. */
const sayFailed = (error, failed) => {
  const words = japanese(error.message);
  say(at('adopt-said'), words, true);
  if (!dialog.open) failed(words);
};

/* `done(words)` once it was done; `other(effect, words)` where it would do something else by now. */
export const listenToAdopt = ({done, other, failed}) => {
  at('adopt-close').addEventListener('click', () => form.dataset.asking || dialog.close());
  reason.addEventListener('input', () => {
    if (form.dataset.asking) return;
    given.dry = false;
    say(at('adopt-said'), '');
  });
  dialog.addEventListener('cancel', event => { if (form.dataset.asking) event.preventDefault(); });
  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (!given || form.dataset.asking) return;
    if (reason.required && !reason.value.trim()) {
      say(at('adopt-said'), '理由を入れてから、もう一度押してください。', true);
      reason.focus();
      return;
    }
    form.dataset.asking = 'yes';
    say(at('adopt-said'), '行っています…');
    try {
      const {found, stack, key, dry} = given;
      const body = {imagined: bodyOf(stack), digest: found.digest, reason: reason.value.trim(), key, dry, confirmed: true};
      const answer = await post(`${API}imagined/adoption`, body);
      dialog.close();
      reason.value = '';
      done(sentence(answer), answer);
    } catch (error) {
      if (error.problem?.imagined) {
        dialog.close();
        other(error.problem.imagined, japanese(error.message));
      } else {
        heedDoing(error);
        const type = error.problem?.type ?? '';
        // Who presses once more says that no water closes these streets.
        given.dry = type.endsWith(':speaks-of-water');
        // Where no answer came it may be done, or is being done: the same key asks what became of it.
        if (error.status >= 400 && error.status < 500 && !type.endsWith(':under-way')) given.key = newId();
        sayFailed(error, failed);
      }
    } finally {
      delete form.dataset.asking;
    }
  });
};
