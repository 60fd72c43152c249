/* Keeps the page of places true while it is open. What the live stream says of a place or of an
   order is shown at once; what only the city can reckon, the order of the list and the ways, comes
   with the page itself, read again a moment later. A figure that grew too old reads 不明 by itself.
   All files are loaded by addresses that name their bytes: a cache has them when the city is away. */
(() => {
const page = document.currentScript.dataset;
const words = JSON.parse(page.words);
const slow = Math.max(0, Date.parse(page.now) - Date.now());
const status = document.querySelector('.late');
const aging = document.querySelector('script[data-version]').dataset;
/* The newest of each place and order that this page was not made from. */
const told = new Map();
/* Who asks from a position is answered by the city itself, all others by a cache before it. */
const shared = !('point' in page);
const APART = shared ? 2e3 : 6e3;
const SPREAD = 1500;
let [since, marked] = [page.since, ''];
let plan = 0;
let rows, listen, stream, behind, waiting;
let [due, refreshed, failures] = [0, 0, 0];

const now = () => Math.max(stream?.now() || 0, Date.now() + slow);
const area = () => document.getElementById('now');
const notice = (name, ...parts) => {
  const there = document.getElementById(name);
  if (!parts.length) return there?.remove();
  const one = there || rows.made('p', 'note warn');
  one.id = name;
  one.setAttribute('role', name === 'changed' ? 'alert' : 'status');
  one.replaceChildren(...parts);
  if (!there) area().before(one);
};

/* An order names areas or, empty, the whole city; what was drawn on a map has no area's name. */
const counts = names => !page.around || !names?.length || names.includes(page.around)
  || names.includes('地図で示した区域');

const names = order => order.area_names?.length
  ? rows.inJapanese('', order.area_names.join('、')) : words.all;

const raise = order => {
  const strip = area().querySelector('.strip');
  const level = Number(strip.querySelector('.n b')?.textContent || 0);
  if (order.level <= level || !words.levels[order.level]) return;
  const what = rows.made('p', 'm', words.hazards[order.hazard] || '', words.and, names(order));
  if (order.since) {
    what.append(rows.made('br', ''), ...rows.around(words.issued, rows.moment(order.since)));
  }
  const number = rows.made('p', 'n', words.level, rows.made('b', '', String(order.level)));
  const said = rows.made('div', '', rows.made('p', 'w', words.levels[order.level]), what);
  strip.className = 'strip lv' + order.level;
  strip.replaceChildren(number, said);
};

/* At level 5 nobody is shown a place or a way before it is known for whom it counts. */
const stop = here => {
  const template = document.getElementById('stop');
  if (!template) return;
  area().replaceChildren(area().querySelector('.strip'));
  if (!here) return;
  template.remove();
  const content = template.content;
  document.querySelector('nav.bar').replaceWith(content.querySelector('nav.bar'));
  area().append(content);
  scrollTo(0, 0);
};

const alarm = order => {
  const here = order && counts(order.area_names);
  if (here) raise(order);
  if (order?.level >= 5) stop(here);
  if (order?.level >= 5 && !here) {
    const [before, after] = words.elsewhere.split('{areas}');
    notice('changed', before, names(order), after);
  } else if (!document.getElementById('changed')) {
    notice('changed', words.changed);
  }
};

const parted = at => {
  const cut = at.lastIndexOf(':');
  return [at.slice(0, cut), Number(at.slice(cut + 1))];
};

const newer = one => {
  const [epoch, offset] = parted(page.since);
  return one.epoch !== epoch || one.offset > offset;
};

const take = one => {
  if (!newer(one)) return;
  if (one.topic === 'plan') {
    plan = one.state?.number || 0;
    if (plan === Number(page.plan)) return;
  } else {
    told.set(`${one.topic} ${one.key}`, one);
    if (one.topic === 'levels') alarm(one.state); else rows.patch(one);
  }
  /* All who heard the same ask for the same page, which a cache then keeps for them. */
  if (one.topic !== 'sites') {
    marked = `${one.epoch}:${one.offset}`;
    refresh(one.topic === 'plan' ? 0 : 4e3);
  }
};

/* Whether a page knows of the plan and of the orders that were told: none is ever taken back. */
const knows = fresh => {
  const orders = fresh.orders.split(',');
  return Number(fresh.plan) >= plan && [...told.values()].every(({topic, key, state}) =>
    topic !== 'levels' || orders.includes(key.replace('order:', '')) === Boolean(state));
};

const swap = text => {
  const next = new DOMParser().parseFromString(text, 'text/html');
  const fresh = next.querySelector('script[data-since]')?.dataset;
  if (!fresh || !knows(fresh)) throw new Error('older than what was told');
  area().replaceWith(next.getElementById('now'));
  for (const name of ['nav.bar', '.foot']) {
    document.querySelector(name).replaceWith(next.querySelector(name));
  }
  const template = next.getElementById('stop');
  document.getElementById('stop')?.remove();
  if (template) document.body.append(template);
  notice('changed');
  for (const name of ['since', 'plan', 'orders', 'around']) page[name] = fresh[name];
  aging.version = page.plan;
  for (const [name, one] of told) {
    if (one.topic === 'sites' && newer(one)) rows.patch(one); else told.delete(name);
  }
  rows.expire();
};

const read = async () => {
  waiting = 0;
  refreshed = Date.now();
  const url = new URL(location.href);
  if (marked && shared) url.searchParams.set('since', marked);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), 9e3);
  try {
    const answer = await fetch(url, {cache: 'no-store', signal: late.signal});
    if (!answer.ok) throw answer.status;
    swap(await answer.text());
    failures = 0;
  } catch {
    failures = Math.min(failures + 1, 5);
    refresh(1e3 * 2 ** failures);
  } finally {
    clearTimeout(timer);
  }
};

const refresh = soonest => {
  const at = Math.max(Date.now() + soonest, refreshed + APART) + SPREAD * Math.random();
  if (waiting && due <= at) return;
  clearTimeout(waiting);
  due = at;
  waiting = setTimeout(read, at - Date.now());
};

const say = () => {
  rows?.expire();
  if (!rows || !behind || status.firstElementChild) return notice('behind');
  notice('behind', ...rows.around(words.behind, rows.moment(behind.toISOString())));
};

const follow = () => {
  stream = listen({
    topics: ['sites', 'levels', 'plan'],
    since,
    onState: (topic, key, state, change) => take(change),
    onSnapshot: all => {
      told.clear();
      all.forEach(take);
      refresh(0);
    },
    onBehind: date => {
      behind = date;
      say();
    },
  });
};

const rest = () => {
  since = stream?.since() || since;
  stream?.close();
  stream = null;
};

const look = () => {
  say();
  if (document.hidden) rest();
  else if (listen && !stream) follow();
};

const begin = async () => {
  const [{drawn, ...more}, live] = await Promise.all([import(page.rows), import(page.live)]);
  rows = {...more, ...drawn(words, page.zone, now)};
  listen = live.follow;
  aging.follows = 1;
  addEventListener('newplan', () => refresh(0));
  look();
};

const started = () => begin().catch(() => setTimeout(started, 3e4));

started();
setInterval(say, 5e3);
document.addEventListener('visibilitychange', look);
addEventListener('pageshow', event => event.persisted && look());
})()
