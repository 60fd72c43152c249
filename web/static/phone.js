/* The phone desk: find, ask, read aloud, keep. Everything typed survives a reload or an error. */

import {ages, clockText, get, newId, now, setClock} from './staff.js';
import {forgetPlaces, listenForPlaces} from './phonefind.js';
import {listenToMap, putMap, putPin} from './phonemap.js';
import {clearAnswer, drawAnswer, renewAge, toldNow, trouble} from './phoneanswer.js';
import {listenToReport} from './phonereport.js';
import {listenToSlips, offerJoining, renewSlips, reopens} from './phoneslips.js';
import {
  dropUnsent, isForLater, keepDraft, keepUnsent, keptDraft, send, sendUnsent, unsentSlips,
} from './phonequeue.js';

const part = id => document.getElementById(id);
const form = part('form');
const desk = part('desk');
const HOME = ['profile', 'dwelling', 'floor', 'floors', 'supplies_h'];
const TYPED = ['where', ...HOME, 'landmark', 'caller', 'phone', 'need', 'handed_to', 'report_kind', 'report_note', 'report_link'];
const RENEW_MS = 5e3;
const MOVED_MS = 250;
const CHANGING_MS = 2e3;

let draft = {id: newId(), spot: null, landmark: ''};
let asked = 0;
let timer = 0;
let isKeeping = false;
let lateSince = '';
let isOut = false;
/* What the answer told before it was withdrawn. */
let withdrawn = null;

const value = name => form.elements[name].value.trim();
const say = (text, isError = false) => {
  part('said').replaceChildren(text);
  part('said').classList.toggle('stop', isError);
};

const save = () => keepDraft({...draft, typed: Object.fromEntries(TYPED.map(name => [name, form.elements[name].value]))});

const question = () => {
  const query = new URLSearchParams({lat: draft.spot.lat.toFixed(6), lon: draft.spot.lon.toFixed(6)});
  for (const name of HOME) if (value(name)) query.set(name, value(name));
  return query;
};

const spotWords = area => {
  const {name, lat, lon} = draft.spot;
  const there = [name, area && area !== name ? area : ''].filter(Boolean).join('・');
  return `${there}（${lat.toFixed(5)}, ${lon.toFixed(5)}）`;
};

/* Without the sign-in nobody hears here of a closed way or of level 5: no answer is left to read. */
const noAnswer = () => {
  clearAnswer();
  if (!isOut) return;
  part('waiting').hidden = true;
  trouble('新しい知らせが届かないので、答えを出していません。サインインし直すと、いまの答えが出ます。');
};

/* Nothing is asked any more until somebody signs in again; what was typed stays in this tab. */
const leave = () => {
  if (isOut) return;
  isOut = true;
  asked += 1;
  clearTimeout(timer);
  withdrawn = toldNow();
  noAnswer();
  const link = Object.assign(document.createElement('a'), {
    className: 'btn', href: `/signin?next=${encodeURIComponent(location.pathname)}`, textContent: 'サインイン',
  });
  part('behind').replaceChildren('サインインし直してください。書いたことと未送信の受付票は、このタブに残っています。', link);
  part('behind').hidden = false;
};

const ask = async (isSame = false) => {
  if (!draft.spot || isOut) return;
  const number = ++asked;
  try {
    const answer = await get(`/api/v1/phone/answer?${question()}`);
    if (number !== asked) return;
    setClock(answer.now);
    putMap(answer.map);
    drawAnswer(answer, isSame);
    if (part('spot-text').textContent !== spotWords(answer.area)) part('spot-text').textContent = spotWords(answer.area);
    if (answer.changing) askSoon(true, CHANGING_MS);
  } catch (error) {
    if (error.status === 401) leave();
    if (number !== asked) return;
    if (error.status && !isForLater(error)) clearAnswer();
    trouble(error.status ? error.message : 'サーバーにつながりません。この答えは古いかもしれません。つながり次第、出し直します。');
  }
};

const askSoon = (isSame, after = MOVED_MS) => {
  clearTimeout(timer);
  timer = setTimeout(() => ask(isSame), after);
};

const showSpot = () => {
  part('spot').hidden = !draft.spot;
  if (!draft.spot) return;
  part('rough').hidden = draft.spot.exact;
  putPin(draft.spot);
};

const goTo = spot => {
  draft.spot = spot;
  withdrawn = null;
  noAnswer();
  showSpot();
  save();
  return ask();
};

listenForPlaces((hit, typed) => {
  const {name, lat, lon, exact, kind} = hit;
  form.elements.where.value = typed;
  if (value('landmark') === draft.landmark) {
    draft.landmark = kind === 'point' ? '' : name;
    form.elements.landmark.value = draft.landmark;
  }
  goTo({name, lat, lon, exact});
  form.querySelector('[name=profile]:checked').focus();
});

listenToMap(at => {
  draft.spot = {...draft.spot, ...at, exact: true};
  part('rough').hidden = true;
  save();
  askSoon(false);
});

const emptied = () => {
  draft = {id: newId(), spot: null, landmark: ''};
  asked += 1;
  clearTimeout(timer);
  form.reset();
  forgetPlaces();
  withdrawn = null;
  noAnswer();
  showSpot();
  save();
  part('where').focus();
};

const slip = outcome => ({
  id: draft.id,
  landmark: value('landmark') || value('where'),
  at: draft.spot && {lat: draft.spot.lat, lon: draft.spot.lon},
  exact: Boolean(draft.spot?.exact),
  household: Object.fromEntries(HOME.map(name => [name, value(name)])),
  caller: value('caller'),
  phone: value('phone'),
  need: value('need'),
  told: toldNow() || withdrawn,
  handed_to: value('handed_to') || null,
  outcome,
});

const arrived = (answer, body) => {
  const {number} = answer.slip;
  say(body.outcome ? `受付票 ${number} に記録し、終わりました。` : `受付票 ${number} を一覧に残しました。`);
  offerJoining(answer);
  drawUnsent();
  renew();
};

/* With a matter handed on, the slip stays on the list, whichever key was pressed. */
const keep = async outcome => {
  if (isKeeping) return;
  const body = slip(value('handed_to') ? null : outcome);
  if (!draft.spot && !body.landmark && !body.need && !body.phone && !body.caller) {
    say('場所・用件・電話番号のどれかを書いてください。', true);
    return;
  }
  isKeeping = true;
  say('送っています…');
  try {
    const answer = await send(body);
    emptied();
    arrived(answer, body);
  } catch (error) {
    if (isForLater(error)) {
      keepUnsent(body, error.message);
      emptied();
      say(error.status === 401 ? '送れませんでした。このタブに残しました。サインインし直すと送ります。'
        : '送れませんでした。このタブに残し、つながり次第もう一度送ります。', true);
      if (error.status === 401) leave();
      drawUnsent();
    } else say(error.message, true);
  } finally {
    isKeeping = false;
  }
};

const rewrite = body => {
  dropUnsent(body.id);
  emptied();
  draft.id = body.id;
  for (const name of HOME) form.elements[name].value = body.household[name] || '';
  for (const name of ['landmark', 'caller', 'phone', 'need']) form.elements[name].value = body[name];
  form.elements.handed_to.value = body.handed_to || '';
  if (body.at) goTo({name: body.landmark, ...body.at, exact: body.exact});
  drawUnsent();
  save();
};

const drawUnsent = () => {
  const box = part('unsent');
  const lines = unsentSlips().map(({body, why, isRefused}) => {
    const line = document.createElement('div');
    line.className = 'note stop';
    const words = `未送信：${[body.landmark, body.need].filter(Boolean).join('　') || '受付票'}。`;
    line.append(Object.assign(document.createElement('b'), {textContent: words}), ' ', isRefused ? why : `つながり次第、自動で送ります。${why}`);
    if (isRefused) {
      const back = Object.assign(document.createElement('button'), {type: 'button', className: 'btn', textContent: '書き直す'});
      back.addEventListener('click', () => rewrite(body));
      line.append(back);
    }
    return line;
  });
  if (box.textContent !== lines.map(one => one.textContent).join('')) box.replaceChildren(...lines);
};

const late = text => {
  if (isOut) return;
  const note = part('behind');
  note.hidden = !text;
  if (note.textContent !== text) note.textContent = text;
};

const renew = async () => {
  try {
    await renewSlips();
    lateSince = '';
    late('');
  } catch (error) {
    if (error.status === 401) {
      leave();
      return;
    }
    lateSince ||= new Date(now()).toISOString();
    late(`${clockText(lateSince, desk.dataset.zone)} から受付票の一覧を更新できていません。${error.status ? error.message : ''}`);
  }
};

const tick = async () => {
  renewAge();
  await sendUnsent(arrived);
  drawUnsent();
  await Promise.all([renew(), ask(true)]);
  if (!isOut) setTimeout(tick, RENEW_MS);
};

const restore = () => {
  const kept = keptDraft();
  if (!kept) return;
  draft = {id: kept.id, spot: kept.spot, landmark: kept.landmark};
  for (const name of TYPED) form.elements[name].value = kept.typed?.[name] || '';
  showSpot();
};

listenToSlips((text, number, isError = false) => {
  say(text, isError);
  if (number === null) return;
  const back = Object.assign(document.createElement('button'), {type: 'button', className: 'link', textContent: '元に戻す'});
  back.addEventListener('click', () => reopens(number));
  part('said').append(' ', back);
}, one => {
  if (!value('landmark')) form.elements.landmark.value = one.landmark;
  for (const name of HOME) form.elements[name].value = one.told.household?.[name] || '';
  goTo({name: one.landmark, ...one.at, exact: Boolean(one.told.exact)});
  part('text').focus();
});

listenToReport(form, () => draft.spot, save);

form.addEventListener('submit', event => event.preventDefault());
form.addEventListener('input', event => {
  save();
  if (HOME.includes(event.target.name)) askSoon(false);
});
form.addEventListener('keydown', event => {
  const plain = event.key === 'Enter' && !event.ctrlKey && !event.isComposing;
  if (!plain || !HOME.includes(event.target.name)) return;
  event.preventDefault();
  part('text').focus();
});
document.addEventListener('keydown', event => {
  if (event.isComposing) return;
  if (event.key === 'Enter' && event.ctrlKey) {
    event.preventDefault();
    keep(event.shiftKey ? null : 'guided');
  } else if (event.altKey && event.code === 'KeyN') {
    event.preventDefault();
    emptied();
    say('');
  }
});
part('done').addEventListener('click', () => keep('guided'));
part('keep').addEventListener('click', () => keep(null));
part('clear').addEventListener('click', () => { emptied(); say(''); });

setClock(desk.dataset.now);
restore();
save();
drawUnsent();
ages(desk);
tick();
