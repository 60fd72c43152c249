/* The plan on the headquarters page: the same slots as web/staff/hqplan.py. It is asked for when the
   stream tells of a new version, and every 15 s, for nobody tells of a planner that stands still. */

import {get, now} from './staff.js';
import {copy, fill, reconcile, time} from './hqrows.js';

const root = document.getElementById('hq');
const panel = document.getElementById('plan');
const overflow = document.getElementById('overflow');
const held = document.getElementById('held');
const late = panel.querySelector('[data-part=late]');
const SOON_MS = 250;
const ON_ITS_WAY_MS = 1e4;

const count = value => value.toLocaleString('en-US');
const at = iso => ({iso: iso || '', text: time(iso)});
const some = (value, unit) => ({key: value ? 'some' : 'none', text: `${count(value)}${unit}`});

const figures = one => {
  const without = one.no_way + one.no_room;
  return {
    expected: `${count(one.expected)}人`,
    going: `対象 ${count(one.going)}世帯`,
    moved: `${count(one.moved)}世帯`,
    least: one.moved ? `最少でも ${count(one.least)}世帯` : '',
    unplaced: some(without, '世帯'),
    reasons: without ? `道がない ${count(one.no_way)}・空きがない ${count(one.no_room)}` : '',
    gap: `${(Math.ceil(one.gap * 1e4 - 1e-9) / 100).toFixed(2)} % 以下`,
  };
};

const changedText = one => (one?.households
  ? `案内が変わった世帯 ${count(one.households)}（行動 ${count(one.verdict)}・行き先 ${count(one.place)}・道 ${count(one.way)}）`
  : '');

/* Of how many places nobody knows how many they hold. */
const unstatedText = one => {
  if (!one?.places) return '';
  const counts = one.persons === null ? '定員なし' : `1か所${count(one.persons)}人`;
  return `収容人数のわからない避難場所 ${count(one.places)}か所（${counts}とみなしています）`;
};

/* What the plan does not hold, and since when. */
const lateness = ({plan, stale, checked_at}) => {
  const {later} = plan;
  if (later && now() - Date.parse(later.since) > ON_ITS_WAY_MS) {
    return [`このあとの変化${count(later.changes)}件が、まだ入っていません。最初の変化`, later.since];
  }
  if (plan.earlier_load) return ['市のデータを入れ替える前の割当です。新しい割当を待っています。', ''];
  return stale ? ['割当の更新が止まっています。最後の確認', checked_at] : ['', ''];
};

const overflowRow = one => ({
  needed_at: at(one.needed_at),
  place: one.name,
  lacks: `${count(one.persons)}人分が足りません`,
  spare: one.rooms.length ? `予備の部屋：${one.rooms.join('、')}` : '予備の部屋の登録なし',
  beyond: one.beyond && one.rooms.length ? `開いても${count(one.beyond)}人分が足りません` : '',
});

const heldRow = one => ({...one.words, since: at(one.since), why: one.why_words});

const sayLate = (text, since) => {
  fill(late, {late: text, late_at: at(since)});
  late.hidden = !text;
  panel.toggleAttribute('data-old', Boolean(text));
};

const drawOverflow = rows => {
  const made = rows.map(one => {
    const row = copy('overflow');
    fill(row, overflowRow(one));
    return row;
  });
  overflow.replaceChildren(...made);
  document.getElementById('overflowing').hidden = !rows.length;
};

/* A closure's move is decided beside its map, on the page of the field. */
const drawHeld = all => {
  const waiting = all.filter(one => one.kind !== 'closure');
  reconcile(held, 'held', waiting.map(one => [`held:${one.number}`, row => fill(row, heldRow(one))]));
  document.getElementById('waits').hidden = !held.children.length;
};

const drawPlan = found => {
  const {plan} = found;
  drawHeld(found.waiting);
  if (!plan) return;
  fill(panel, {
    version: `第${plan.number}版`,
    published_at: at(plan.published_at),
    cause: plan.cause_words,
    changed: changedText(plan.changed),
    unstated: unstatedText(plan.unstated),
    none: plan.figures ? '' : '世帯の位置のデータがないため、割当を作れません。',
    places: some(plan.overflow.length, 'か所'),
    first: at(plan.overflow[0]?.needed_at),
    ...plan.figures ? figures(plan.figures) : {},
  });
  panel.querySelector('[data-part=why]').hidden = false;
  panel.querySelector('[data-part=figures]').hidden = !plan.figures;
  drawOverflow(plan.overflow);
  sayLate(...lateness(found));
};

/* Keeps the plan true; drawn() is called after each time it was drawn. */
export const followPlan = drawn => {
  let read = new Date(now()).toISOString();
  let asking = null;
  let again = false;
  let waits = 0;

  const ask = async () => {
    try {
      const found = await get('/api/v1/headquarters/plan');
      read = found.now;
      drawPlan(found);
    } catch {
      sayLate('割当を読み直せません。ここにあるのは', read);
    } finally {
      asking = null;
      drawn();
      if (again) {
        again = false;
        changed();
      }
    }
  };

  const renew = () => {
    if (asking) again = true;
    else asking = ask();
    return asking;
  };

  const changed = () => {
    waits ||= setTimeout(() => {
      waits = 0;
      renew();
    }, SOON_MS);
  };

  root.addEventListener('ages', renew);
  held.addEventListener('mouseleave', changed);
  return {changed, renew};
};
