/* One question at a time: what it does, what it needs, and the way back. What the server refuses is said
   in the question, and nothing that was typed is lost; below the page where the question was closed. */

import {at, make, put} from './deskdom.js';
import {say} from './staff.js';
import {failedSoFar, sayFailed} from './hqfieldfailed.js';
import {drawn, japanese, root} from './hqfieldsay.js';

const dialog = at('ask');
let asked = null;
let busy = null;

const chip = (text, input) => {
  const made = make('button', {type: 'button', className: 'chip add', textContent: text});
  made.addEventListener('click', () => {
    input.value = text;
    input.focus();
  });
  return made;
};

const select = (name, kinds, value) => {
  const made = make('select', {name}, ...kinds.map(([key, text]) => make('option', {value: key, textContent: text})));
  made.value = value;
  return made;
};

const options = (name, choices) => make('datalist', {id: `ask-${name}-list`}, ...choices.map(value => make('option', {value})));

/* One of `kinds` ([key, text]), or a line of text. */
const fieldOf = ({name, label, needed, chips = [], choices = [], kinds = null, value = '', type = 'text'}) => {
  const input = kinds ? select(name, kinds, value) : make('input', {name, type, value, maxLength: 200, autocomplete: 'off'});
  input.required = Boolean(needed);
  if (choices.length) input.setAttribute('list', `ask-${name}-list`);
  return make('div', {className: 'asked'}, make('label', {}, `${label}${needed ? '' : '（なくてもよい）'} `, input),
    options(name, choices), make('p', {className: 'chips'}, ...chips.map(one => chip(one, input))));
};

const close = () => {
  asked = null;
  dialog.close();
};

const sent = () => Object.fromEntries([...at('ask-form').elements].filter(one => one.name).map(one => [one.name, one.value.trim()]));

const missing = () => [...at('ask-form').elements].find(one => one.name && one.required && !one.value.trim());

const act = async does => {
  const mine = asked;
  if (!mine || busy === mine) return;
  const lacks = missing();
  if (lacks) {
    say(at('ask-said'), '必要な欄が空いています。書いてから、もう一度押してください。', true);
    return lacks.focus();
  }
  busy = mine;
  dialog.setAttribute('aria-busy', 'true');
  say(at('ask-said'), '送っています…');
  let answer;
  try {
    answer = await does(sent());
  } catch (error) {
    if (asked === mine) say(at('ask-said'), japanese(error.message), true);
    else sayFailed(mine, error);
    return root.dispatchEvent(new CustomEvent('refused', {detail: error.status}));
  } finally {
    if (busy === mine) {
      busy = null;
      dialog.setAttribute('aria-busy', 'false');
    }
  }
  mine.forget();
  if (asked === mine) close();
  return mine.done?.(answer);
};

/* {title, body: nodes, fields, ok, style, act(values), done(answer), more: [text, act], changed(): why
   it is no longer what it was, '' while it is}. */
export const ask = question => {
  if (dialog.open) return;
  asked = {...question, forget: failedSoFar()};
  dialog.setAttribute('aria-busy', 'false');
  put(at('ask-title'), question.title);
  at('ask-body').replaceChildren(...question.body, ...(question.fields ?? []).map(fieldOf));
  say(at('ask-said'), '');
  at('ask-changed').hidden = true;
  put(at('ask-ok'), question.ok);
  at('ask-ok').className = `btn ${question.style ?? 'primary'}`;
  at('ask-more').hidden = !question.more;
  if (question.more) put(at('ask-more'), question.more[0]);
  drawn.aged();
  dialog.showModal();
  const first = at('ask-body').querySelector('input,select');
  (first ?? (question.style === 'danger' ? at('ask-back') : at('ask-ok'))).focus();
};

export const isAsking = () => dialog.open;

/* Somebody else may have decided meanwhile. */
export const lookAgain = () => {
  const text = asked?.changed?.() ?? '';
  put(at('ask-changed'), text);
  at('ask-changed').hidden = !text;
};

at('ask-form').addEventListener('submit', event => {
  event.preventDefault();
  act(values => asked.act(values));
});
at('ask-back').addEventListener('click', close);
at('ask-more').addEventListener('click', () => {
  const [, goes] = asked.more;
  close();
  goes();
});
dialog.addEventListener('close', () => { asked = null; });
