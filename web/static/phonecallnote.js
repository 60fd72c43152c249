/* Noting a call: the label is read back before a household counts as reached, which stays so. */

import {clockText, now} from './staff.js';
import {at, fill, make, put} from './deskdom.js';
import {dropUnsent, keepNoted, keepRefused, notedCalls, sendCall, unsentCalls} from './phonecallqueue.js';
import {revisionRead} from './phonecallread.js';

const {zone} = at('desk').dataset;
const label = at('label');
const said = at('said');
let call = null;
/* What the page knows of its reading, and what it does of it. */
let page = {};

const spelled = text => text.normalize('NFKC').replace(/\s+/g, '').toUpperCase();
const refuse = text => {
  put(said, text);
  said.classList.add('stop');
};
export const sayWell = text => {
  put(said, text);
  said.classList.remove('stop');
};

/* Only one that was read whole to somebody is noted as heard: which, must have been said. */
const made = answered => {
  const {line, reading} = page.now();
  if (!line) {
    refuse('先に、読む配信を選んでください。');
    return null;
  }
  if (!spelled(label.value)) {
    refuse('世帯の紙の番号を書いてください。');
    label.focus();
    return null;
  }
  const read = revisionRead(reading) ?? (answered ? null : reading.shown);
  if (!read) {
    refuse('文が替わりました。どの版を読み終えたか、上で選んでください。');
    at('replaced').querySelector('button')?.focus();
    return null;
  }
  return {alert: line.alert, ...read, label: spelled(label.value), answered, drill: line.drill, at: new Date(now()).toISOString()};
};

const closeSure = () => {
  at('sure').hidden = true;
  call = null;
};

const askSure = () => {
  call = made(true);
  if (!call) return;
  sayWell('');
  put(at('sure-label'), call.label);
  put(at('sure-word'), `この番号の世帯が、${call.drill ? '訓練の' : ''}第${call.revision}版を電話で聞いた、と記録します。番号を読み返しましたか。記録すると取り消せず、戸別訪問の対象から外れます。`);
  at('sure').hidden = false;
  at('back').focus();
};

const outcome = (answer, one) => {
  if (!one.answered) return `${one.label}：出なかったことを記録しました。到達には数えません。`;
  if (answer.told_now) return `${one.label}：第${one.revision}版を聞いた世帯として記録しました。`;
  return `${one.label}：第${one.revision}版を聞いた世帯として記録しました。この版はもう終わっているか、新しい版に替わりました。新しい文は届いていません。もう一度かけてください。`;
};

export const noted = (answer, one) => {
  keepNoted({label: one.label, answered: one.answered, revision: one.revision, drill: one.drill, at: one.at, old: one.answered && !answer.told_now});
  sayWell(outcome(answer, one));
  drawNoted();
};

/* The next label may be typed at once; one that is refused comes back, and never over another. */
const send = async one => {
  if (!one) return;
  closeSure();
  label.value = '';
  page.called();
  label.focus();
  sayWell('送っています…');
  try {
    const answer = await sendCall(one);
    if (answer) noted(answer, one);
    else sayWell('');
  } catch (error) {
    if (label.value || page.now().reading?.alert !== one.alert || !page.rewrite(one)) {
      keepRefused(one, error.message);
      sayWell('');
    } else {
      label.value = one.label;
      refuse(error.message);
    }
  } finally {
    page.typed();
    drawUnsent();
  }
};

const unsentLine = one => {
  const head = `未送信：${one.label}　${one.answered ? '出た' : '出ない'}（第${one.revision}版・${clockText(one.at, zone)}）。`;
  const line = make('div', {className: 'note stop'}, make('b', {textContent: head}), ' ', one.isRefused ? one.why : `まだ送れていません。つながり次第、第${one.revision}版の記録として送ります。このページを閉じないでください。`);
  if (!one.isRefused) return line;
  const again = make('button', {type: 'button', className: 'btn', textContent: '書き直す'});
  const drop = make('button', {type: 'button', className: 'btn', textContent: '記録しないで消す'});
  again.addEventListener('click', () => {
    if (!page.rewrite(one)) {
      refuse('その配信はもう一覧にありません。本部に口頭で伝えてください。');
      return;
    }
    dropUnsent(one.id);
    label.value = one.label;
    label.focus();
    drawUnsent();
  });
  drop.addEventListener('click', () => {
    dropUnsent(one.id);
    drawUnsent();
    label.focus();
  });
  line.append(make('div', {className: 'twobuttons'}, again, drop));
  return line;
};

export const drawUnsent = () => {
  const lines = unsentCalls();
  fill(at('unsent'), JSON.stringify(lines), () => lines.map(unsentLine));
};

export const drawNoted = () => {
  const calls = notedCalls();
  at('log-word').hidden = !calls.length;
  fill(at('log'), JSON.stringify(calls), () => calls.map(one => make('li', {},
    make('b', {textContent: one.label}),
    `　${one.answered ? '出た' : '出ない'}　${one.drill ? '訓練　' : ''}第${one.revision}版　${clockText(one.at, zone)}`,
    ...one.old ? [make('b', {className: 'again', textContent: 'かけ直す'})] : [])));
};

/* now() gives {line, reading}; called() when a call is noted or kept; rewrite(call) goes back to one
   and says whether it could. */
export const listenToNotes = given => {
  page = given;
  at('form').addEventListener('submit', event => {
    event.preventDefault();
    askSure();
  });
  at('silent').addEventListener('click', () => {
    closeSure();
    send(made(false));
  });
  at('yes').addEventListener('click', () => send(call));
  at('back').addEventListener('click', () => {
    closeSure();
    label.focus();
  });
  at('sure').addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    closeSure();
    label.focus();
  });
  label.addEventListener('input', () => {
    closeSure();
    page.typed();
  });
  drawUnsent();
  drawNoted();
};

/* Whatever was about to be noted is asked anew where the words change meanwhile. */
export const wordsChanged = closeSure;
