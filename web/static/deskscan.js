// Codes: from a scanner that types like a keyboard, and from the camera where the browser can read.
import {codeOf} from './deskmodel.js';
import {at, put} from './deskdom.js';

const QUIET = 80;
const KEYS = {'+': 1, '-': -1, '5': 5};
const writes = element => element.matches('input:not([type=radio]),textarea,select');
const isForUs = event => !(
  event.ctrlKey || event.metaKey || event.altKey || event.repeat || writes(event.target));

// Keys + - 5, wherever the focus is. A scanner types as fast as no hand does: what comes in one
// go is a code, and none of its letters is a press.
export const keys = (press, scan) => {
  let typed = '';
  let timer = 0;
  const end = () => {
    const text = typed.normalize('NFKC').replace('−', '-');
    typed = '';
    if (text.length > 3) scan(text);
    else if ([...text].every(key => key in KEYS)) [...text].forEach(key => press(KEYS[key]));
  };
  document.addEventListener('keydown', event => {
    const {key} = event;
    if (!isForUs(event)) return;
    if (key === 'Enter' && typed.length > 3) {
      event.preventDefault();
      clearTimeout(timer);
      end();
    }
    if ([...key].length !== 1 || key === ' ') return;
    typed += key;
    clearTimeout(timer);
    timer = setTimeout(end, QUIET);
  });
};

// The field for a scanner: Enter ends a code, and so does a scanner's silence.
export const field = scan => {
  const input = at('code');
  let timer = 0;
  const take = () => {
    clearTimeout(timer);
    if (input.value.trim()) scan(input.value);
    input.value = '';
  };
  input.onkeydown = event => { if (event.key === 'Enter') { event.preventDefault(); take(); } };
  input.oninput = () => {
    clearTimeout(timer);
    if (codeOf(input.value)) timer = setTimeout(take, 4 * QUIET);
  };
};

// The camera, offered only where the browser reads codes itself.
export const camera = async scan => {
  const button = at('camera');
  const video = at('video');
  const formats = 'BarcodeDetector' in window ? await BarcodeDetector.getSupportedFormats() : [];
  if (!formats.includes('qr_code') || !navigator.mediaDevices) return;
  const detector = new BarcodeDetector({formats: ['qr_code']});
  let stream = null;
  let last = '';
  const stop = () => {
    stream?.getTracks().forEach(track => track.stop());
    stream = null;
    video.hidden = true;
    put(button, 'カメラで読む');
  };
  const look = async () => {
    if (!stream) return;
    const [found] = await detector.detect(video).catch(() => []);
    if (found && found.rawValue !== last) scan(last = found.rawValue);
    setTimeout(look, 250);
  };
  button.hidden = false;
  button.onclick = async () => {
    if (stream) return stop();
    try {
      stream = await navigator.mediaDevices.getUserMedia({video: {facingMode: 'environment'}});
    } catch {
      return put(at('code-said'), 'カメラを使えません。読み取り機か、＋1 を使ってください。');
    }
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    put(button, 'カメラをとめる');
    return look();
  };
  document.addEventListener('visibilitychange', () => document.hidden && stop());
};
