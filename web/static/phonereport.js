/* What a caller saw of roads, rivers and people, for headquarters: never more than 未確認. */

import {newId, post} from './staff.js';

const part = id => document.getElementById(id);
/* Metres: the pin was set, or it is only the middle of what was found. */
const EXACT_M = 30;
const ROUGH_M = 300;
const FIELDS = ['report_kind', 'report_note', 'report_link'];

const say = (text, isError = false) => {
  part('report-said').replaceChildren(text);
  part('report-said').classList.toggle('stop', isError);
};

const missing = ({report_kind: kind, report_link: link}, spot) => {
  if (!spot) return 'まず「1　どこにいますか」で、その場所を選んでください。';
  if (!kind.value) return '何があったかを選んでください。';
  if (link.value.trim() && !/^https:\/\/[^\s<>"]{3,}$/.test(link.value.trim())) return 'リンクは https:// で始まるものを、そのまま貼ってください。';
  return '';
};

/* The same report once more, after a lost answer, has the same id: it counts once. */
let sent = {id: '', body: ''};

const bodyOf = (fields, spot) => ({
  kind: fields.report_kind.value,
  where: {type: 'Point', coordinates: [spot.lon, spot.lat]},
  error_m: spot.exact ? EXACT_M : ROUGH_M,
  note: fields.report_note.value.trim(),
  link: fields.report_link.value.trim(),
  by_phone: true,
});

/* `spot` gives the place that was chosen; `save` keeps what is typed. */
export const listenToReport = (form, spot, save) => {
  const button = part('report-send');
  button.addEventListener('click', async () => {
    const wrong = missing(form.elements, spot());
    if (wrong) {
      say(wrong, true);
      return;
    }
    const body = bodyOf(form.elements, spot());
    const text = JSON.stringify(body);
    if (sent.body !== text) sent = {id: newId(), body: text};
    button.disabled = true;
    say('送っています…');
    try {
      const answer = await post('/api/v1/field/reports', {id: sent.id, ...body});
      for (const name of FIELDS) form.elements[name].value = '';
      sent = {id: '', body: ''};
      save();
      say(answer.words);
    } catch (error) {
      say(error.status ? error.message : 'サーバーにつながりません。書いたことは残っています。もう一度押してください。', true);
    } finally {
      button.disabled = false;
    }
  });
  form.addEventListener('input', event => { if (FIELDS.includes(event.target.name)) say(''); });
};
