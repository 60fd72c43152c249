/* The labels of headquarters' map: of what, how weighty, where they may stand. */

import {isOver, isSilent, spotsOf} from './hqboardmapdraw.js';
import {inRing, spotIn} from './hqboardmapgeo.js';
import {LIMITS, isOld, namedRings, ringsOf, rowsOf} from './hqboardmaplayers.js';
import {plainLabel, plateLabel} from './hqboardmaplabels.js';
import {LEVEL_WORDS, areaWords, bandOf, closureWord, gaugeWords, since, standing, towns} from './hqboardmapwords.js';

const MOST_AREAS = 14;
const BIG = {danger: 90, full: 64, unknown: 62, crowded: 60, some: 58, room: 56};

/* An order for the whole city has no outline: its label says so. */
const wholeLabel = (one, {view, letter, brief}) => {
  const head = brief ? String(one.level) : `${one.level} ${LEVEL_WORDS[one.level] ?? ''}`;
  return {...plateLabel(one.level, head, '市内全域', letter), x: view.width / 2, y: letter * 2, must: true, of: 'orders', weight: 150 + one.level};
};

/* The towns of an order, or where it was drawn. */
const placesOf = (one, at) => {
  const named = towns(one.area_names ?? []).map(([, names, word]) => ({one, word, rings: namedRings({area_names: names}, at)})).filter(found => found.rings.length);
  const drawn = ringsOf(one, at);
  return named.length || !drawn.length ? named : [{one, word: areaWords(one.area_names ?? [], 1), rings: drawn}];
};

/* One label for each town of each level; at least one of every order stands in any case. */
const orderLabels = at => {
  const {state, project, letter, brief} = at;
  const told = new Set();
  return rowsOf(state, 'orders').flatMap(one => (one.whole_city ? [wholeLabel(one, at)] : placesOf(one, at).sort((a, b) => b.rings.length - a.rings.length).map(({word, rings}) => {
    const [x, y] = project(spotIn(rings));
    const must = !told.has(one.number);
    told.add(one.number);
    const head = brief ? String(one.level) : `${one.level} ${LEVEL_WORDS[one.level] ?? ''}`;
    return {...plateLabel(one.level, head, word, letter), x, y, must, of: 'orders', weight: 100 + one.level + (must ? 20 : 0)};
  })));
};

const proposalLabels = ({state, areas, project, letter}) => rowsOf(state, 'proposals').flatMap(one => {
  const rings = namedRings(one, {areas});
  if (!rings.length) return [];
  const [x, y] = project(spotIn(rings));
  const word = one.lifts ? '解除を提案中' : `${one.level} を提案中`;
  return [{...plateLabel(one.level, word, towns(one.area_names)[0][2], letter), dashed: true, x, y, of: 'orders', weight: 80}];
});

const beside = ({x, y}, lines, letter, of, weight, gap = 0.95) => ({...plainLabel(lines, letter), x, y, gap: letter * gap, of, weight});

const closureLabels = ({letter, now}, {closures}) => closures.map(spot => {
  const {one} = spot;
  const more = spot.all.length > 1 ? ` ほか${spot.all.length - 1}` : '';
  return beside(spot, [[`${one.street || one.reason || '道'}${more}`, 'ink'], [`${closureWord(one)} ${standing(one.at, now)}`, 'muted']], letter, 'closures', 76);
});

const seenLabels = ({letter, now}, {observations}) => observations.map(spot => {
  const tone = isOld(spot.one.at, LIMITS.closures, now) ? 'muted' : 'ink';
  return beside(spot, [[spot.one.word, tone], [since(spot.one.at, now), 'muted']], letter, 'closures', 40);
});

const siteLabels = ({letter, now}, {sites}) => sites.map(spot => {
  const {one} = spot;
  const band = bandOf(one);
  const late = isOld(one.as_of, LIMITS.sites, now);
  const second = band === 'danger' ? [['危険', 'bad']] : band === 'preparing' ? [['開設準備', 'muted']]
    : late ? [[one.as_of ? `確認 ${since(one.as_of, now)}` : '人数の確認なし', 'muted']] : [];
  return beside(spot, [[one.name, late && band !== 'danger' ? 'muted' : 'ink'], ...second], letter, 'sites', BIG[band] ?? 50);
});

const teamLabels = ({letter, now}, {teams}) => teams.map(spot => {
  const {one} = spot;
  const silent = isOld(one.last_heard, LIMITS.teams, now);
  const second = one.overdue_since ? [[`超過 ${standing(one.overdue_since, now)}`, 'bad']] : silent ? [[`最終 ${since(one.last_heard, now)}`, 'muted']] : [];
  return beside(spot, [[one.team, silent && !one.overdue_since ? 'muted' : 'ink'], ...second], letter, 'teams', one.overdue_since ? 92 : 50, one.overdue_since ? 1.3 : 0.95);
});

const gaugeLabels = ({letter, now}, {gauges}) => gauges.map(spot => {
  const {one} = spot;
  const silent = isSilent(one, now);
  const lines = silent
    ? [[`${one.name} 欠測`, 'muted'], [one.measured_at ? `最終 ${since(one.measured_at, now)}` : '測定の記録なし', 'muted']]
    : [[gaugeWords(one), 'ink'], [`${isOver(one) ? '危険を超えた・' : ''}${since(one.measured_at, now)}`, 'muted']];
  return beside(spot, lines, letter, 'gauges', isOver(one) ? 78 : 70);
});

/* Names of areas where there is room for them, so that one knows where one is. */
const areaLabels = ({state, areas, shapes, project, letter, names = []}) => {
  const rings = rowsOf(state, 'orders').flatMap(one => ringsOf(one, {areas, shapes}));
  const seen = new Set();
  return names.flatMap(([name, lon, lat]) => {
    const [[stem]] = towns([name]);
    if (seen.has(stem) || seen.size >= MOST_AREAS || rings.some(ring => inRing(ring, [lon, lat]))) return [];
    seen.add(stem);
    const [x, y] = project([lon, lat]);
    return [{...plainLabel([[stem, 'muted']], letter), x, y, of: 'areas', weight: 5}];
  });
};

/* Where a label may not stand: on signs. */
export const signsOf = spots => Object.entries(spots).flatMap(([of, all]) => all.map(({x, y}) => ({x, y, of})));

export const labelsOf = (at, spots = spotsOf(at)) => [
  ...orderLabels(at), ...proposalLabels(at),
  ...(at.brief ? [] : [...closureLabels(at, spots), ...seenLabels(at, spots), ...siteLabels(at, spots),
    ...teamLabels(at, spots), ...gaugeLabels(at, spots), ...areaLabels(at)]),
];
