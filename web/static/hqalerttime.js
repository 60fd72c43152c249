/* Times of day that are typed, in the city's zone. */

import {now} from './staff.js';
import {zone} from './hqalertsay.js';

const DAY_MS = 24 * 36e5;

const offset = () => {
  const name = new Intl.DateTimeFormat('en', {timeZone: zone, timeZoneName: 'longOffset'})
    .formatToParts(now()).find(one => one.type === 'timeZoneName').value;
  return name.replace('GMT', '') || '+00:00';
};

/* The next time that the city's clocks show this; null for nothing typed. */
export const nextTime = typed => {
  if (!typed) return null;
  const day = new Intl.DateTimeFormat('sv-SE', {timeZone: zone}).format(now());
  const today = Date.parse(`${day}T${typed}:00${offset()}`);
  return new Date(today <= now() ? today + DAY_MS : today).toISOString();
};

/* 04:14 of a moment that is still to come, as a time field takes it; '' of one that has passed. */
export const timeOf = iso => {
  if (!iso || Date.parse(iso) <= now()) return '';
  const shown = {timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23'};
  return new Intl.DateTimeFormat('sv-SE', shown).format(new Date(iso));
};
