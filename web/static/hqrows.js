/* Rows of the headquarters page: the same slots as web/staff/hqrows.py, filled again when something
   changes. Only texts are written: what somebody types in a row stays. */

import {clockText, now} from './staff.js';

const page = document.getElementById('hq').dataset;
export const words = JSON.parse(page.words);
export const zone = page.zone;
export const time = iso => (iso ? clockText(iso, zone) : '');

const word = (table, key) => words[table][key] ?? key;
const at = iso => ({iso: iso || '', text: time(iso)});
const marked = (table, key) => ({key, text: word(table, key)});
export const heldWords = flags => (flags || []).map(flag => word('flag', flag)).join('、');
const number = value => (value == null ? '—' : value.toLocaleString('en-US'));
const areas = order => (order.area_names || []).join('、') || '市内全域';
const what = order => `${words.level[order.level] ?? `レベル${order.level}`}　${word('hazard', order.hazard)}`;
const level = order => ({key: String(order.level), text: String(order.level)});

/* Of a place of which more left than ever came, nobody knows how many are inside. */
export const personsOf = site => (site.below_zero ? null : site.raw_persons);
const isKnown = site => Boolean(site.raw_unknown_after) && now() <= Date.parse(site.raw_unknown_after);
export const bandOf = site => (isKnown(site) && site.raw_band) || 'unknown';

/* Where nobody is meant to be, there is no 空いています and no 不明. */
const NO_CROWD = ['unopened', 'preparing', 'closed', 'endangered'];
const band = site => (NO_CROWD.includes(site.opening)
  ? {key: 'none', text: '—'} : marked('band', bandOf(site)));


const alerts = site => {
  const needs = (site.needs || []).filter(one => one.state === 'sent').length;
  const held = (site.held || []).length;
  const full = site.opening === 'full' || bandOf(site) === 'full';
  const spare = full && (site.rooms || []).some(one => one.overflow && !one.in_use);
  return [
    needs && `要請${needs}`, held && `数の確認${held}`, site.below_zero && '人数が0未満',
    site.call_next && '電話で確認', spare && '予備の部屋あり',
  ]
    .filter(Boolean).join('・');
};

const rooms = site => {
  const all = site.rooms || [];
  const spare = all.filter(one => one.overflow);
  const text = all.length ? `${all.length}室` : '';
  return spare.length
    ? `${text}、予備${spare.filter(one => one.in_use).length}/${spare.length}使用` : text;
};

export const siteRow = site => ({
  name: site.name,
  alerts: alerts(site),
  opening: marked('opening', site.opening),
  stage: site.opening === 'preparing' && site.stage ? word('stage', site.stage) : '',
  expected_at: at(site.expected_at),
  note: site.note || '',
  band: band(site),
  old: personsOf(site) == null || isKnown(site) ? '' : '最後の数',
  figure: `${number(personsOf(site))} / ${number(site.raw_capacity)}`,
  counted_at: at(site.raw_counted_at),
  counted_by: site.raw_counted_by || '',
  facilities: (site.facilities || []).map(one => word('facility', one)).join('、'),
  rooms: rooms(site),
});

/* Places that are not open yet, by what is known of them. */
export const unopenedText = sites => {
  if (!sites.length) return '';
  const grouped = new Map();
  for (const {opening, name} of sites) grouped.set(opening, [...(grouped.get(opening) || []), name]);
  const said = [...grouped].map(([key, names]) => `${word('opening', key)}：${names.join('、')}。`);
  return `まだ開いていない避難場所が${sites.length}か所あります。${said.join('')}`;
};

export const orderRow = (order, unopened = []) => ({
  level: level(order),
  what: what(order),
  areas: areas(order),
  since: at(order.since),
  unopened: unopenedText(unopened),
});

export const isOwn = proposal => proposal.proposed_by === page.actor;

export const proposalRow = proposal => ({
  level: level(proposal),
  what: what(proposal) + (proposal.lifts ? 'の解除' : ''),
  areas: areas(proposal),
  by: `${isOwn(proposal) ? '自分' : proposal.proposed_by_name || 'ほかの担当'}の提案`,
  proposed_at: at(proposal.proposed_at),
  reason: proposal.reason || '',
  unopened: unopenedText(proposal.unopened || []),
});

export const needRow = need => ({
  kind: marked('need', need.kind),
  site: need.site_name || '',
  words: need.words || '',
  received_at: at(need.received_at),
  state: marked('need_state', need.state),
  answer: need.answer || '',
  expected_at: at(need.expected_at),
});

const lastFigure = call => {
  if (call.below_zero) return '人数が0より少なくなりました';
  return call.last_persons == null ? 'まだ数がありません' : `最後は${number(call.last_persons)}人`;
};

export const callRow = call => {
  const last = call.last_call || {};
  const said = last.outcome ? word('outcome', last.outcome) : '';
  return {
    name: call.name,
    phone: call.phone || '',
    last: lastFigure(call),
    counted_at: at(call.last_counted_at),
    called: said && said + (last.called_by ? `（${last.called_by}）` : ''),
    called_at: at(last.at),
  };
};

const put = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

const fillTime = (element, {iso, text}) => {
  const moment = element.querySelector('time');
  if (moment.dateTime !== iso) {
    moment.dateTime = iso;
    moment.querySelector('.ago')?.remove();
  }
  put(moment.firstElementChild, text);
  element.hidden = !iso;
};

const fillText = (element, text) => {
  put(element, text);
  if (element.classList.contains('tel')) element.href = `tel:${text.replace(/[^\d+#*]/g, '')}`;
  element.hidden = !text;
};

/* Writes a row's slots into an element. */
export const fill = (root, row) => {
  for (const element of root.querySelectorAll('[data-slot]')) {
    const value = row[element.dataset.slot];
    if (value === undefined) continue;
    if (typeof value === 'string') fillText(element, value);
    else if ('iso' in value) fillTime(element, value);
    else {
      element.dataset.value = value.key;
      put(element.lastElementChild, value.text);
    }
  }
};

export const copy = name => {
  const body = document.getElementById(`t-${name}`).content;
  return (body.querySelector('[data-key],tr')).cloneNode(true);
};

/* Whether somebody is at work in an element: it is neither taken away nor moved. */
export const inUse = element => element.contains(document.activeElement)
  || [...element.querySelectorAll('input:not([type=checkbox],[type=radio])')]
    .some(one => one.value !== one.defaultValue);

/* Keeps a list true: items is [[key, draw]]. Rows that are gone stay, struck out, while somebody is
   at work in them or points at the list: no button may slip under a finger that is on its way. */
export const reconcile = (list, name, items) => {
  const wanted = new Map(items);
  const pointed = list.matches(':hover');
  for (const row of [...list.children]) {
    const gone = !wanted.has(row.dataset.key);
    row.classList.toggle('gone', gone);
    if (gone && !pointed && !inUse(row)) row.remove();
  }
  for (const [key, draw] of wanted) {
    let row = [...list.children].find(one => one.dataset.key === key);
    if (!row) {
      row = copy(name);
      row.dataset.key = key;
      list.append(row);
    }
    draw(row);
  }
  for (const one of document.querySelectorAll(`[data-count="${list.id}"]`)) put(one, String(wanted.size));
  for (const one of document.querySelectorAll(`[data-none="${list.id}"]`)) one.hidden = list.children.length > 0;
};
