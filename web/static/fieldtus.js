// An original in pieces (tus 1.0.0): whatever breaks off goes on where the city says that it is.
import {csrfNow} from './cityask.js';

const BASE = '/api/v1/field/uploads';
const LARGEST = 64 * 1024;
const SMALLEST = 8 * 1024;
const PATIENCE = 55e3;
const FINAL = new Set([400, 403, 409, 413, 415, 422]);
const FORGOTTEN = new Set([404, 410]);

// `status` 0: no network, GAVE_WAY: on purpose; `final`: the same again is refused again.
class Broken extends Error {
  constructor(status, why = '', final = false) {
    super(why);
    Object.assign(this, {status, why, final});
  }
}

const inBase64 = text => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

const metadata = values => Object.entries(values).filter(([, value]) => value)
  .map(([name, value]) => `${name} ${inBase64(value)}`).join();

const problem = async answer => {
  const found = await answer.json().catch(() => ({}));
  return {type: found.type ?? '', why: found.detail ?? ''};
};

let flying = null;
export const GAVE_WAY = -1;

// A report is there: the piece on its way is given up, and sent again after it.
export const giveWay = () => flying?.abort(GAVE_WAY);

const send = async (method, url, headers = {}, body = undefined) => {
  const all = {'tus-resumable': '1.0.0', 'x-csrf-token': csrfNow(), ...headers};
  const asked = new AbortController();
  const timer = setTimeout(() => asked.abort(), PATIENCE);
  flying = asked;
  try {
    return await fetch(url, {method, headers: all, body, cache: 'no-store', signal: asked.signal});
  } catch {
    throw new Broken(asked.signal.reason === GAVE_WAY ? GAVE_WAY : 0);
  } finally {
    clearTimeout(timer);
    flying = null;
  }
};

export class Upload {
  // `photo` {id, sha256, at}, of the report `observation`; `sent` bytes have come.
  constructor(photo, observation, blob) {
    Object.assign(this, {photo, observation, blob, sent: null, url: '', size: LARGEST});
  }

  // Sends one piece; whether all is there. Throws `Broken`.
  async step() {
    try {
      if (!this.url) await this.begin();
      else if (this.sent === null) await this.ask();
      if (this.sent < this.blob.size) await this.piece();
      this.size = Math.min(LARGEST, this.size * 2);
      return this.sent >= this.blob.size;
    } catch (error) {
      this.sent = null;
      if (error.status !== GAVE_WAY) this.size = Math.max(SMALLEST, this.size / 2);
      throw error;
    }
  }

  async begin() {
    const {id, sha256, at} = this.photo;
    const said = metadata({photo: id, observation: this.observation, sha256, taken_at: at});
    const answer = await send('POST', BASE, {'upload-length': `${this.blob.size}`, 'upload-metadata': said});
    if (answer.status !== 201) throw await this.broken(answer);
    this.url = new URL(answer.headers.get('location'), location.href).pathname;
    this.sent = Number(answer.headers.get('upload-offset'));
  }

  async ask() {
    const answer = await send('HEAD', this.url);
    if (!answer.ok) throw await this.broken(answer);
    this.sent = Number(answer.headers.get('upload-offset'));
  }

  async piece() {
    const body = await this.blob.slice(this.sent, this.sent + this.size).arrayBuffer();
    const headers = {'content-type': 'application/offset+octet-stream', 'upload-offset': `${this.sent}`};
    const answer = await send('PATCH', this.url, headers, body);
    if (answer.status !== 204) throw await this.broken(answer);
    this.sent = Number(answer.headers.get('upload-offset'));
  }

  // Where the city knows nothing of it any more, or got something else, it begins anew.
  async broken(answer) {
    const {type, why} = await problem(answer);
    const again = FORGOTTEN.has(answer.status) || type.endsWith('not-whole');
    if (again) this.url = '';
    const elsewhere = answer.status === 409 && !type.endsWith('another-photo');
    return new Broken(answer.status, why, FINAL.has(answer.status) && !again && !elsewhere);
  }
}
