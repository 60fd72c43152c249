(() => {
const page = document.currentScript.dataset;
const slow = Math.max(0, Date.parse(page.now) - Date.now());
const form = document.forms[0];
const status = document.querySelector('.late');
const notice = document.createElement('p');
let seen = Date.parse(page.checked);

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
  await get(url, 'text');
  if (form || url !== location.href) location.replace(url); else location.reload();
};

const look = async () => {
  renew();
  try {
    const plan = await get('/readyz', 'json');
    if (!plan.ready) throw plan;
    if (plan.plan_version != page.version) return await reload();
    seen = Math.max(seen, Date.parse(plan.checked_at));
    say(!plan.stale);
  } catch {
    say(false);
  }
};

notice.className = 'note warn ago';
notice.append(page.late.split('{age}')[0], since, page.late.split('{age}')[1]);
renew();
setInterval(renew, 2e4);
setInterval(() => document.hidden || look(), 3e4);
document.addEventListener('visibilitychange', () => document.hidden || look());
addEventListener('pageshow', event => event.persisted && look());
addEventListener('online', look);
})()
