/* Keys of the board; those that every page of headquarters has are in hqbarkeys.js. */

import {at} from './deskdom.js';
import {isTyping, pageKeys} from './hqbarkeys.js';
import {chronologyKey, chronologyLetter, escapeChronology, focusChronology, stepEntries} from './hqboardchronology.js';
import {decisionKey, decisionLetter, escapeDecision, stepDecisions} from './hqboarddecisions.js';
import {escapeEntry, focusEntry} from './hqboardentry.js';

const toMap = () => {
  at('board-map').focus();
  at('board-map').scrollIntoView({block: 'nearest'});
};

const ARROWS = {ArrowDown: 1, ArrowUp: -1};

const arrow = event => {
  const by = ARROWS[event.key];
  if (!by || isTyping(event.target)) return null;
  if (event.target.matches('#entries tr')) return () => stepEntries(by);
  return event.target.matches('body,main,#decisions>li') ? () => stepDecisions(by) : null;
};

export const listenToKeys = filter => {
  const LETTERS = {
    'j': () => stepDecisions(1), 'k': () => stepDecisions(-1), 'n': focusEntry, 'e': focusChronology, '/': filter.focus, 'm': toMap,
  };
  pageKeys({
    any: event => arrow(event) ?? decisionKey(event) ?? chronologyKey(event),
    letter: event => chronologyLetter(event) ?? decisionLetter(event) ?? LETTERS[event.key.toLowerCase()] ?? null,
    escape: event => escapeEntry(event) || escapeChronology(event) || filter.clear() || escapeDecision(event),
  });
};
