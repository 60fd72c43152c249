/* The rows of the page of places, as a state of the live stream says them: symbol, also on the map,
   word, what is known, and what that means. */

const SHUT = ['closed', 'endangered'];
const rows = () => document.querySelectorAll('.pl');
const row = id => [...rows()].find(one => one.dataset.id === id);
const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);

export const made = (name, className, ...parts) => {
  const element = document.createElement(name);
  element.className = className;
  element.append(...parts);
  return element;
};

export const inJapanese = (className, text) => {
  const element = made('span', className, text);
  element.lang = 'ja';
  return element;
};

export const around = (text, element) => {
  const [before, after] = text.split('{time}');
  return [before, element, after];
};

/* `words` are the page's; `zone` the city's; `now` gives the moment by the server's clock, in ms. */
export const drawn = (words, zone, now) => {
  const hours = new Intl.DateTimeFormat('en-GB', {
    hour: 'numeric', minute: '2-digit', timeZone: zone,
  });
  const day = new Intl.DateTimeFormat('en-CA', {timeZone: zone});
  const gap = document.documentElement.lang === 'ja' ? '' : ' ';

  const clock = at => {
    const date = new Date(at);
    const today = day.format(date) === day.format(now());
    return (today ? '' : day.format(date) + ' ') + hours.format(date).replace(/^0/, '');
  };

  const moment = at => {
    const element = made('time', '', clock(at));
    element.dateTime = at;
    return element;
  };

  const line = text => made('p', 'age', text);
  const dated = (text, at) => made('p', 'age', ...around(text, moment(at)));

  const show = (one, sign, word, lines, says, note) => {
    const number = one.querySelector('.k').textContent;
    const band = one.querySelector('.band');
    band.className = 'band b-' + sign;
    band.querySelector('use').setAttribute('href', '#k-' + sign);
    band.querySelector('b').textContent = word;
    one.querySelector('.st').replaceChildren(band, ...lines);
    const pin = document.querySelector(`[data-pin="${number}"]`);
    pin?.setAttribute('class', 'b-' + sign);
    pin?.querySelector('use').setAttribute('href', '#k-' + sign);
    one.querySelector('.x')?.remove();
    const said = says.filter(text => text).join(gap);
    const own = note ? [' ', inJapanese('nt', note)] : [];
    if (said || note) one.append(made('p', 'x', said, ...own));
  };

  const unknown = (one, at, says, note) => {
    delete one.dataset.until;
    const planned = one.dataset.opening === 'unconfirmed';
    const lines = planned ? words.notConfirmed.map(line) : [line(words.asks)];
    if (at) lines.push(dated(words.last, at));
    const usable = planned ? words.byPlan : words.unknown;
    show(one, 'unknown', words.bands.unknown, lines, [usable, ...says], note);
  };

  const expire = () => {
    for (const one of rows()) {
      if (!one.dataset.until || now() <= Date.parse(one.dataset.until)) continue;
      const at = one.querySelector('.st time')?.dateTime;
      unknown(one, at, [], one.querySelector('.nt')?.textContent);
    }
  };

  const figure = ({persons, capacity, counted_at: at, counted_by: by}) => {
    const lines = [];
    if (persons != null) {
      const text = capacity ? words.both : words.persons;
      lines.push(line(fill(text, {persons: persons.toLocaleString('en'), capacity})));
    }
    if (at) lines.push(dated(words.by[by] || words.at, at));
    return lines;
  };

  const receiving = (one, state) => {
    const {opening, band, opening_since: opened, note} = state;
    const live = words.bands[band] && now() <= Date.parse(state.unknown_after);
    const full = opening === 'full' || (live && band === 'full');
    const spills = state.overflow ? words.spills : '';
    if (!live && !full) return unknown(one, state.counted_at, [spills], note);
    if (live && opening !== 'full') one.dataset.until = state.unknown_after;
    else delete one.dataset.until;
    const lines = live ? figure(state) : [];
    if (full && !lines.length && opened) lines.push(dated(words.sinceFull, opened));
    const sign = full ? 'full' : band;
    show(one, sign, words.bands[sign], lines, [full ? words.full : '', spills], note);
  };

  const resting = (one, sign, {opening, opening_since: at, expected_at: expected, note}) => {
    delete one.dataset.until;
    const lines = [];
    if (opening === 'preparing' && expected) {
      const text = Date.parse(expected) < now() ? words.late : words.expected;
      lines.push(line(fill(text, {time: clock(expected)})));
    }
    if (at) lines.push(dated(words.city, at));
    show(one, sign, words.openings[opening], lines, [], note);
  };

  const offers = (one, kinds) => {
    const text = Object.keys(words.facilities).filter(kind => kinds.includes(kind))
      .map(kind => words.facilities[kind]).join(words.and);
    one.querySelector('.fac')?.remove();
    if (text) one.querySelector('h3').parentElement.append(made('p', 'age fac', text));
  };

  /* Not to be gone to any more: it loses its way, and stands with the others of its kind. */
  const forbid = (one, state) => {
    resting(one, 'stop', state);
    one.querySelector('.far')?.remove();
    if (!one.querySelector('.never')) {
      one.querySelector('h3').after(made('p', 'never', words.never));
    }
    const list = document.getElementById('never');
    list.hidden = false;
    if (!list.contains(one)) list.querySelector('ol').append(one);
  };

  const patch = ({key, state}) => {
    const one = state && row(key);
    if (!one) return;
    const {opening} = state;
    if (SHUT.includes(opening)) forbid(one, state);
    /* Whether it may be gone to again is said by the page itself: it may stand in water. */
    if (one.querySelector('.never')) return;
    one.dataset.opening = opening;
    offers(one, state.facilities || []);
    if (['open', 'full', 'unconfirmed'].includes(opening)) receiving(one, state);
    else if (opening === 'preparing') resting(one, 'wait', state);
    else if (opening === 'unopened') resting(one, 'shut', state);
  };

  return {moment, expire, patch};
};
