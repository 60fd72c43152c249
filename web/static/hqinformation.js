/* Headquarters' page of sources: read again each quarter of a minute, and after each change. */

import {at, fill, make, put} from './deskdom.js';
import {ages, clockText, get, setClock} from './staff.js';
import {pageKeys} from './hqbarkeys.js';
import {setMode} from './hqbarmode.js';
import {API, ask, asked, busy, fetchNow, handOver, loses} from './hqinformationacts.js';

const root = at('information');
const list = at('sources');
const {zone} = root.dataset;
const EVERY_MS = 15e3;
let known = [];
setClock(root.dataset.now);
const aged = ages(root);

const time = (iso, before = '', after = '') => make('span', {className: 'at'}, before,
  make('time', {dateTime: iso}, make('span', {textContent: clockText(iso, zone)})), after);

/* Of when it is: when it was heard, or the older moment that it gives itself. */
const asOf = one => (one.said_at && Date.parse(one.said_at) < Date.parse(one.heard_at) ? one.said_at : one.heard_at);
const isOld = one => !one.heard_at || one.failing_since
  || Date.parse(known.now) - Date.parse(asOf(one)) > Math.max((one.way === 'drop' ? 1 : 2) * one.every_s, 600) * 1e3;

const every = seconds => (seconds % 3600 ? `${Math.round(seconds / 60)}分` : `${seconds / 3600}時間`);

const state = one => {
  if (!one.heard_at) return make('p', {className: 'said-at', textContent: 'まだ一度も届いていません。'});
  return make('p', {className: 'said-at'}, `${one.items}件　`, time(asOf(one), '', asOf(one) === one.heard_at ? ' に確かめた内容' : ' の発表'),
    ...(isOld(one) ? ['（古い情報として出しています）'] : []));
};

const names = (word, count, titles) => (count ? [make('details', {className: word === '消えたもの' ? 'gone' : 'came'},
  make('summary', {textContent: `${word} ${count}件`}),
  make('ul', {}, ...titles.map(text => make('li', {textContent: text})),
    ...(count > titles.length ? [make('li', {textContent: `ほか ${count - titles.length}件`})] : [])))] : []);

const button = (one, does, word, key, style = '') => {
  const made = make('button', {type: 'button', className: `btn ${style}`}, word);
  if (key) made.append(' ', make('kbd', {textContent: key}));
  made.dataset.does = does;
  made.setAttribute('aria-label', `${word}：${one.name}`);
  made.addEventListener('click', () => act(one, does));
  return made;
};

const held = one => (one.held ? [make('div', {className: 'held'},
  make('p', {}, make('b', {textContent: '公開せずに止めています　'}), time(one.held.since, '', ' から')),
  ...one.held.doubts.map(text => make('p', {textContent: `・${text}`})),
  make('p', {className: 'count-line', textContent: `${one.items ?? 0}件 → ${one.held.items}件（増えた ${one.held.added}・消えた ${one.held.gone}）`}),
  ...names('消えたもの', one.held.gone, one.held.gone_titles),
  ...names('増えたもの', one.held.added, one.held.added_titles),
  make('div', {className: 'line'}, button(one, 'accept', '公開する', 'A', loses(one) ? '' : 'primary'), button(one, 'refuse', '公開しない', 'X')))] : []);

const facts = one => make('details', {className: 'more'}, make('summary', {textContent: 'くわしく'}),
  make('dl', {}, ...[
    ['形式', one.format_word], ['来かた', `${one.way_word} ${one.place}`], ['間隔', every(one.every_s)],
    ['出典', one.attribution || '—'], ['ライセンス', one.licence || '—'],
    ['市民のページ', one.public ? '出す' : '出さない'],
    ['除いたもの', `${one.left_out}件（遠い所、ありえない場所や時刻）`],
  ].flatMap(([word, text]) => [make('dt', {textContent: word}), make('dd', {textContent: text})])));

const dropping = one => {
  const input = make('input', {type: 'file', id: `file-${one.number}`});
  input.addEventListener('change', () => handOver(one, input).then(read));
  return make('p', {}, make('label', {htmlFor: input.id, textContent: 'ファイルを渡す（1 MBまで）'}), ' ', input);
};

const card = one => {
  const late = one.failing_since && !one.held;
  const made = make('li', {id: `source-${one.number}`, tabIndex: -1,
    className: `source ${one.held || one.waits ? 'waits' : ''} ${isOld(one) ? 'old' : ''}`},
  make('h3', {}, one.name, make('span', {textContent: one.theme_word}), make('span', {textContent: one.public ? '市民に公開' : '本部だけ'})),
  state(one),
  ...(late ? [make('p', {className: 'bad'}, time(one.failing_since, '届いていません：', ` から。${one.failure}`))] : []),
  ...held(one),
  ...(one.way === 'drop' ? [dropping(one)] : []),
  make('div', {className: 'line'},
    ...(one.way === 'drop' ? [] : [button(one, 'fetch', '今すぐ取りに行く', 'T')]),
    ...(one.waits ? [button(one, 'seen', '6時間は知らせない', '')] : []),
    button(one, 'stop', 'この情報源をやめる', 'Q')),
  facts(one));
  return made;
};

const draw = told => {
  const open = [...list.querySelectorAll('details[open]')].map(one => `#${one.closest('li').id} details.${one.className}`);
  const here = document.activeElement?.closest?.('.source')?.id;
  const does = document.activeElement?.dataset?.does;
  known = Object.assign(told.sources, {now: told.now});
  setClock(told.now);
  setMode(told.mode);
  put(at('count'), String(known.length));
  at('none').hidden = known.length > 0;
  put(at('none'), 'まだ情報源がありません。「情報源を加える」（N）で加えてください。市民のページには「届いていません」と出ています。');
  put(at('read-at'), `${clockText(told.now, zone)} に読みました`);
  at('read-at').classList.remove('bad');
  const key = JSON.stringify([told.sources, told.sources.map(isOld)]);
  fill(list, key, () => known.map(card));
  for (const one of open) list.querySelector(one)?.setAttribute('open', '');
  if (here && at(here) && document.activeElement === document.body) {
    (does && at(here).querySelector(`[data-does="${does}"]`) || at(here)).focus();
  }
  aged();
};

async function read() {
  try {
    draw(await get(API));
  } catch (error) {
    setMode('live'); // unknown
    put(at('read-at'), `読めません。下は前に読んだものです。${error.message}`);
    at('read-at').classList.add('bad');
    if (!known.length) put(at('none'), '情報源を読めていません。ないという意味ではありません。');
  }
}

async function act(one, does) {
  if (busy()) return;
  if (does === 'fetch') await fetchNow(one);
  else ask(one, does);
  await read();
}
asked(read);

const rows = () => [...list.children];
const current = () => rows().indexOf(document.activeElement?.closest?.('.source'));
const step = by => () => {
  const all = rows();
  const next = all[Math.min(Math.max(current() + by, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({block: 'nearest'});
};
const press = does => {
  const found = rows()[current()] ?? (rows().length === 1 ? rows()[0] : null);
  return found?.querySelector(`[data-does="${does}"]`);
};
const DOES = {t: 'fetch', a: 'accept', x: 'refuse', q: 'stop'};
const toggle = () => {
  const more = rows()[current()].querySelector('details.more');
  more.open = !more.open;
};
pageKeys({
  letter: event => {
    const key = event.key.toLowerCase();
    if (key === 'j') return step(1);
    if (key === 'k') return step(-1);
    if (key === 'n') return () => at('add').elements.name.focus();
    const found = DOES[key] && press(DOES[key]);
    return found ? () => found.click() : null;
  },
  any: event => {
    if (document.querySelector('dialog[open]')) return null;
    const plain = event.target.matches('body,main,.source');
    if (event.key === 'Enter' && event.target.matches('.source')) return toggle;
    if (plain && event.key === 'ArrowDown') return step(1);
    if (plain && event.key === 'ArrowUp') return step(-1);
    return null;
  },
});

const arrive = async () => {
  await read();
  root.dataset.ready = '';
  at(location.hash.slice(1))?.focus();
};
arrive();
setInterval(() => document.hidden || read(), EVERY_MS);
