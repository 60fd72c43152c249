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
const BESIDE_M = 8;
let stream = null;
let waiting = false;

const decoded = text => {
  const steps = text.split(' ').map(Number);
  let [lat, lon] = [0, 0];
  return Array.from({length: steps.length / 2}, (_, i) => {
    lat += steps[2 * i];
    lon += steps[2 * i + 1];
    return [lon / 1e5, lat / 1e5];
  });
};

const way = decoded(document.getElementById('move')?.dataset.way || '');

/* Whether a point is at the way: along its streets, not where it only crosses one. */
const isNear = ([lon, lat]) => {
  const [x, y] = [111320 * Math.cos(lat * Math.PI / 180), 110900];
  return way.some((point, i) => {
    if (!i) return false;
    const [ax, ay] = [(way[i - 1][0] - lon) * x, (way[i - 1][1] - lat) * y];
    const [dx, dy] = [(point[0] - lon) * x - ax, (point[1] - lat) * y - ay];
    const along = Math.max(0, Math.min(1, -(ax * dx + ay * dy) / (dx * dx + dy * dy || 1)));
    return Math.hypot(ax + along * dx, ay + along * dy) < BESIDE_M;
  });
};

const lengths = line => line.slice(1).map(([lon, lat], i) =>
  Math.hypot((lon - line[i][0]) * Math.cos(lat * Math.PI / 180), lat - line[i][1]));

const pointAt = (line, share) => {
  const parts = lengths(line);
  let left = share * parts.reduce((sum, part) => sum + part, 0);
  const i = Math.max(0, parts.findIndex(part => (left -= part) <= 0));
  const back = parts[i] ? 1 + left / parts[i] : 0;
  return [0, 1].map(side => line[i][side] + back * (line[i + 1][side] - line[i][side]));
};

const crosses = line => line.length > 1 && [.25, .5, .75].some(at => isNear(pointAt(line, at)));

const say = () => {
  const on = [...roads.values()].find(one => crosses(one.line));
  if (!on) return notice.remove();
  const text = (waiting ? page.waiting : page.cross).replace('{reason}', on.reason);
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
    else if (Array.isArray(said)) said.forEach(take);
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
if (way.length < 2) return;
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
