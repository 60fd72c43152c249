/* Whoever is signed out is told so; what is imagined stays on the page. */

import {follower} from './hqfollow.js';
import {root} from './hqwhatifsay.js';

const following = follower({zone: root.dataset.zone, next: '/hq/whatif', keeps: '仮定したことは、この画面に残っています。'});

/* Of reading; where something is done, 403 may be about that alone. */
export const heed = error => { if (error?.status) following.heed(error); };
export const heedDoing = error => { if (error?.status === 401) following.heed(error); };
