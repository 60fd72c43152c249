/* Keeps the page of places true while it is open: figures follow the live stream, and one that
   grew too old reads 不明 by itself. Without it every figure still carries its own moment. */
(() => {
const page = document.currentScript.dataset;
const words = JSON.parse(page.words);
const hours = new Intl.DateTimeFormat('en-GB', {hour: 'numeric', minute: '2-digit', timeZone: page.zone});
const day = new Intl.DateTimeFormat('en-CA', {timeZone: page.zone});
const slow = Math.max(0, Date.parse(page.now) - Date.now());
const now = () => Date.now() + slow;
let since = page.since;
let stream, waiting, refreshed = 0;

const rows = () => document.querySelectorAll('.pl');
const row = id => [...rows()].find(one => one.dataset.id === id);
const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
const paragraph = (...parts) => {
  const made = document.createElement('p');
  made.className = 'age';
  made.append(...parts);
  return made;
};

const moment = at => {
  const made = document.createElement('time');
  const date = new Date(at);
  made.dateTime = at;
  const today = day.format(date) === day.format(now());
  made.append((today ? '' : day.format(date) + ' ') + hours.format(date).replace(/^0/, ''));
  return made;
};

const dated = (text, time) => {
  const [before, after] = text.split('{time}');
  return paragraph(before, time, after);
};

const show = (one, sign, lines, says) => {
  const number = one.querySelector('.k').textContent;
  const band = one.querySelector('.band');
  band.className = 'band b-' + sign;
  band.querySelector('use').setAttribute('href', '#k-' + sign);
  band.querySelector('b').textContent = words.bands[sign];
  one.querySelector('.st').replaceChildren(band, ...lines);
  const pin = document.querySelector(`[data-pin="${number}"]`);
  pin?.setAttribute('class', 'b-' + sign);
  pin?.querySelector('use').setAttribute('href', '#k-' + sign);
  let note = one.querySelector('.x');
  if (!note && says) one.append(note = document.createElement('p'));
  if (note) {
    note.className = 'x';
    if (says) note.textContent = says; else note.remove();
  }
};

const forget = one => {
  const time = one.querySelector('.st time');
  delete one.dataset.until;
  const last = time ? [dated(words.last, moment(time.dateTime))] : [];
  show(one, 'unknown', [paragraph(words.asks), ...last], words.unknown);
};

const expire = () => {
  for (const one of rows()) {
    if (one.dataset.until && !(now() <= Date.parse(one.dataset.until))) forget(one);
  }
};

const count = state => {
  const lines = [];
  const {persons, capacity} = state;
  if (persons != null) {
    const text = capacity ? words.both : words.persons;
    lines.push(paragraph(fill(text, {persons: persons.toLocaleString('en'), capacity})));
  }
  if (state.counted_at) {
    lines.push(dated(words.by[state.counted_by] || words.at, moment(state.counted_at)));
  }
  return lines;
};

const put = (one, state) => {
  const live = state.band && state.unknown_after && now() <= Date.parse(state.unknown_after);
  const full = state.opening === 'full' || state.band === 'full';
  if (!live) {
    if (one.dataset.until) forget(one);
    return;
  }
  if (state.opening === 'open') one.dataset.until = state.unknown_after;
  const says = [full ? words.full : '', state.overflow ? words.spills : '', state.note || ''];
  const gap = document.documentElement.lang === 'ja' ? '' : ' ';
  show(one, full ? 'full' : state.band, count(state), says.filter(one => one).join(gap));
};

const take = change => {
  if (change.topic === 'levels') return refresh();
  const one = change.topic === 'sites' && change.state && row(change.key);
  if (!one || one.querySelector('.never')) return;
  const {opening} = change.state;
  if (opening !== one.dataset.opening) refresh();
  else if (['open', 'full'].includes(opening)) put(one, change.state);
};

/* The page itself, after the moment for which others may still be shown the one before. */
const refresh = () => {
  if (waiting) return;
  const pause = Math.max(2500, refreshed + 1e4 - Date.now()) + 1500 * Math.random();
  waiting = setTimeout(async () => {
    waiting = 0;
    refreshed = Date.now();
    try {
      const answer = await fetch(location.href, {cache: 'no-cache'});
      if (!answer.ok) return;
      const made = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = made.getElementById('now');
      if (!fresh) return;
      document.getElementById('now').replaceWith(fresh);
      document.querySelector('nav.bar').replaceWith(made.querySelector('nav.bar'));
      document.querySelector('.foot').replaceWith(made.querySelector('.foot'));
      since = made.querySelector('script[data-since]').dataset.since;
      expire();
    } catch { /* The page says by itself how old it is. */ }
  }, pause);
};

const follow = () => {
  if (document.hidden) {
    stream?.close();
    stream = null;
  } else if (!stream || stream.readyState === EventSource.CLOSED) {
    const at = since ? '&since=' + since : '';
    stream = new EventSource('/api/v1/live/events?topics=sites,levels' + at);
    stream.onmessage = event => {
      if (event.lastEventId) since = event.lastEventId;
      const said = JSON.parse(event.data);
      for (const change of said.snapshot || [said].flat()) take(change);
    };
  }
};

const look = () => {
  expire();
  follow();
  if (!document.hidden && stream?.readyState !== EventSource.OPEN) refresh();
};

expire();
follow();
setInterval(expire, 5e3);
setInterval(look, 3e4 + 1e4 * Math.random());
document.addEventListener('visibilitychange', () => {
  expire();
  follow();
});
addEventListener('pageshow', event => event.persisted && look());
})()
