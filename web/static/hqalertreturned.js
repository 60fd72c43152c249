/* A return sheet that came back: of each area whether it was heard, at how many homes somebody
   called. Only lines that say something new are sent; the newest of each area counts. */

import {say} from './staff.js';
import {at, fill, make, put} from './deskdom.js';
import {API, number, root, table} from './hqalertsay.js';
import {send} from './hqalertsend.js';

const part = at('returning');
const WHOLE = '市内全域';
const HEARD = [['', '分からない'], ['yes', '聞こえた'], ['no', '聞こえない']];
const VALUES = {yes: true, no: false};
let saves = 0;
let counted = ['', ''];
const keyOf = heard => ({true: 'yes', false: 'no'})[heard] ?? '';

const isWhole = one => !one.area_names.length;
const areasOf = one => (one.area_names.length ? one.area_names : [WHOLE]);
const jobOf = found => ['return', 'pack'].map(paper => found.papers.find(one => one.paper === paper)?.job).find(job => job?.made_at);

const summary = ({areas, heard, not_heard: silent, called}) => {
  if (!areas.length) return '戻った記録はまだありません。';
  const names = silent.length ? `（${silent.join('、')}）` : '';
  return `戻った記録：聞こえた ${heard.length}・聞こえない ${silent.length}${names}・声をかけた ${number(called)}軒`;
};

/* `saved`: the server knows this line; one that was added here is sent as it stands. */
const line = (area, known, saved = false) => {
  const heard = make('select', {name: 'heard'}, ...HEARD.map(([value, textContent]) => make('option', {value, textContent})));
  const called = make('input', {type: 'number', name: 'called', min: '0', max: '10000', inputMode: 'numeric', value: String(known?.called ?? 0)});
  heard.value = keyOf(known?.heard);
  heard.setAttribute('aria-label', `${area}：聞こえたか`);
  called.setAttribute('aria-label', `${area}：声をかけた軒数`);
  const row = make('tr', {}, make('th', {scope: 'row', textContent: area}), make('td', {}, heard), make('td', {className: 'num'}, called));
  const begun = saved || !known ? [heard.value, called.value] : [];
  return {area, row, said: () => (heard.value === begun[0] && called.value === begun[1] ? null
    : {area, heard: VALUES[heard.value] ?? null, called: Number(called.value)})};
};

/* A sheet of the whole city has one line: a 町丁目 in which nobody heard gets its own. */
const adder = (lines, body) => {
  const shown = new Set(lines.map(({area}) => area));
  const names = JSON.parse(root.dataset.areas).filter(name => !shown.has(name));
  const pick = make('select', {name: 'more'}, make('option', {value: '', textContent: '町丁目を選ぶ'}), ...names.map(name => make('option', {value: name, textContent: name})));
  const add = make('button', {type: 'button', className: 'btn', textContent: '足す'});
  add.addEventListener('click', () => {
    if (!pick.value) return pick.focus();
    const added = line(pick.value, {heard: false});
    lines.push(added);
    body.append(added.row);
    pick.selectedOptions[0].remove();
    pick.value = '';
    return added.row.querySelector('select').focus();
  });
  return [make('label', {}, '聞こえなかった町丁目 ', pick), add];
};

const drawForm = (one, found, job, done) => {
  const known = new Map(found.returned.areas.map(area => [area.area, area]));
  const lines = [...new Set([...areasOf(one), ...known.keys()])].map(area => line(area, known.get(area), known.has(area)));
  const output = at('returned-said');
  const shown = table('戻った記録', ['区域', '放送・読み上げ', '声をかけた軒数'], lines.map(({row}) => row));
  const form = make('form', {noValidate: true}, shown, make('div', {className: 'line'},
    ...(isWhole(one) ? adder(lines, shown.querySelector('tbody')) : []), make('button', {className: 'btn', textContent: '戻った記録を保存'})));
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const areas = lines.map(({said}) => said()).filter(Boolean);
    if (!areas.length) return say(output, '変えた行がありません。', true);
    const answer = await send(output, {url: `${API}/${one.number}/papers/${job.job}/return`, body: {areas}, said: `${areas.length}行を記録しました。`});
    if (!answer) return undefined;
    saves += 1;
    return done({returned: answer});
  });
  return [form];
};

/* The ledger is counted anew where a sheet came back, here or on another screen. */
const tellLedger = (one, returned) => {
  const before = counted;
  counted = [String(one.number), JSON.stringify(returned)];
  if (before[0] === counted[0] && before[1] !== counted[1]) root.dispatchEvent(new Event('returned'));
};

/* Made anew only after a save of one's own: nothing typed is lost to what others bring. */
export const drawReturned = (one, found, done) => {
  const job = jobOf(found);
  put(at('returned-sum'), job || found.returned.areas.length ? summary(found.returned) : '');
  part.hidden = !job;
  tellLedger(one, found.returned);
  if (job) fill(at('returned-form'), JSON.stringify([one.number, job.job, areasOf(one), saves]), () => drawForm(one, found, job, done));
};
