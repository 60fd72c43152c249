/* Alerts that wait for a person, loud on every page of headquarters: in a strip at the top, and in
   the title of the tab, for whoever is called may look elsewhere. */

import {at, fill, make, put} from './deskdom.js';
import {clockText} from './staff.js';

const WAITS = {approval: '承認待ち', countersignature: '連署待ち'};
const BLINK_MS = 1e3;
const own = document.title;
const still = matchMedia('(prefers-reduced-motion: reduce)');
let mark = '';
let beat = false;

/* The words of the mark are there in every beat; only a tab that nobody looks at blinks. */
const showTitle = () => {
  beat = !beat && document.hidden && !still.matches;
  document.title = mark ? (beat ? `●●${mark}●●${own}` : `【${mark}】${own}`) : own;
};
setInterval(showTitle, BLINK_MS);

const isDrill = one => one.status === 'Exercise';
const names = all => all.map(one => one.name).join('、');
const FEW = 5;
const areas = ({whole_city: whole, area_names: all}) => (whole ? '市内全域'
  : `${all.slice(0, FEW).join('、')}${all.length > FEW ? ` ほか${all.length - FEW}町` : ''}`);

const moment = (iso, zone) => make('span', {className: 'at nb'},
  make('time', {dateTime: iso}, make('span', {textContent: clockText(iso, zone)})));

const called = (one, zone) => {
  if (!one.deputies_called_at) return [];
  const text = one.deputies.length ? `副承認者を呼出中：${names(one.deputies)} `
    : '呼べる副承認者がいません（指名がないか、起案した本人です）。ほかの承認者に電話してください。 ';
  return [make('p', {className: 'why'}, text, moment(one.deputies_called_at, zone))];
};

const means = one => (one.waits_for === 'approval' ? `${one.by}が提出しました。まだ送られていません。`
  : `${one.by}が一人で送信しました。別の承認者の連署が要ります。`);

const link = (one, text, open) => {
  const made = make('a', {href: `/hq/alerts#${one.number}`, textContent: text});
  if (open) {
    made.addEventListener('click', event => {
      event.preventDefault();
      open(one.number);
    });
  }
  return made;
};

const row = (one, {zone, open}) => {
  const head = make('p', {}, make('b', {className: isDrill(one) ? 'drillmark' : 'waitmark', textContent: WAITS[one.waits_for]}), ' ');
  if (one.level) {
    const chip = make('span', {className: 'level', textContent: String(one.level)});
    if (!isDrill(one)) chip.dataset.value = String(one.level);
    head.append(chip, ' ');
  }
  head.append(link(one, one.title, open), ' ', moment(one.since, zone));
  return make('li', {className: isDrill(one) ? 'drilled' : ''}, head, make('p', {className: 'areas', textContent: areas(one)}),
    make('p', {textContent: means(one)}), ...called(one, zone));
};

const markOf = (all, mine) => {
  if (!all.length) return '';
  const drill = isDrill((mine.length ? mine : all)[0]) ? '訓練・' : '';
  if (mine.length) return `${drill}副承認者として呼出中`;
  return drill + WAITS[all.find(one => isDrill(one) === isDrill(all[0]) && one.waits_for === 'approval') ? 'approval' : 'countersignature'];
};

const myCall = (mine, me, open) => (mine.length ? [
  `${mine[0].deputies.find(one => one.staff === me).name}さん、副承認者として呼ばれています。いま開いて、承認か却下をしてください：`,
  ...mine.flatMap(one => [' ', link(one, one.title, open)]),
] : []);

/* `actor`: who looks, as "staff:3"; `open` takes a number, on the page that shows alerts itself. */
export const drawWaiting = (all, {zone, actor, open}) => {
  const me = Number(actor.split(':')[1]);
  const calls = all.filter(one => one.deputies.some(found => found.staff === me));
  const live = calls.filter(one => !isDrill(one));
  const mine = live.length ? live : calls;
  at('alert-waits').hidden = !all.length;
  put(at('alert-waits-count'), String(all.length));
  at('alert-waits').classList.toggle('drilled', all.every(isDrill));
  at('alert-called').hidden = !mine.length;
  fill(at('alert-called'), JSON.stringify(mine), () => myCall(mine, me, open));
  fill(at('alert-waits-list'), JSON.stringify(all), () => all.map(one => row(one, {zone, open})));
  const next = markOf(all, mine);
  if (next === mark) return;
  mark = next;
  showTitle();
};
