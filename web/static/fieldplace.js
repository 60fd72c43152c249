// Where it is: by GPS with its error and age, or as somebody set it on the map.
const FRESH = 2 * 60e3;
const WALKS = 1.4;
const AGAIN = 20e3;
const LAST = 'field.place';
const ASKED = {enableHighAccuracy: true, maximumAge: 5e3, timeout: 20e3};

export const GPS_WORDS = {
  asking: '場所を調べています…',
  denied: '場所を使えません（許可されていません）。「地図で直す」で場所を選んでください。'
    + '許可するには、ブラウザの設定でこのサイトの位置情報を「許可」にします。',
  none: '場所が分かりません。空の見える所へ出るか、「地図で直す」で場所を選んでください。',
};

// Where the map opens next time.
export const keepPlace = ({gps}) => {
  try {
    if (gps) localStorage.setItem(LAST, JSON.stringify([gps.lon, gps.lat]));
  } catch { /* It opens elsewhere. */ }
};

export const lastPlace = () => {
  try {
    return JSON.parse(localStorage.getItem(LAST));
  } catch {
    return null;
  }
};

export class Place {
  // `gps` {lon, lat, accuracy, at}; `own` {where, error}: a geometry that somebody drew, without one `why`
  // it is none yet; `streets` that it touches, null where nobody knows.
  constructor(changed) {
    this.gps = null;
    this.own = null;
    this.streets = null;
    this.state = 'asking';
    this.changed = changed;
  }

  watch() {
    const {geolocation} = navigator;
    if (!geolocation) return this.fail({code: 0});
    const heard = found => this.hear(found);
    const failed = error => this.fail(error);
    geolocation.watchPosition(heard, failed, ASKED);
    // Of a phone that lies still some browsers hear nothing more: it is asked, for its age to be true.
    setInterval(() => document.hidden || geolocation.getCurrentPosition(heard, failed, ASKED), AGAIN);
    return undefined;
  }

  hear({coords: {longitude, latitude, accuracy}, timestamp}) {
    const isNowhere = !longitude && !latitude;
    if (isNowhere) return this.fail({code: 2});
    // Some browsers count the moment from elsewhere than 1970: then it is now.
    const at = Math.abs(Date.now() - timestamp) < 36e5 ? Math.min(timestamp, Date.now()) : Date.now();
    this.gps = {lon: longitude, lat: latitude, accuracy, at};
    this.state = 'on';
    return this.changed();
  }

  fail({code}) {
    if (this.state === 'on' && code !== 1) return;
    this.state = code === 1 ? 'denied' : 'none';
    this.changed();
  }

  // Metres by which it may be off: whoever walks on is farther away with every second.
  get error() {
    if (this.own) return this.own.error;
    if (!this.gps) return null;
    const age = Date.now() - this.gps.at;
    return Math.round(this.gps.accuracy + (age > FRESH ? age / 1e3 * WALKS : 0));
  }

  get isArea() {
    return this.own?.where?.type === 'Polygon';
  }

  get isOld() {
    return !this.own && this.gps !== null && Date.now() - this.gps.at > FRESH;
  }

  // What is sent: null where nobody knows it.
  get where() {
    if (this.own) return this.own.where;
    if (!this.gps) return null;
    const {lon, lat} = this.gps;
    return {type: 'Point', coordinates: [lon, lat].map(one => Number(one.toFixed(6)))};
  }
}
