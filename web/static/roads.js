/* A way that is open on a page, held against streets that are shut: said at once, before any new plan
   is made. The page is then loaded anew by whoever looks for plans; where another place waits for
   headquarters' word, what stands here stays, and says so.

   Told by events: `road` one state, `roads` all, `reading` a page that would come instead (its text;
   cancelled, it does not). Without a stream of the page's own one is opened here.
*/
(() => {
const page = document.querySelector('script[data-version]').dataset;
const status = document.querySelector('.late');
const notice = document.createElement('p');
const roads = new Map();
let stream = null;
let waiting = false;

const salt = document.getElementById('news')?.dataset.streamKey || '';
const taken = new Set(page.streets.split(' '));
const known = new Map(page.closures.split(' ').map(one => one.split(':')));
const SAME_M = 3;

/* FNV-1a, as web/crossing.py has it. */
const mark = street => {
  let found = 0x811c9dc5;
  for (const letter of `${salt}:${street}`) {
    found = Math.imul(found ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  }
  return found.toString(16);
};

/* What reports say is worded in the page's language, without who said it. */
const kinds = JSON.parse(page.kinds || '{}');
const reasonOf = ({reason}) => kinds[reason.split('（')[0]] || reason;

/* The way was made with it, as it is now: it takes another part of that street, if any. */
const isKnown = (key, state) => Math.abs(known.get(key) - state.length_m) <= SAME_M;

const say = () => {
  const [, on] = [...roads].find(([key, state]) =>
    !isKnown(key, state) && taken.has(mark(state.street))) || [];
  if (!on) return notice.remove();
  const text = (waiting ? page.waiting : page.cross).replace('{reason}', reasonOf(on));
  if (notice.textContent !== text) notice.textContent = text;
  if (!notice.parentElement) status.before(notice);
};

const take = ({key, state}) => {
  if (state) roads.set(key, state); else roads.delete(key);
  say();
};

const takeAll = states => {
  roads.clear();
  for (const one of states) if (one.topic === 'roads' && one.state) roads.set(one.key, one.state);
  say();
};

const listen = () => {
  if (stream || page.follows || document.hidden) return;
  stream = new EventSource('/api/v1/live/events?topics=roads');
  stream.onmessage = event => {
    const said = JSON.parse(event.data);
    if (said.snapshot) takeAll(said.snapshot);
    else if (said.topic === 'roads') take(said);
  };
  stream.onerror = () => {
    hush();
    setTimeout(listen, 5e3 + 25e3 * Math.random());
  };
};

const hush = () => {
  stream?.close();
  stream = null;
};

notice.id = 'crossed';
notice.className = 'note stop';
notice.setAttribute('role', 'alert');
addEventListener('road', event => take(event.detail));
addEventListener('roads', event => takeAll(event.detail));
addEventListener('reading', event => {
  const to = /data-to="([^"]*)"/.exec(event.detail)?.[1];
  if (!event.detail.includes('data-waits="yes"') || to === page.to) return;
  waiting = true;
  say();
  if (notice.parentElement) event.preventDefault();
});
document.addEventListener('visibilitychange', () => document.hidden ? hush() : listen());
listen();
})();
