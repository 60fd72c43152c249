/* Suspensions that nobody has looked at for an hour: a person says that they stand, or that what was
   reported is over. Nothing opens by itself. */

import {at, fill, make} from './deskdom.js';
import {post} from './staff.js';
import {ask} from './hqfieldask.js';
import {decideAll, OUTCOMES} from './hqfielddecide.js';
import {button, HQ, japanese, time, word} from './hqfieldsay.js';

const brief = one => `${word('kind', one.kind)}（${word('source', one.source_kind)}・${word('state', one.state)}）`;

const behindOf = (closure, reports) => closure.reports.map(id => reports.find(one => one.id === id)).filter(Boolean);

const openIt = (closure, reports, renew) => {
  const behind = behindOf(closure, reports);
  const name = closure.street || '名前のない道';
  ask({
    title: `${name}を開けますか`,
    body: [make('p', {}, make('b', {textContent: `この道を止めている報告${closure.reports.length}件を「解消」にします。ほかに止める報告がなければ、${name}が開き、案内が通します。`})),
      make('ul', {}, ...behind.map(one => make('li', {}, brief(one), ' ', time(one.seen_at)))),
      make('p', {className: 'note warn', textContent: '通れることを、現地か電話で確かめてからにしてください。'})],
    fields: [{name: 'outcome', label: '結果（報告した人に伝わります）', needed: true, chips: OUTCOMES.resolved}],
    ok: 'はい、開ける',
    style: 'danger',
    act: ({outcome}) => decideAll(closure.reports, 'resolved', outcome),
    done: renew,
  });
};

const stands = async (closure, part, renew) => {
  try {
    await post(`${HQ}closures/${closure.number}/stands`, {});
    await renew();
  } catch (error) {
    part.textContent = japanese(error.message);
  }
};

const article = (closure, reports, renew) => {
  const said = make('output', {className: 'said stop'});
  said.setAttribute('aria-live', 'polite');
  const behind = behindOf(closure, reports);
  return make('article', {className: 'asks'},
    make('h3', {}, `${closure.street || '名前のない道'}　${closure.reason} `, time(closure.since)),
    make('p', {}, make('b', {textContent: '60分たちました。まだ通れませんか'}),
      ...(closure.reviewed_at ? ['　前に確かめたのは ', time(closure.reviewed_at)] : [])),
    make('p', {className: 'kind', textContent: behind.map(brief).join('、')}),
    make('p', {}, make('b', {textContent: '何もしないと：'}), '止まったまま。自動では開きません。'),
    make('div', {className: 'line'},
      button('まだ通れない', () => stands(closure, said, renew), {style: 'primary', name: 'stands'}),
      button('開ける（報告を解消にする）', () => openIt(closure, reports, renew), {name: 'open'}), said));
};

export const drawAsking = ({closures, reports}, renew) => {
  const asking = closures.filter(one => one.asks);
  const part = at('asking');
  part.dataset.count = String(asking.length);
  const behind = asking.map(one => behindOf(one, reports).map(brief));
  fill(part, JSON.stringify([asking, behind]), () => asking.map(one => article(one, reports, renew)));
};
