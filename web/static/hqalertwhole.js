/* A revision, whole; and of a draft that is over what the list knows of it. */

import {get} from './staff.js';
import {API} from './hqalertsay.js';

const EXPIRED = {severity: 'stops', code: 'expired', words: '期限が過ぎています。'};

/* A draft that is over is not answered: what the list knows of it is shown, to be given more time. */
export const getWhole = async (id, alerts) => {
  try {
    return await get(`${API}/${id}`);
  } catch (error) {
    const known = alerts.find(one => one.number === id);
    if (error.status !== 422 || !known) throw error;
    return {...known, rendered: null, blast: null, digest: '', findings: [EXPIRED], progress: []};
  }
};
