/* What an alert can be for besides names and a drawn line: a zone, a place, a version of the plan.
   The server is asked for them when one of these is chosen. */

import {at, fill, make, put} from './deskdom.js';
import {clockText, get} from './staff.js';
import {number, zone} from './hqalertsay.js';

const CHOICES = '/api/v1/headquarters/alertareas';
const KINDS = {
  zone: {
    key: 'zone', label: '想定区域の図', none: '市のデータに、想定区域の図がありません。',
    means: '図の区域の中に住む世帯に届きます。',
    rows: found => found.zones.map(one => [one.layer, one.name]),
  },
  site: {
    key: 'site', label: '避難先', none: 'いまの割当で世帯が行く避難先は、まだありません。',
    means: 'いまの割当でそこへ行くことになっている世帯に届きます。',
    rows: found => found.places.map(one => [one.id, `${one.name}（${number(one.households)}世帯）`]),
  },
  plan: {
    key: 'changed_in', label: '割当の版', none: '案内の変わった世帯がある版は、まだありません。',
    means: 'その版で、行動・行き先・道のどれかが変わった世帯に届きます。',
    rows: found => found.versions.map(one => [String(one.number),
      `第${one.number}版 ${clockText(one.published_at, zone)} ${one.cause}（${number(one.households)}世帯）`]),
  },
};
const select = at('where-pick');
const chosen = {zone: '', site: '', plan: ''};
let kind = null;
let found = null;
let fixed = null;
let failed = '';

export const isPicked = where => where in KINDS;
export const pickedNow = () => ({...chosen});

const option = (value, textContent) => make('option', {value, textContent});

const draw = () => {
  at('pick-part').hidden = !kind;
  if (!kind) return;
  const {label, none, means, rows} = KINDS[kind];
  const all = found ? rows(found) : [];
  const stays = fixed?.where === kind;
  const gone = chosen[kind] && !all.some(([value]) => value === chosen[kind]);
  put(at('pick-label'), label);
  const offered = [['', stays ? `選んだまま${fixed.name ? `（${fixed.name}）` : ''}` : '選んでください'],
    ...(gone ? [[chosen[kind], found ? '前に選んだもの（いまは選べません）' : '読んでいます…']] : []), ...all];
  fill(select, JSON.stringify(offered), () => offered.map(([value, text]) => option(value, text)));
  select.value = chosen[kind];
  put(at('pick-said'), failed || (found && !all.length ? none : means));
  at('pick-again').hidden = !failed;
};

const load = async () => {
  try {
    found = await get(CHOICES);
    failed = '';
  } catch (error) {
    failed = `選べるものを読めませんでした。${error.message}`;
  }
  draw();
};

/* Shows the choices of a kind, or none; `stays`: how the revision before was chosen, and its `name`. */
export const showPicks = (where, stays) => {
  const other = isPicked(where) ? where : null;
  const asks = other && other !== kind;
  [kind, fixed] = [other, stays];
  draw();
  if (asks) load();
};
export const pickAgain = values => Object.assign(chosen, values);

/* Its part of a draft; throws what is missing. */
export const pickBody = where => {
  const {key, label} = KINDS[where];
  if (!chosen[where]) throw Error(`${label}を選んでください。`);
  return {[key]: where === 'plan' ? Number(chosen[where]) : chosen[where]};
};

// Before the form hears of it.
select.addEventListener('input', () => { chosen[kind] = select.value; });
at('pick-again').addEventListener('click', load);
