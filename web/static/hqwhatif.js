/* What if: what is imagined, stacked; asked for, shown, done with one key or dropped. */

import {at, make, put} from './deskdom.js';
import {pageKeys} from './hqbarkeys.js';
import {listenToAdopt, openAdopt} from './hqwhatifadopt.js';
import {closedSites, drawMaps, onPick, readNow, toggleFlows} from './hqwhatifmaps.js';
import {showResult} from './hqwhatifresult.js';
import {API, bodyOf, count, isBarred, japanese, keyOf, root, sayPart, saysAll} from './hqwhatifsay.js';
import {heed} from './hqwhatifsigned.js';
import {load, onTry, part, readStreets, step, streets, turnOrder} from './hqwhatifstreets.js';
import {listenToTry, openTry} from './hqwhatiftry.js';
import {listenToUndo, showUndo} from './hqwhatifundo.js';
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
  at('stack').replaceChildren(...stack.map((one, place) => {
    const gone = make('button', {type: 'button', textContent: '×'});
    gone.setAttribute('aria-label', `${sayPart(one)}をやめる`);
    gone.addEventListener('click', () => change(stack.filter((_, other) => other !== place)));
    return make('li', {}, sayPart(one), gone);
  }));
  put(at('what'), stack.length ? saysAll(stack) : '何も変えていません');
  for (const id of ['drop', 'undo']) at(id).disabled = !stack.length;
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
    const effect = await post(`${API}imagined`, bodyOf(wanted, load()));
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

const change = async wanted => {
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

const renew = async () => {
  if (document.querySelector('dialog[open]')) return;
  const another = await readStreets();
  if (!another) return;
  await readNow();
  showUndo();
  if (document.querySelector('dialog[open]')) return;
  if (!stack.length) return void drawMaps(null);
  say('もとの計画が新しくなったので、計算し直しています…');
  await ask(stack).catch(error => trouble(`新しい計画では計算できません。${error.message}`));
};

const seeNow = () => readNow().then(() => {
  showUndo();
  return drawMaps(found);
});

onTry((one, stacks) => {
  at('adopted').hidden = true;
  return change(stacks && stack.length ? [...stack, one] : [one]);
});
listenToTry(add);
onPick(point => add([{kind: 'point', point}]).catch(error => trouble(error.message)));
listenToAdopt({
  load,
  done: (words, answer) => {
    put(at('adopted'), `採用しました。${words}`);
    at('adopted').classList.toggle('warn', answer.refused.length > 0);
    at('adopted').hidden = false;
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
  done: words => {
    put(at('adopted'), words);
    at('adopted').classList.remove('warn');
    at('adopted').hidden = false;
    seeNow();
  },
});
at('adopt-open').addEventListener('click', () => openAdopt(found, stack));
at('drop').addEventListener('click', drop);
at('undo').addEventListener('click', () => change(stack.slice(0, -1)));

const flowsShown = () => {
  at('flows-shown').setAttribute('aria-pressed', String(toggleFlows()));
  drawMaps(found);
};
at('flows-shown').addEventListener('click', flowsShown);

const LETTERS = {
  j: () => step(1), k: () => step(-1), t: openTry, m: flowsShown, o: turnOrder,
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
  await Promise.all([readStreets(), readNow()]);
  showUndo();
  if (!found) drawMaps(null);
  setInterval(() => { if (!document.hidden) renew(); }, RENEW_MS);
};
begin();
