/* What every page of staff needs: import it as "./staff.js".

   post(url, body, method = 'POST')
                         sends JSON with the page's csrf word; returns the answer's JSON. Throws an
                         Error whose message is the problem's title and detail, with `.status` (0
                         where the server was not reached) and `.problem`.
   get(url)              the same for reading.
   postLast(url, body)   sends while the page goes away: nobody hears the answer.
   submitJson(form, {url, body, said, failed})
                         posts while the form's buttons rest, and says in its <output class="said">
                         what happened: "20:41 " + said, or the error. Nothing typed is ever cleared
                         here. Returns the answer, null where it failed (or is still running);
                         `failed(error)` hears of the error too.
   newId()               a new random id, also where the page comes by plain http.
   isBusy(form)          whether such a post is on its way.
   say(output, text, isError)
                         writes into such an output.
   setClock(iso), now()  the server's clock: milliseconds. Whoever hears "now" from the server passes
                         it on; it never runs slow, also after the machine has slept.
   clockText(iso, zone)  20:41 in the city's zone, with the day where that is not today.
   ago(iso)              "4分前"; ahead(iso) "あと12分" or "3分過ぎ".
   ages(root)            gives every <time datetime> below root its age, at once and every 15 s:
                         a last child <span class="ago">4分前</span>; with data-until it counts down.
                         Returns a function that renews them now. Each time that time has passed it
                         sends root the event "ages": what has come of age by itself is drawn anew. */

let base = {server: Date.now(), wall: Date.now(), tick: performance.now()};
const TIME_OUT_MS = 15e3;

export const setClock = iso => {
  const server = Date.parse(iso);
  if (!Number.isNaN(server)) base = {server, wall: Date.now(), tick: performance.now()};
};

export const now = () =>
  base.server + Math.max(0, Date.now() - base.wall, performance.now() - base.tick);

const parts = (moment, zone, wanted) =>
  new Intl.DateTimeFormat('ja-JP', {timeZone: zone, hourCycle: 'h23', ...wanted}).format(moment);

export const clockText = (iso, zone = 'Asia/Tokyo') => {
  const moment = Date.parse(iso);
  if (Number.isNaN(moment)) return '';
  const day = at => parts(at, zone, {month: 'numeric', day: 'numeric'});
  const [hour, minute] = parts(moment, zone, {hour: '2-digit', minute: '2-digit'}).split(':');
  const time = `${Number(hour)}:${minute}`;
  return day(moment) === day(now()) ? time : `${day(moment)} ${time}`;
};

const span = minutes => {
  if (minutes < 60) return `${minutes}分`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 24) return `${Math.floor(hours / 24)}日`;
  return minutes % 60 ? `${hours}時間${minutes % 60}分` : `${hours}時間`;
};

export const ago = iso => {
  const minutes = Math.floor((now() - Date.parse(iso)) / 6e4);
  return minutes < 1 ? '1分以内' : `${span(minutes)}前`;
};

export const ahead = iso => {
  const left = Math.ceil((Date.parse(iso) - now()) / 6e4);
  return left >= 0 ? `あと${span(left)}` : `${span(-left)}過ぎ`;
};

const renewTime = time => {
  if (!time.dateTime) return;
  let shown = time.querySelector('.ago');
  if (!shown) {
    shown = document.createElement('span');
    shown.className = 'ago';
    shown.setAttribute('aria-live', 'off');
    time.append(shown);
  }
  const text = 'until' in time.dataset ? ahead(time.dateTime) : ago(time.dateTime);
  if (shown.textContent !== text) shown.textContent = text;
};

export const ages = root => {
  const renew = () => root.querySelectorAll('time').forEach(renewTime);
  const passing = () => {
    renew();
    root.dispatchEvent(new Event('ages'));
  };
  renew();
  setInterval(passing, 15e3);
  document.addEventListener('visibilitychange', () => document.hidden || passing());
  return renew;
};

/* Only where the page comes by https do browsers make ids themselves. */
export const newId = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = bytes[6] & 15 | 64;
  bytes[8] = bytes[8] & 63 | 128;
  const hex = [...bytes].map(one => one.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

const failure = (text, status, problem = null) => Object.assign(new Error(text), {status, problem});

const UNREACHED = '送れませんでした。サーバーにつながりません。もう一度押してください。';

const read = async answer => {
  const found = await answer.json().catch(() => null);
  if (answer.ok) return found;
  if (!found?.title) throw failure(`うまくいきませんでした（${answer.status}）`, answer.status);
  throw failure(`${found.title}。${found.detail || ''}`, answer.status, found);
};

/* What our scripts send with a change. */
const sent = (body, method) => ({
  method,
  headers: {
    'accept': 'application/json',
    'content-type': 'application/json',
    'x-csrf-token': document.querySelector('meta[name=csrf]')?.content || '',
  },
  body: JSON.stringify(body),
});

const ask = async (url, options) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIME_OUT_MS);
  try {
    return await read(await fetch(url, {...options, cache: 'no-store', signal: stop.signal}));
  } catch (error) {
    throw 'status' in error ? error : failure(UNREACHED, 0);
  } finally {
    clearTimeout(timer);
  }
};

export const get = url => ask(url, {headers: {accept: 'application/json'}});

export const post = (url, body, method = 'POST') => ask(url, sent(body, method));

/* Sends while the page goes away; nobody hears the answer. */
export const postLast = (url, body) => fetch(url, {...sent(body, 'POST'), keepalive: true}).catch(() => null);

export const say = (output, text, isError = false) => {
  output.classList.toggle('stop', isError);
  output.textContent = text;
};

const rest = (form, busy) => {
  form.setAttribute('aria-busy', String(busy));
  // Not `disabled`: that would take the focus from who works by keyboard.
  for (const one of form.querySelectorAll('button')) one.setAttribute('aria-disabled', String(busy));
};

export const isBusy = form => form.getAttribute('aria-busy') === 'true';

export const submitJson = async (form, {url, body, said = '送りました', failed = () => null}) => {
  if (isBusy(form)) return null;
  const output = form.querySelector('output.said');
  rest(form, true);
  if (output) say(output, '送っています…');
  try {
    const answer = await post(url, body);
    if (output) say(output, `${clockText(new Date(now()).toISOString())} ${said}`);
    return answer ?? {};
  } catch (error) {
    if (output) say(output, error.message, true);
    failed(error);
    return null;
  } finally {
    rest(form, false);
  }
};
