// Forms that open below their buttons: a number counted anew, and what the city is asked for.
import {isTenfold} from './deskmodel.js';
import {momentOf} from './deskwords.js';
import {at, put} from './deskdom.js';

const DANGER = '送ると、すぐ市民の画面に「危険・孤立」と出て、新しい人は案内されなくなります。'
  + '取り消せるのは本部だけです。命が危ないときは、先に逃げ、119 へ。';
const NEED_WORDS = {
  ambulance: ['救急車', 'まず 119 に電話。ここからは、市にも知らせます。', '市に知らせる'],
  supplies: ['物資', '何が、いくつ必要ですか。', '市に知らせる'],
  danger: ['ここが危険', DANGER, 'はい、ここが危険です'],
  staff: ['人手', '何人、何のために必要ですか。', '市に知らせる'],
};

const toggle = (form, isOpen, from) => {
  form.hidden = !isOpen;
  if (from) from.setAttribute('aria-expanded', String(isOpen));
};

// 「数え直す」: a number, and the time on the paper where it was counted on paper.
export const recounting = ({capacity, now, count, room}) => {
  const form = at('recount');
  const {number, paper} = form.elements;
  const yes = at('recount-yes');
  const close = () => {
    toggle(form, false, at('recount-open'));
    form.reset();
    yes.hidden = true;
    put(at('recount-why'), '');
    at('recount-open').focus();
  };
  const say = text => {
    put(at('recount-why'), text);
    number.focus();
  };
  const take = async confirmed => {
    const text = number.value.normalize('NFKC').trim();
    const persons = Number(text);
    if (!/^\d{1,5}$/.test(text)) return say('人数を数字で入れてください。');
    const moment = paper.value ? momentOf(paper.value, now()) : null;
    if (paper.value && moment === null) return say('時刻は 20:30 のように入れてください。');
    if (!confirmed && isTenfold(persons, capacity(room()))) {
      put(yes, `はい、${persons} 人でまちがいない`);
      yes.hidden = false;
      return say('定員の10倍をこえています。まちがいありませんか。');
    }
    await count({kind: 'total', persons, via: moment ? 'tally' : 'clicker', confirmed, moment});
    return close();
  };
  at('recount-open').onclick = () => {
    toggle(form, form.hidden, at('recount-open'));
    if (!form.hidden) number.focus();
  };
  number.oninput = () => { yes.hidden = true; };
  form.onsubmit = event => { event.preventDefault(); take(false); };
  yes.onclick = () => take(true);
  at('recount-no').onclick = close;
};

// 「市に知らせる」: short words; danger says first what it will do.
export const asking = need => {
  const form = at('need');
  let kind = '';
  let opener = null;
  const close = () => {
    toggle(form, false, opener);
    form.reset();
    opener?.focus();
  };
  const open = button => {
    if (opener) opener.setAttribute('aria-expanded', 'false');
    [kind, opener] = [button.dataset.need, button];
    const [title, more, send] = NEED_WORDS[kind];
    put(at('need-title'), title);
    put(at('need-more'), more);
    put(at('need-send'), send);
    form.classList.toggle('grave', kind === 'danger');
    at('need-send').className = `btn ${kind === 'danger' ? 'danger' : 'primary'}`;
    toggle(form, true, button);
    form.elements.words.focus();
  };
  for (const button of document.querySelectorAll('[data-need]')) {
    button.onclick = () => open(button);
  }
  form.onsubmit = async event => {
    event.preventDefault();
    await need({kind, words: form.elements.words.value.trim().slice(0, 200)});
    close();
  };
  at('need-no').onclick = close;
};
