/* What can be done about a decision, in its row: each act by a letter, and asked about once more. Nothing
   typed is lost on an error, and what the server refuses is said in the row. What was asked about an act
   that is no longer there is not done: the row says that it changed. */

import {make} from './deskdom.js';
import {post, say} from './staff.js';
import {japanese, roles} from './hqboardsay.js';

const may = act => (act.role === 'approver' ? roles.has('approver') : roles.size > 0);
const NO_ROLE = {approver: '承認者だけができます。'};
const CHANGED = '内容が変わりました。読み直して、もう一度選んでください。';

/* What somebody decides by: where one of these is another, so is the decision. */
const meaning = ({title, href, acts}) => JSON.stringify([title, href, acts]);

const button = (text, key, values = {}) => {
  const made = make('button', {type: 'button', className: `btn ${values.style ?? ''}`}, text);
  if (key) made.append(' ', make('kbd', {textContent: key}));
  return made;
};

const bodyOf = (act, typed) => {
  if (!act.asks) return act.body;
  if (!act.number) return {...act.body, [act.field]: typed};
  const plain = typed.normalize('NFKC').replace(/[,人]/g, '');
  if (!/^\d{1,6}$/.test(plain)) throw Error('数字で入れてください。');
  return {...act.body, [act.field]: Number(plain)};
};

/* The part of a row in which it is decided. `done(act, one)` once it was, with the decision as it was then;
   `close` leaves it. */
export const actsPart = (first, {done, close}) => {
  let one = first;
  const line = make('div', {className: 'line'});
  const sure = make('form', {className: 'sure line', hidden: true, noValidate: true});
  const said = make('output', {className: 'said'});
  said.setAttribute('aria-live', 'assertive');
  const stopped = make('p', {className: 'note stop', hidden: true});
  const noted = make('p', {className: 'kind noted', hidden: true});
  noted.setAttribute('role', 'status');
  const part = make('div', {className: 'do'}, stopped, noted, line, sure, said);
  part.setAttribute('role', 'group');
  let busy = false;
  let why = '';
  let asked = null;
  let next = null;

  const cancel = () => {
    if (sure.hidden) return false;
    sure.hidden = true;
    sure.replaceChildren();
    asked = null;
    return true;
  };

  const send = async (act, typed) => {
    if (busy) return;
    busy = true;
    const then = one;
    part.setAttribute('aria-busy', 'true');
    say(said, '送っています…');
    try {
      await post(act.path, bodyOf(act, typed), act.method);
      say(said, '');
      cancel();
      next = null;
      done(act, then);
    } catch (error) {
      say(said, japanese(error.message), true);
    } finally {
      busy = false;
      part.setAttribute('aria-busy', 'false');
      if (next) renew(next, said.textContent);
    }
  };

  const askSure = (word, question, does) => {
    const back = button('やめる', 'Esc');
    back.addEventListener('click', () => { cancel(); part.closest('[data-key]').focus(); });
    const yes = make('button', {className: 'btn danger'}, `はい、${word} `, make('kbd', {textContent: 'Enter'}));
    sure.replaceChildren(question, yes, back);
    sure.hidden = false;
    sure.onsubmit = event => {
      event.preventDefault();
      does();
    };
    (question.querySelector('input') ?? yes).focus();
  };

  /* Asks once more, in place; what it needs is written there. */
  const askFor = act => {
    if (why) return say(said, why, true);
    if (!may(act)) return say(said, NO_ROLE[act.role] ?? 'この役割ではできません。', true);
    say(said, '');
    const typed = asked?.asks === act.asks ? sure.querySelector('input')?.value ?? '' : '';
    const input = act.asks ? make('input', {name: 'typed', required: true, maxLength: 200, autocomplete: 'off', inputMode: act.number ? 'numeric' : 'text', value: typed}) : null;
    asked = act;
    askSure(act.word, input ? make('label', {}, `${act.asks} `, input) : make('p', {textContent: `「${act.word}」をします。`}), () => {
      if (input && !input.value.trim()) {
        say(said, `${act.asks}を書いてから、もう一度押してください。`, true);
        return input.focus();
      }
      return send(act, input?.value.trim() ?? '');
    });
    return undefined;
  };

  const goOn = does => {
    const made = button('それでも決める');
    made.addEventListener('click', () => askSure('それでも決める', make('p', {textContent: '話して確かめましたか。ほかの人も同時に決められます。先に決めたほうが残ります。'}), () => {
      cancel();
      say(said, '');
      does();
    }));
    return made;
  };

  const sayStopped = () => {
    for (const made of line.querySelectorAll('[data-act]')) made.setAttribute('aria-disabled', String(Boolean(why) || made.dataset.act === 'no'));
  };

  const draw = () => {
    const {acts} = one;
    part.setAttribute('aria-label', `${one.title}を決める`);
    const whole = make('a', {className: 'btn', href: one.href}, acts.length ? 'くわしく見る ' : '開いて決める ', make('kbd', {textContent: 'Enter'}));
    const shut = button('閉じる', 'Esc');
    shut.addEventListener('click', close);
    line.replaceChildren(...acts.map(act => {
      const made = button(act.word, act.key.toUpperCase(), {style: may(act) ? 'primary' : ''});
      made.dataset.act = may(act) ? 'yes' : 'no';
      made.addEventListener('click', () => askFor(act));
      return made;
    }), whole, shut);
    sayStopped();
  };
  draw();

  /* Nothing that was asked is done any more; what is being typed stays, so that no letter becomes a key. */
  const halt = () => {
    if (!sure.querySelector('input')) return cancel();
    sure.querySelector('.danger')?.remove();
    sure.onsubmit = event => {
      event.preventDefault();
      say(said, CHANGED, true);
    };
    return true;
  };

  /* Here Enter does nothing: whoever was about to press it reads first. */
  const rest = () => {
    part.tabIndex = -1;
    part.focus();
    part.addEventListener('blur', () => part.removeAttribute('tabindex'), {once: true});
  };

  /* The decision as it is now; `refused`: what the server said of what was sent before. */
  const renew = (now, refused = '') => {
    next = null;
    if (meaning(now) === meaning(one)) return;
    if (busy) {
      next = now;
      return;
    }
    const here = part.contains(document.activeElement);
    one = now;
    halt();
    draw();
    say(said, `${refused}${CHANGED}`, true);
    if (here) said.scrollIntoView({block: 'nearest'});
    if (here && !part.contains(document.activeElement)) rest();
  };

  return {
    part,
    cancel,
    renew,
    /* A letter of this row; nothing where it has none of it. */
    press: letter => {
      const found = one.acts.find(act => act.key.toLowerCase() === letter);
      return found && (() => askFor(found));
    },
    follow: () => location.assign(one.href),
    isTyped: () => Boolean(sure.querySelector('input')?.value),
    /* What is to be known here; it bars nothing. */
    note: text => {
      noted.textContent = text;
      noted.hidden = !text;
    },
    /* Why nothing can be done now; '' while it can. `does`: what goes on all the same, after one more question. */
    stop: (text, does = null) => {
      if (why === text) return;
      why = text;
      stopped.replaceChildren(text, ...(text && does ? [' ', goOn(does)] : []));
      stopped.hidden = !text;
      part.classList.toggle('stopped', Boolean(text));
      sayStopped();
    },
  };
};
