(() => {
const page = document.currentScript.dataset;
const slow = Math.max(0, Date.parse(page.now) - Date.now());
const form = document.forms[0];
const status = document.querySelector('.late');
const notice = document.createElement('p');
const news = document.createElement('p');
let seen = Date.parse(page.checked);
let soon = 0;

const quiet = () => {
  const made = document.createElement('span');
  made.className = 'ago';
  made.setAttribute('aria-live', 'off');
  return made;
};

const since = quiet();

const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);

const age = at => {
  const all = Math.floor((Date.now() + slow - at) / 6e4);
  const hours = Math.floor(all / 60);
  const minutes = all % 60;
  const days = Math.floor(hours / 24);
  const text = all < 1 ? page.none : !hours ? page.minutes : days ? page.days
    : minutes ? page.both : page.hours;
  return fill(text, {days, hours, minutes});
};

const put = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

const renew = () => {
  for (const time of document.querySelectorAll('time')) {
    const ago = time.lastElementChild || time.appendChild(quiet());
    put(ago, fill(page.ago, {age: age(Date.parse(time.dateTime))}));
  }
  put(since, age(seen));
  for (const old of document.querySelectorAll('[data-then]')) {
    if (!(Date.now() + slow <= Date.parse(old.dataset.until))) {
      old.textContent = old.dataset.then;
      old.removeAttribute('data-then');
    }
  }
};

const say = live => {
  renew();
  if (live) status.textContent = '';
  else if (!status.firstElementChild) status.append(notice);
};

const get = async (url, read) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 9e3);
  const answer = await fetch(url, {cache: 'no-store', signal: stop.signal});
  if (!answer.ok) throw answer.status;
  const found = await answer[read]();
  clearTimeout(timer);
  return found;
};

const told = () => {
  const url = new URL(location);
  if (page.to) url.searchParams.set('to', page.to);
  return url.href;
};

const reload = async () => {
  const url = form ? '/?' + new URLSearchParams(new FormData(form)) : told();
  const detail = await get(url, 'text');
  if (!dispatchEvent(new CustomEvent('reading', {detail, cancelable: true}))) return;
  if (form || url !== location.href) location.replace(url); else location.reload();
};

const alarm = orders => {
  const worst = orders.find(one => one.state.level > 4);
  const areas = worst && (worst.state.area_names.join('、') || page.all);
  put(news, worst ? fill(page.five, {areas}) : page.changed);
  if (!news.parentElement) status.before(news);
};

const watch = async () => {
  if (document.hidden || page.follows) return;
  try {
    const {snapshot} = await get('/api/v1/live/changes?topics=plan,levels,roads', 'json');
    dispatchEvent(new CustomEvent('roads', {detail: snapshot}));
    const known = page.orders.split(',').filter(one => one);
    const orders = snapshot.filter(one => one.topic === 'levels');
    const said = orders.filter(one => !known.includes(one.key.slice(6)));
    const newer = snapshot.some(one => one.topic === 'plan' && one.state.number > page.version);
    if (said.length) alarm(said); else news.remove();
    if (soon || !(newer || said.length || orders.length < known.length)) return;
    soon = setTimeout(look, (said.length ? 2e3 : 8e3) * Math.random());
  } catch {
    return;
  }
};

const look = async () => {
  clearTimeout(soon);
  soon = 0;
  renew();
  try {
    const plan = await get('/readyz', 'json');
    if (!plan.ready) throw plan;
    if (plan.plan_version != page.version) {
      return page.follows ? dispatchEvent(new Event('newplan')) : await reload();
    }
    seen = Math.max(seen, Date.parse(plan.checked_at));
    say(!plan.stale);
  } catch {
    say(false);
  }
};

news.className = 'note warn';
news.setAttribute('role', 'alert');
notice.className = 'note warn ago';
notice.append(page.late.split('{age}')[0], since, page.late.split('{age}')[1]);
if (page.roads) document.head.append(Object.assign(document.createElement('script'), {src: page.roads}));
renew();
setInterval(renew, 2e4);
setInterval(() => document.hidden || look(), 3e4);
setInterval(watch, 4e3 + 2e3 * Math.random());
document.addEventListener('visibilitychange', () => document.hidden || look());
addEventListener('pageshow', event => event.persisted && look());
addEventListener('online', look);
})()
