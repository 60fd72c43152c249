/* A household's own page, told at once that something is new for it. Whoever has not set out is
   shown the new page after a moment; whoever has said that they are on the way reads on until they
   ask for it. Another order loads every page anew: at level 5 no way may be shown any more.
   Only once the new page has come is the old one left: nothing that can still be read is ever lost.
   The words and the key are of `#news`; what the page was made from is told at the script of ages.
*/

const page = document.getElementById('news');
const aging = document.querySelector('script[data-version]').dataset;
const status = document.querySelector('.late');
const {streamKey: key, live, toldMark: mark, going} = page.dataset;
const SHOWN = 5;
const SPREAD = {way: 3e3, plan: 8e3, order: 2e3};

const known = aging.orders.split(',').filter(one => one);
let [listen, stream, since, behind] = [null, null, '', null];
let [newest, left, failures, due, timer] = [Number(aging.version), 0, 0, 0, 0];
let ordered = 0;
const told = new Map(known.map(id => [id, {}]));

const made = (name, className, ...parts) => {
  const element = document.createElement(name);
  element.className = className;
  element.append(...parts);
  return element;
};

const notice = (id, role, ...parts) => {
  const there = document.getElementById(id);
  if (!parts.length) return there?.remove();
  const one = there || made('p', 'note warn');
  one.id = id;
  one.setAttribute('role', role);
  one.replaceChildren(...parts);
  if (!there) status.before(one);
};

/* The new page, if it is as new as what was told: a server may be a moment behind. */
const read = async () => {
  const url = new URL(location.href);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), 9e3);
  try {
    const answer = await fetch(url, {cache: 'no-store', signal: late.signal});
    if (!answer.ok) throw answer.status;
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = next.querySelector('script[data-version]').dataset;
    if (Number(fresh.version) < newest) throw new Error('older than what was told');
    const {toldMark} = next.getElementById('news').dataset;
    const {version, to, orders, waits} = fresh;
    return {version, to, orders, waits, mark: toldMark};
  } finally {
    clearTimeout(timer);
  }
};

const banner = () => {
  const there = page.querySelector('p');
  if (there) return there;
  const button = made('button', 'btn primary', page.dataset.see);
  const said = made('p', '');
  button.type = 'button';
  button.onclick = async () => {
    button.disabled = true;
    try {
      await read();
      location.reload();
    } catch {
      button.disabled = false;
      said.replaceChildren(made('b', '', page.dataset.failed));
    }
  };
  page.append(made('div', 'note', said, button));
  return said;
};

const say = (first, ...after) => banner().replaceChildren(made('b', '', first), ...after);

/* Shown for whole seconds in which somebody can see it. */
const renewed = () => {
  if (page.querySelector('.stop')) return;
  const after = going ? page.dataset.stays : page.dataset.soon;
  say(page.dataset.new, document.createElement('br'), after);
  if (going || left) return;
  left = SHOWN;
  clearTimeout(timer);
  due = 0;
};

const later = (work, spread) => {
  const at = Date.now() + spread * Math.random();
  if (due && due <= at) return;
  clearTimeout(timer);
  due = at;
  timer = setTimeout(async () => {
    due = 0;
    try {
      await work();
      failures = 0;
    } catch {
      failures = Math.min(failures + 1, 5);
      later(work, 1e3 * 2 ** failures);
    }
  }, at - Date.now());
};

/* Another place waits for headquarters' word: what stands here stays, with what is shut on it. */
const anew = async () => {
  const {waits, to} = await read();
  if (waits && to !== aging.to) {
    const detail = `data-waits="yes" data-to="${to}"`;
    if (!dispatchEvent(new CustomEvent('reading', {detail, cancelable: true}))) return;
  }
  location.reload();
};

/* Whoever is on the way is told what changed for them, by whatever it was. */
const compare = async () => {
  const fresh = await read();
  if (fresh.mark === mark) {
    aging.version = fresh.version;
  } else if (fresh.to !== aging.to) {
    say(page.dataset.elsewhere);
    page.firstElementChild.classList.add('stop');
  } else {
    renewed();
  }
};

/* The orders in force, as the stream tells them, are said before any plan is made with them; the
   page is loaded anew once there is one: never again and again for one that is not there yet. */
const informed = async () => {
  if ((await read()).orders === aging.orders) throw new Error('older than what was told');
  location.reload();
};

const alarm = () => {
  const said = [...told].filter(([id]) => !known.includes(id)).map(([, order]) => order);
  const changed = said.length || known.some(id => !told.has(id));
  const worst = said.find(order => order.level > 4);
  const areas = worst?.area_names?.join('、') || aging.all;
  const words = worst ? aging.five.replace('{areas}', areas) : aging.changed;
  if (!changed && !ordered) return;
  clearTimeout(timer);
  due = 0;
  ordered = changed;
  if (!changed) return notice('changed');
  notice('changed', 'alert', words);
  later(informed, SPREAD.order);
};

const take = one => {
  if (one.topic === 'roads') return dispatchEvent(new CustomEvent('road', {detail: one}));
  if (one.topic === 'levels') {
    const id = one.key.replace('order:', '');
    if (one.state) told.set(id, one.state); else told.delete(id);
    return alarm();
  }
  const number = one.state?.number || 0;
  if (number <= Number(aging.version)) return;
  newest = Math.max(newest, number);
  if (ordered) return;
  if (one.topic === 'way') renewed();
  if (going) later(compare, SPREAD[one.topic]);
  else if (one.topic === 'plan' && !left) later(anew, SPREAD.plan);
};

const whole = all => {
  told.clear();
  for (const one of all) if (one.topic === 'levels') told.set(one.key.slice(6), one.state);
  alarm();
  dispatchEvent(new CustomEvent('roads', {detail: all}));
  for (const one of all) if (!['levels', 'roads'].includes(one.topic)) take(one);
};

/* A word that somebody is just choosing is not taken from under their finger. */
const tick = () => {
  const busy = document.hidden || document.querySelector('#plans :checked:not([checked])');
  if (!left || busy || --left) return;
  later(anew, SPREAD.way);
};

const late = () => {
  if (!behind || status.firstElementChild) return notice('behind');
  const at = behind.toISOString();
  const clock = behind.toLocaleTimeString('en-GB', {
    hour: 'numeric', minute: '2-digit', timeZone: page.dataset.zone,
  });
  const time = made('time', '', clock.replace(/^0/, ''));
  time.dateTime = at;
  const [before, after] = page.dataset.behind.split('{time}');
  notice('behind', 'status', before, time, after);
};

const look = () => {
  late();
  if (document.hidden) {
    since = stream?.since() || since;
    stream?.close();
    stream = null;
  } else if (listen && !stream) {
    stream = listen({
      topics: ['levels', 'plan', 'roads', 'way'],
      key,
      since,
      onState: (topic, name, state, change) => take(change),
      onSnapshot: whole,
      onBehind: date => {
        behind = date;
        late();
      },
    });
  }
};

const begin = async () => {
  listen = (await import(live)).follow;
  aging.follows = 1;
  addEventListener('newplan', () => left || ordered || later(going ? compare : anew, SPREAD.plan));
  look();
};

const started = () => begin().catch(() => setTimeout(started, 3e4));

started();
setInterval(tick, 1e3);
setInterval(late, 5e3);
document.addEventListener('visibilitychange', look);
addEventListener('pageshow', event => event.persisted && look());
