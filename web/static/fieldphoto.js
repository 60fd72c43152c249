// Photos of a report: a small JPEG that goes first, and the original as it was taken.
import {make} from './deskdom.js';
import {newId} from './staff.js';

const SMALL = 24_000;
const LARGEST = 30e6;
const SIDES = [800, 640, 480, 360, 240, 160];
const QUALITIES = [0.7, 0.5, 0.35];
const CANNOT = 'この写真は開けません。カメラの設定を JPEG（互換性優先）にして、とり直してください。';

const opened = async blob => {
  try {
    return await createImageBitmap(blob, {imageOrientation: 'from-image'});
  } catch {
    throw new Error(CANNOT);
  }
};

const drawn = (bitmap, side) => {
  const share = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map(one => Math.max(1, Math.round(one * share)));
  const canvas = make('canvas', {width, height});
  canvas.getContext('2d').drawImage(bitmap, 0, 0, width, height);
  return canvas;
};

const jpeg = (canvas, quality) => new Promise(resolve => { canvas.toBlob(resolve, 'image/jpeg', quality); });

// Up to 24 kB, of the 30 that the city takes: two seconds over 16 kB/s. Poorer first, then smaller.
const small = async blob => {
  const bitmap = await opened(blob);
  try {
    for (const side of SIDES) {
      const canvas = drawn(bitmap, side);
      for (const quality of QUALITIES) {
        const made = await jpeg(canvas, quality);
        if (made && made.size <= SMALL) return made;
      }
    }
  } finally {
    bitmap.close();
  }
  throw new Error(CANNOT);
};

const inBase64 = blob => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result.split(',')[1]);
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(blob);
});

// Only where the page comes by https do browsers make it.
const sha256 = async bytes => {
  if (!crypto.subtle) return '';
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...hash].map(one => one.toString(16).padStart(2, '0')).join('');
};

// {id, at, jpeg (base64), small (its bytes), blob, size, sha256}; throws with words for who took it.
export const taken = async file => {
  const at = new Date().toISOString();
  // Bytes of our own: the camera's file may be gone by the time that there is a network.
  const bytes = await file.arrayBuffer();
  const blob = new Blob([bytes], {type: file.type});
  const thumb = await small(blob);
  const isTooLarge = blob.size > LARGEST;
  return {
    id: newId(), at, jpeg: await inBase64(thumb), small: thumb.size,
    blob: isTooLarge ? null : blob, size: blob.size, sha256: isTooLarge ? '' : await sha256(bytes),
  };
};
