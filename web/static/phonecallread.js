/* Which revision is on the screen, and which one was read: never the old words, and no guess.

   A reading is {alert, shown: {number, revision}, earlier: [the same], read: number or null}.
   `earlier` are revisions that were on the screen until a newer one came and that somebody may have
   heard to their end; `read` is what the clerk says was read, null while that is to be said. */

export const begun = line => ({
  alert: line.alert,
  shown: {number: line.number, revision: line.revision},
  earlier: [],
  read: line.number,
});

/* The reading after a list has come in which the alert stands so. */
export const followed = (reading, line) => {
  if (line.number === reading.shown.number) return reading;
  return {
    ...reading,
    shown: {number: line.number, revision: line.revision},
    earlier: [...reading.earlier, reading.shown],
    read: null,
  };
};

/* Who goes on with the new words has done with those before them. */
export const says = (reading, number) =>
  ({...reading, read: number, earlier: number === reading.shown.number ? [] : reading.earlier});

/* After a call was noted the next one is read what is on the screen. A choice that is open stays
   open: nobody has said that they have seen the new words. */
export const afterCall = reading =>
  reading.read === null ? reading : {...reading, earlier: [], read: reading.shown.number};

/* Back to a call that was refused: what was read to that household stays what was read. */
export const rewritten = (line, call) => ({
  alert: call.alert,
  shown: {number: line.number, revision: line.revision},
  earlier: line.number === call.number ? [] : [{number: call.number, revision: call.revision}],
  read: call.number,
});

export const revisionRead = reading =>
  [reading.shown, ...reading.earlier].find(one => one.number === reading.read) ?? null;
