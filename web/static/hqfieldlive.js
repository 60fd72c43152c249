/* The page of the field follows what others do. */

import {at, put} from './deskdom.js';
import {clockText, now} from './staff.js';
import {root, zone} from './hqfieldsay.js';
import {follower} from './hqfollow.js';

export {seldom} from './hqfollow.js';

const following = follower({zone, live: root.dataset.live, next: '/hq/field'});
const tick = () => put(at('clock'), clockText(new Date(now()).toISOString(), zone));

export const {signedOut} = following;

/* `changed(key)` for what the stream tells; `renew` resolves to whether all came. */
export const followField = ({changed, renew}) => {
  tick();
  setInterval(tick, 1e3);
  following.follow({topics: ['headquarters'], changed: (topic, key) => changed(key), renew});
};
