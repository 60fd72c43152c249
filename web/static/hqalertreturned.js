/* A return sheet that came back: of each area whether it was heard, at how many homes somebody
   called. Only lines that say something new are sent; the newest of each area counts. */

import {say} from './staff.js';
import {at, fill, make, put} from './deskdom.js';
import {API, number, table} from './hqalertsay.js';
import {send} from './hqalertsend.js';

const part = at('returning');
const WHOLE = '市内全域';
const HEARD = [['', '分からない'], ['yes', '聞こえた'], ['no', '聞こえない']];
const VALUES = {yes: true, no: false};
let saves = 0;
const keyOf = heard => ({true: 'yes', false: 'no'})[heard] ?? '';

const areasOf = one => (one.area_names.length ? one.area_names : [WHOLE]);
const jobOf = found => ['return', 'pack'].map(paper => found.papers.find(one => one.paper === paper)?.job).find(job => job?.made_at);

const summary = ({areas, heard, not_heard: silent, called}) => {
  if (!areas.length) return '戻った記録はまだありません。';
  const names = silent.length ? `（${silent.join('、')}）` : '';
  return `戻った記録：聞こえた ${heard.length}・聞こえない ${silent.length}${names}・声をかけた ${number(called)}軒`;
};

const line = (area, known) => {
  const heard = make('select', {name: 'heard'}, ...HEARD.map(([value, textContent]) => make('option', {value, textContent})));
  const called = make('input', {type: 'number', name: 'called', min: '0', max: '10000', inputMode: 'numeric', value: String(known?.called ?? 0)});
  heard.value = keyOf(known?.heard);
  heard.setAttribute('aria-label', `${area}：聞こえたか`);
  called.setAttribute('aria-label', `${area}：声をかけた軒数`);
  const row = make('tr', {}, make('th', {scope: 'row', textContent: area}), make('td', {}, heard), make('td', {className: 'num'}, called));
  const saved = [heard.value, called.value];
  return {row, said: () => (heard.value === saved[0] && called.value === saved[1] ? null
    : {area, heard: VALUES[heard.value] ?? null, called: Number(called.value)})};
};

const drawForm = (one, found, job, done) => {
  const known = new Map(found.returned.areas.map(area => [area.area, area]));
  const lines = areasOf(one).map(area => line(area, known.get(area)));
  const output = at('returned-said');
  const form = make('form', {noValidate: true}, table('戻った記録', ['区域', '放送・読み上げ', '声をかけた軒数'], lines.map(shown => shown.row)),
    make('div', {className: 'line'}, make('button', {className: 'btn', textContent: '戻った記録を保存'})));
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const areas = lines.map(shown => shown.said()).filter(Boolean);
    if (!areas.length) return say(output, '変えた行がありません。', true);
    const answer = await send(output, {url: `${API}/${one.number}/papers/${job.job}/return`, body: {areas}, said: `${areas.length}行を記録しました。`});
    if (!answer) return undefined;
    saves += 1;
    return done({returned: answer});
  });
  return [form];
};

/* Made anew only after a save of one's own: nothing typed is lost to what others bring. */
export const drawReturned = (one, found, done) => {
  const job = jobOf(found);
  put(at('returned-sum'), job || found.returned.areas.length ? summary(found.returned) : '');
  part.hidden = !job;
  if (job) fill(at('returned-form'), JSON.stringify([one.number, job.job, areasOf(one), saves]), () => drawForm(one, found, job, done));
};
