/* The revision that is open, part by part; and what machine this is: real, or a drill. */

import {at, fill, put} from './deskdom.js';
import {followReach, reachWords} from './hqreach.js';
import {OUT, areasText, edition, isDrill, number, pairs, percent, root, time, title, word} from './hqalertsay.js';
import {drills, isDirty, isOpen, targetNow} from './hqalertform.js';
import {drawChecks} from './hqalertchecks.js';
import {drawBlast} from './hqalertblast.js';
import {drawDecide} from './hqalertdecide.js';
import {drawWords} from './hqalertwords.js';
import {drawLedger, drawProgress} from './hqalertledger.js';
import {drawMore} from './hqalertmore.js';

const PARTS = ['deciding', 'checks', 'difference', 'blast', 'sending', 'ledger', 'rendered'];

const recordRows = one => [
  ['区域', areasText(one)],
  ['行動', one.action || (one.kind === 'evacuation' ? '（ひな形の言葉）' : '')],
  ['理由', one.reason ?? ''],
  ['種類', `${word('kind', one.kind)}・${word('step', one.step)}・${edition(one)}`],
  ['期限', time(one.expires_at, '', true)],
];

const means = {drill: false, connected: true};
const sayMeans = () => put(at('machine-means'), means.drill ? '市民には届きません' : reachWords(means.connected));
followReach(connected => {
  means.connected = connected;
  sayMeans();
});

const drawMode = state => {
  const drill = isOpen() ? drills() : Boolean(state.whole && isDrill(state.whole));
  document.body.classList.toggle('drill', drill);
  root.querySelectorAll('.tape').forEach(one => { one.hidden = !drill; });
  put(at('machine'), drill ? '訓練' : '実災害');
  means.drill = drill;
  sayMeans();
  const one = state.whole;
  fill(at('opened'), JSON.stringify([one?.number, one?.state, one?.level, one?.revision]), () => (one
    ? [title(one), `　${edition(one)}・${word('state', one.state)}`] : ['一覧から選ぶか、新しく作ります。']));
  at('reach').hidden = !one?.blast;
  if (one?.blast) {
    fill(at('reach'), JSON.stringify(one.blast), () => pairs([
      ['対象', `${number(one.blast.households)} 世帯`], ['市全体に対して', percent(one.blast.share)]]));
  }
};

const nextOf = (state, one) => state.alerts.find(found => found.alert === one.alert && found.revision > one.revision
  && !['rejected', 'withdrawn'].includes(found.state));

/* `acts`: renew(), done(whole), revise(whole, step), again(whole), aged(). */
export const drawAll = (state, acts) => {
  const one = state.whole;
  drawMode(state);
  at('nothing').hidden = Boolean(one) || isOpen();
  at('record').hidden = !one;
  for (const id of PARTS) if (!one) at(id).hidden = true;
  /* A drill's carriers say nothing of an alert's. */
  const channels = state.channels.filter(found => found.status === one?.status);
  drawMore(one, {channels, taken: state.ledger?.households.taken, aged: acts.aged});
  if (!one) return;
  const edits = isOpen() && targetNow().number === one.number;
  at('record').classList.toggle('onpaper', edits);
  fill(at('record-words'), JSON.stringify(recordRows(one).map(([, value]) => value.textContent ?? value)), () => pairs(recordRows(one)));
  at('edit').hidden = one.state !== 'draft' || edits;
  drawChecks(one, acts.renew).then(acts.aged);
  drawBlast(one, channels);
  drawDecide(one, {...acts, delegates: state.delegates, dirty: edits && isDirty(), next: nextOf(state, one)});
  drawProgress(one, OUT.includes(one.state));
  drawLedger(OUT.includes(one.state) ? state.ledger : null);
  drawWords(one);
  acts.aged();
};
