// The live stream in a page: a socket, or server-sent events, or polling, whichever works.
//
//   const live = follow({topics: ['sites'], key, since, onState, onSnapshot, onBehind, onLetGo});
//
// key: of the topic `way`, the one that is heard.
// since: "epoch:offset" that the page was made from; without it a snapshot comes first.
// onState(topic, key, state, change): the newest state of a thing, null once it is gone.
// onSnapshot(changes): all there is; without it onState is called for each, and for what is gone.
// onBehind(date): since when nothing newer is known, null when all is known again.
// onLetGo(): the server hung up on purpose, perhaps because whoever follows is signed in no longer.
// live.now(): the moment by the server's clock, in ms. live.since(). live.close().

const ROOT = '/api/v1/live';
const SILENT = 25e3;
const STALE = 10e3;
const LONGEST = 30e3;
const SHORTEST = 500;
const AFTER_RESTART = 5e3;
const POLL = 3e3;
// A way that fails so often in a row is left for the next one; after so long the first is tried
// again. A socket that has worked before is not given up so soon: the server may be starting.
const PATIENCE = {fresh: {tries: 2, leave: 120e3}, proven: {tries: 6, leave: 15e3}};
const RESTARTS = 1012;
const LET_GO = 1008;

const position = since => {
  const cut = since.lastIndexOf(':');
  return cut < 0 ? ['', 0] : [since.slice(0, cut), Number(since.slice(cut + 1))];
};

const query = (topics, key, since) => {
  const asked = new URLSearchParams({topics: topics.join()});
  if (key) asked.set('way', key);
  if (since) asked.set('since', since);
  return `?${asked}`.replaceAll('%2C', ',').replaceAll('%3A', ':');
};

// Three ways to listen; each calls hear(message) and once, at its end, gone(code), and gives back
// what ends it.

const bySocket = (asked, hear, gone) => {
  const socket = new WebSocket(location.origin.replace(/^http/, 'ws') + ROOT + asked);
  socket.onmessage = event => hear(JSON.parse(event.data));
  socket.onclose = event => gone(event.code);
  return () => {
    socket.onmessage = socket.onclose = null;
    socket.close();
  };
};

const byEvents = (asked, hear, gone) => {
  const source = new EventSource(`${ROOT}/events${asked}`);
  const told = event => hear(JSON.parse(event.data));
  source.onmessage = told;
  source.addEventListener('heartbeat', told);
  source.onerror = () => {
    source.close();
    gone(0);
  };
  return () => source.close();
};

const byPolling = (asked, hear, gone) => {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), 9e3);
  let ended = false;
  const ask = async () => {
    const answer = await fetch(`${ROOT}/changes${asked}`, {signal: stop.signal});
    if (!answer.ok) throw answer.status;
    const {snapshot, changes, epoch, offset} = await answer.json();
    const at = Date.parse(answer.headers.get('date'));
    if (ended) return;
    if (snapshot) hear({snapshot, epoch, offset});
    else if (changes.length) hear(changes);
    hear({
      heartbeat: at, checked_at: answer.headers.get('nigemichi-checked-at'), epoch, offset,
    });
  };
  ask().then(() => 'polled', () => 0).then(code => ended || gone(code))
    .finally(() => clearTimeout(late));
  return () => {
    ended = true;
    stop.abort();
  };
};

export const follow = ({
  topics = ['sites', 'levels', 'plan'], key = '', since = '',
  onState, onSnapshot, onBehind, onLetGo,
}) => {
  const ways = [bySocket, byEvents];
  if (!topics.includes('headquarters')) ways.push(byPolling);
  const things = new Map();
  let [epoch, offset] = position(since);
  let way = 0;
  let lowered = 0;
  let begun = 0;
  let failures = 0;
  let tries = 0;
  let patience = PATIENCE.fresh;
  let clock = 0;
  let heard = Date.now();
  let checked = null;
  let behind = null;
  let end = null;
  let closed = false;
  let timer = 0;

  const now = () => Date.now() + clock;
  const stands = () => epoch ? `${epoch}:${offset}` : '';

  const change = one => {
    if (one.epoch === epoch && one.offset <= offset) return;
    [epoch, offset] = [one.epoch, one.offset];
    things.set(`${one.topic} ${one.key}`, one);
    onState(one.topic, one.key, one.state, one);
  };

  const snapshot = all => {
    const gone = new Map(things);
    things.clear();
    [epoch, offset] = [all.epoch, all.offset];
    for (const one of all.snapshot) {
      things.set(`${one.topic} ${one.key}`, one);
      gone.delete(`${one.topic} ${one.key}`);
    }
    if (onSnapshot) return onSnapshot(all.snapshot);
    for (const one of gone.values()) onState(one.topic, one.key, null, {...one, state: null});
    for (const one of all.snapshot) onState(one.topic, one.key, one.state, one);
  };

  const beat = one => {
    const at = typeof one.heartbeat === 'number' ? one.heartbeat : Date.parse(one.heartbeat);
    clock = at - Date.now();
    if (one.epoch && one.epoch === epoch) offset = Math.max(offset, one.offset);
    const seen = one.checked_at ? Date.parse(one.checked_at) : null;
    checked = seen !== null && at - seen <= STALE ? null : seen ?? checked ?? heard + clock;
  };

  const say = () => {
    const silent = Date.now() - heard > SILENT ? heard + clock : null;
    const since = checked === null ? silent : silent === null ? checked : Math.min(checked, silent);
    if (since === behind) return;
    behind = since;
    onBehind?.(since === null ? null : new Date(since - clock));
  };

  const hear = message => {
    failures = 0;
    if (message.heartbeat !== undefined) beat(message);
    else if (message.snapshot) snapshot(message);
    else [message].flat().forEach(change);
    heard = Date.now();
    say();
  };

  const pause = code => {
    if (code === 'polled') return POLL * (0.7 + 0.6 * Math.random());
    if (code === RESTARTS) return AFTER_RESTART * Math.random();
    return Math.random() * Math.min(LONGEST, SHORTEST * 2 ** failures);
  };

  const failed = () => {
    failures += 1;
    tries += 1;
    if (tries < patience.tries) return;
    way = (way + 1) % ways.length;
    tries = 0;
    lowered = Date.now();
  };

  const listen = () => {
    if (closed) return;
    clearTimeout(timer);
    end?.();
    if (way && Date.now() - lowered > patience.leave) way = tries = 0;
    begun = Date.now();
    let said = false;
    const told = message => {
      said = true;
      tries = 0;
      if (!way) patience = PATIENCE.proven;
      hear(message);
    };
    const gone = code => {
      end = null;
      if (!said) failed();
      if (code === LET_GO) onLetGo?.();
      timer = setTimeout(listen, pause(code));
    };
    try {
      end = ways[way](query(topics, key, stands()), told, gone);
    } catch {
      gone(0);
    }
  };

  const look = () => {
    say();
    if (!end || Date.now() - Math.max(heard, begun) <= SILENT + STALE) return;
    failed();
    listen();
  };

  const again = () => {
    if (!end || Date.now() - heard > SILENT) listen();
    say();
  };

  const shown = () => document.hidden || again();
  const close = () => {
    closed = true;
    clearTimeout(timer);
    clearInterval(ticking);
    end?.();
    end = null;
    removeEventListener('online', again);
    document.removeEventListener('visibilitychange', shown);
  };

  const ticking = setInterval(look, 1e3);
  addEventListener('online', again);
  document.addEventListener('visibilitychange', shown);
  addEventListener('pagehide', () => {
    clearTimeout(timer);
    end?.();
    end = null;
  });
  addEventListener('pageshow', event => event.persisted && listen());
  listen();
  return {now, close, since: stands};
};
