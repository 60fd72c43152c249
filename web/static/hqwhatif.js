/* What if: what is imagined, stacked; asked for, shown, done with one key or dropped. */

import {at, make, put} from './deskdom.js';
import {pageKeys} from './hqbarkeys.js';
import {listenToAdopt, openAdopt, shortOf} from './hqwhatifadopt.js';
import {forgetDone, readDone, sayDone} from './hqwhatifdone.js';
import {closedSites, drawMaps, onPick, readNow, toggleFlows} from './hqwhatifmaps.js';
import {showResult} from './hqwhatifresult.js';
import {ANOTHER_LOAD, API, bodyOf, closes, count, isBarred, japanese, keyOf, root, sayPart} from './hqwhatifsay.js';
import {heed} from './hqwhatifsigned.js';
import {drawStack, isWater, withWater} from './hqwhatifstack.js';
import {load, onRead, onTry, part, readStreets, step, streets, turnOrder} from './hqwhatifstreets.js';
import {listenToTry, openTry} from './hqwhatiftry.js';
import {listenToUndo, readUndo, showUndo} from './hqwhatifundo.js';
import {clockText, post, setClock} from './staff.js';

const RENEW_MS = 15e3;
let stack = [];
let found = null;
let asked = 0;
let followers = [];

const trouble = text => {
  at('trouble').hidden = !text;
  put(at('trouble'), text);
};

const say = text => put(at('state'), text);

const showStack = () => {
  drawStack(stack, change);
  at('adopt-open').disabled = !found || isBarred(found);
};

const nearest = one => {
  const from = [...found.cut_off.areas, ...found.moved.areas].find(area => area.at)?.at ?? found.imagined.close[0]?.line[0];
  return from ? Math.hypot((one.lon - from[0]) * 0.8, one.lat - from[1]) : 0;
};

/* What may be tried next: the nearest place that is not open, more people, the next street. */
const suggested = () => {
  const keys = new Set(stack.map(keyOf));
  const place = closedSites().sort((a, b) => nearest(a) - nearest(b)).map(one => ({kind: 'open', id: one.id, word: one.name}));
  const more = stack.some(one => one.kind === 'more') ? [] : [{kind: 'more', percent: 30}];
  const next = streets().map(part);
  return [place, more, next].flatMap(list => list.filter(one => !keys.has(keyOf(one))).slice(0, 1));
};

const showMore = () => {
  followers = found ? suggested() : [];
  at('more-part').hidden = !followers.length;
  at('more').replaceChildren(...followers.map((one, place) => {
    const made = make('button', {type: 'button'}, make('kbd', {textContent: String(place + 1)}), ` ${sayPart(one)}`);
    made.addEventListener('click', () => add([one]).catch(() => null));
    return make('li', {}, made);
  }));
};

const show = effect => {
  found = effect;
  if (found) forgetDone();
  showStack();
  showResult(found);
  showMore();
  put(at('on'), found ? `計画 第${count(found.version)}版 ${clockText(found.as_of, root.dataset.zone)}` : '—');
  put(at('took'), found ? `${found.seconds.toFixed(2)}秒・全${count(found.households)}世帯` : '—');
  for (const box of document.querySelectorAll('.map')) box.classList.remove('waits');
  return drawMaps(found);
};

/* Asks about all that is imagined; what is refused leaves everything as it was, and is thrown. */
const ask = async wanted => {
  asked += 1;
  const mine = asked;
  trouble('');
  say('計算しています…');
  at('map-then').classList.add('waits');
  try {
    const effect = await post(`${API}imagined`, bodyOf(wanted));
    if (mine !== asked) return;
    stack = wanted;
    say('');
    await show(effect);
  } catch (error) {
    if (mine !== asked) return;
    say('');
    at('map-then').classList.remove('waits');
    heed(error);
    throw Error(japanese(error.message));
  }
};

const change = async asks => {
  const wanted = asks.some(closes) ? asks : asks.filter(one => !isWater(one));
  if (!wanted.length) return drop();
  try {
    await ask(wanted);
    at('h-change').focus();
  } catch (error) {
    trouble(error.message);
  }
  return null;
};

const add = async more => {
  const keys = new Set(stack.map(keyOf));
  await ask([...stack, ...more.filter(one => !keys.has(keyOf(one)))]);
  at('adopted').hidden = true;
  at('h-change').focus();
};

const drop = () => {
  asked += 1;
  stack = [];
  trouble('');
  say('');
  show(null);
};

/* Whether water closes the streets changes who is told to go up: it is computed anew. */
const turnWater = () => change(withWater(stack));

const dropOld = () => {
  if (document.querySelector('dialog[open]') || !stack.some(one => one.load && one.load !== load())) return;
  drop();
  trouble(ANOTHER_LOAD);
};

const renew = async () => {
  if (document.querySelector('dialog[open]')) return;
  const another = await readStreets();
  if (!another) return;
  await Promise.all([readNow(), readUndo(), readDone()]);
  showUndo();
  if (document.querySelector('dialog[open]')) return;
  if (!stack.length) return void drawMaps(null);
  say('もとの計画が新しくなったので、計算し直しています…');
  await ask(stack).catch(error => trouble(`新しい計画では計算できません。${error.message}`));
};

const seeNow = () => Promise.all([readNow(), readUndo(), readDone()]).then(() => {
  showUndo();
  return drawMaps(found);
});

onTry((one, stacks) => {
  at('adopted').hidden = true;
  return change(stacks && stack.length ? [...stack, one] : [one]);
});
listenToTry(add);
onPick(point => add([{kind: 'point', point}]).catch(error => trouble(error.message)));
onRead(dropOld);
listenToAdopt({
  done: (words, answer) => {
    put(at('adopted'), `採用しました。${words}`);
    at('adopted').classList.toggle('warn', answer.refused.length > 0);
    at('adopted').hidden = false;
    sayDone('採用しました', shortOf(answer));
    drop();
    at('adopted').scrollIntoView({block: 'nearest'});
    seeNow();
  },
  failed: trouble,
  other: (effect, words) => {
    show(effect);
    trouble(words);
    at('h-change').focus();
  },
});
listenToUndo({
  done: (words, which) => {
    put(at('adopted'), words);
    at('adopted').classList.remove('warn');
    at('adopted').hidden = false;
    // What is imagined goes on: then nothing of that is done.
    if (!stack.length) sayDone('取り消しました', which);
    showStack();
    seeNow();
  },
});
at('adopt-open').addEventListener('click', () => openAdopt(found, stack));
at('wet').addEventListener('click', turnWater);
at('drop').addEventListener('click', drop);
at('undo').addEventListener('click', () => change(stack.slice(0, -1)));

const flowsShown = () => {
  at('flows-shown').setAttribute('aria-pressed', String(toggleFlows()));
  drawMaps(found);
};
at('flows-shown').addEventListener('click', flowsShown);

const LETTERS = {
  j: () => step(1), k: () => step(-1), t: openTry, m: flowsShown, o: turnOrder, c: () => stack.some(closes) && turnWater(),
  a: () => openAdopt(found, stack), u: () => stack.length && change(stack.slice(0, -1)),
};

const adopts = event => event.key === 'Enter' && found && (event.target === document.body || event.target === at('h-change') || event.target.id === 'main');

pageKeys({
  letter: event => {
    const place = '123'.indexOf(event.key);
    if (place >= 0) return followers[place] ? () => add([followers[place]]).catch(error => trouble(error.message)) : null;
    return LETTERS[event.key.toLowerCase()] ?? null;
  },
  any: event => (adopts(event) && !document.querySelector('dialog[open]') ? () => openAdopt(found, stack) : null),
  escape: () => {
    if (document.querySelector('dialog[open]') || !stack.length) return false;
    drop();
    return true;
  },
});

const begin = async () => {
  setClock(root.dataset.now);
  await Promise.all([readStreets(), readNow(), readUndo(), readDone()]);
  showUndo();
  if (!found) drawMaps(null);
  setInterval(() => { if (!document.hidden) renew(); }, RENEW_MS);
};
begin();
