/* Doing what was imagined: asked about once more, with all that it does; whatever is refused is said. */

import {at, make, put} from './deskdom.js';
import {API, bodyOf, count, japanese} from './hqwhatifsay.js';
import {post, say} from './staff.js';
import {streetWord} from './hqwhatifsay.js';

const form = at('adopt-form');
const dialog = at('adopt');
const reason = form.elements.reason;
let given = null;

const DONE = {open: '場所を「開設準備」にしました（扉が開いたと聞いてから「開設」にします）', close: '道を通行止めにしました', lost: '水のある区域を記録しました', shut: '場所を閉鎖にしました', more: '来る人の割合を変えました'};
const KIND = {open: '場所を開ける', close: '道を閉じる', lost: '水の記録', shut: '場所を閉じる', more: '来る人の割合'};

const linesOf = ({imagined}) => [
  ...imagined.open.map(one => `${one.name}を「開設準備」にする（いま ${one.now}）。鍵の管理者に電話し、扉が開いたと聞いてから「開設」にします。割り当てはそのときに始まります。`),
  ...imagined.close.map(one => `${streetWord(one)}（${count(one.length_m)} m）を通行止めにする。すぐに全員の案内から外れます。`),
  ...imagined.lost.map(() => '区域に「いま水がある」と記録する。どの道もそこを通らず、囲まれた世帯は「すぐ安全な所へ」に変わります。'),
  ...imagined.shut.map(one => `${one.name}を「閉鎖」にする（いま ${one.now}）。だれも割り当てられなくなります。`),
  ...(imagined.more ? [`来る人の割合を ${imagined.more} %増やす。計画の空きはこの割合で数えます。`] : []),
];

const needsReason = ({imagined}) => Boolean(imagined.close.length || imagined.lost.length || imagined.more);

export const openAdopt = (found, stack) => {
  if (!found) return;
  given = {found, stack};
  at('adopt-list').replaceChildren(...linesOf(found).map(text => make('li', {textContent: text})));
  at('adopt-waits').hidden = !found.waits;
  put(at('adopt-waits'), `${count(found.moved.households + found.cut_off.households)}世帯が動くので、一斉の変更は別の承認者を待ちます。道は今すぐ止まります。`);
  at('adopt-why').hidden = !needsReason(found);
  reason.required = needsReason(found);
  say(at('adopt-said'), '');
  dialog.showModal();
  (needsReason(found) ? reason : form.querySelector('[value=go]')).focus();
};

const sentence = answer => {
  const done = [...new Set(answer.done)].map(one => DONE[one]).join('、');
  const refused = answer.refused.map(one => `${KIND[one.what]}は、できませんでした：${japanese(one.why)}`).join(' ');
  const waits = answer.waits ? ' 多くの世帯の移動は、別の承認者が決めるまで待ちます（本部の一枚に出ます）。' : '';
  return [done && `${done}。`, refused, waits].filter(Boolean).join(' ');
};

/* `done(words)` once it was done; `other(effect, words)` where it would do something else by now. */
export const listenToAdopt = ({load, done, other}) => {
  at('adopt-close').addEventListener('click', () => dialog.close());
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
      const {found, stack} = given;
      const body = {imagined: bodyOf(stack, load()), digest: found.digest, reason: reason.value.trim(), confirmed: true};
      const answer = await post(`${API}imagined/adoption`, body);
      dialog.close();
      reason.value = '';
      done(sentence(answer), answer);
    } catch (error) {
      if (error.problem?.imagined) {
        dialog.close();
        other(error.problem.imagined, japanese(error.message));
      } else {
        say(at('adopt-said'), japanese(error.message), true);
      }
    } finally {
      delete form.dataset.asking;
    }
  });
};
