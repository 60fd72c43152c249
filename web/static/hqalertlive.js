/* The page of alerts follows what others do; what somebody typed stays whatever happens. */

import {at, put} from './deskdom.js';
import {clockText, now} from './staff.js';
import {root, zone} from './hqalertsay.js';
import {follower} from './hqfollow.js';

const following = follower({
  zone, live: root.dataset.live, next: '/hq/alerts', keeps: '書きかけはこの画面に残っています。',
});
const tick = () => put(at('clock'), clockText(new Date(now()).toISOString(), zone));
setInterval(tick, 1e3);

export const {signedOut} = following;

/* `renew` resolves to whether all that was asked for came. */
export const followAlerts = ({changed, renew}) => {
  tick();
  following.follow({topics: ['headquarters'], changed: (topic, key, state) => changed(key, state), renew});
};
