/* Papers of the open revision: opened, put into the print queue, printed; and the whole queue. */

import {at, fill, make, put} from './deskdom.js';
import {now} from './staff.js';
import {API, OUT, time, word} from './hqalertsay.js';
import {send} from './hqalertsend.js';
import {drawReturned} from './hqalertreturned.js';

const output = at('papers-said');
const rows = new Map();
let heard = () => {};

const nameOf = paper => word('paper', paper)[0];
const urlOf = (number, paper) => `${API}/${number}/papers/${paper}.pdf`;
const mayAsk = one => OUT.includes(one.state) && Date.parse(one.expires_at) > now();

/* Who has an account is named, as whoever decided is; a printer's folder is none. */
const printer = ({printed_by: by}) => (by ? `（${by === 'console' ? 'サーバー' : by}）` : '');

/* How far a paper is, in words. */
const state = (one, job, withdrawn) => {
  const said = (text, iso, kind = '') => make('span', {className: `how ${kind}`}, text, ...(iso ? [' ', time(iso)] : []));
  if (job?.printed_at) return said(`印刷済み${printer(job)}`, job.printed_at, 'done');
  if (withdrawn) return said(`取り下げ：${withdrawn}`, null, 'warned');
  if (job?.made_at) return said('できた', job.made_at, 'now');
  if (job?.failed_why) return said(`失敗：${job.failed_why}`, null, 'warned');
  if (job) return said('待っている', job.asked_at);
  return said(OUT.includes(one.state) ? '頼んでいない' : '下書き');
};

const act = (text, name, url, body, said) => {
  const button = make('button', {type: 'button', className: 'btn small', textContent: text});
  button.setAttribute('aria-label', `${name}：${text}`);
  button.addEventListener('click', async () => {
    const link = button.closest('li').querySelector('a');
    const answer = await send(output, {url, body, said});
    if (!answer) return;
    heard(answer);
    if (!button.isConnected) link.focus();
  });
  return button;
};

const printed = job => act('印刷した', nameOf(job.paper), `${API}/${job.number}/papers/${job.job}/printed`, {}, '印刷したことを記録しました。');

const buttons = (one, paper, job) => {
  if (job?.made_at) return job.printed_at ? [] : [printed(job)];
  if (!mayAsk(one) || job && !job.failed_why) return [];
  const text = job ? 'もう一度、印刷の列に入れる' : '印刷の列に入れる';
  return [act(text, nameOf(paper), `${API}/${one.number}/papers`, {paper}, '印刷の列に入れました。')];
};

const open = (number, paper) => {
  const link = make('a', {href: urlOf(number, paper), target: '_blank', rel: 'noopener', textContent: nameOf(paper)});
  link.setAttribute('aria-label', `${nameOf(paper)} PDF（別の窓で開く）`);
  return make('b', {}, link);
};

/* A row keeps its link: whoever presses beside it does not lose their place. */
const row = (one, {paper, job, withdrawn}) => {
  const key = `${one.number}/${paper}`;
  if (!rows.has(key)) rows.set(key, make('li', {}, open(one.number, paper), make('span', {className: 'kind', textContent: word('paper', paper)[1]}), make('div', {className: 'paperstate'})));
  const shown = rows.get(key);
  const link = shown.querySelector('a');
  if (withdrawn) link.removeAttribute('href');
  else link.href = urlOf(one.number, paper);
  fill(shown.lastChild, JSON.stringify([job, withdrawn, one.state, mayAsk(one)]), () => [
    state(one, job, withdrawn), ...(withdrawn ? [] : buttons(one, paper, job)),
  ]);
  return shown;
};

const summary = (one, papers) => {
  const jobs = papers.map(found => found.job).filter(Boolean);
  const counts = [
    ['失敗', jobs.filter(job => job.failed_why && !job.made_at)], ['待っている', jobs.filter(job => !job.made_at && !job.failed_why)],
    ['できた', jobs.filter(job => job.made_at && !job.printed_at)], ['印刷済み', jobs.filter(job => job.printed_at)],
  ].filter(([, found]) => found.length).map(([text, found]) => `${text} ${found.length}`);
  return counts.join('・') || (OUT.includes(one.state) ? 'まだ何も頼んでいません' : '下書き：承認されるまで印刷できません');
};

const waiting = job => make('li', {}, open(job.number, job.paper), make('span', {className: 'kind', textContent: `配信 ${job.number}・${job.why}`}),
  make('div', {className: 'paperstate'}, state({state: 'sent'}, job), ...(job.made_at ? [printed(job)] : [])));

const same = (list, all) => list.children.length === all.length && all.every((one, index) => list.children[index] === one);

/* `found`: papers, queue, returned, and the moment `at`; `done` hears what the server answers. */
export const drawPapers = (one, found, done) => {
  heard = done;
  at('papers').hidden = !found;
  if (!found) return;
  put(at('papers-sum'), summary(one, found.papers));
  fill(at('papers-at'), found.at, () => [time(found.at, '読んだ時刻 ')]);
  const shown = found.papers.map(paper => row(one, paper));
  if (!same(at('paper-list'), shown)) at('paper-list').replaceChildren(...shown);
  at('queue-part').hidden = !found.queue.length;
  put(at('queue-head'), `印刷の列（すべての配信）${found.queue.length}`);
  fill(at('queue-list'), JSON.stringify(found.queue), () => found.queue.map(waiting));
  drawReturned(one, found, done);
};
