// A resident's report: the phone's position, a smaller picture, and the code behind a link's #.
// Everything works without it.

const part = id => document.getElementById(id);
const SMALL = 28_000;
const SIDES = [800, 640, 480, 360, 240, 160];
const QUALITIES = [0.7, 0.5, 0.35];

const locate = () => {
  const button = part('gps');
  if (!button || !navigator.geolocation || !isSecureContext) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    part('gps-word').textContent = button.dataset.wait;
    navigator.geolocation.getCurrentPosition(({coords}) => {
      const {lat, lon, error_m: error, box} = button.form.elements;
      lat.value = coords.latitude.toFixed(6);
      lon.value = coords.longitude.toFixed(6);
      error.value = Math.ceil(coords.accuracy);
      box.value = '';
      button.form.submit();
    }, () => { part('gps-word').textContent = button.dataset.none; },
    {enableHighAccuracy: true, timeout: 15e3, maximumAge: 60e3});
  });
};

const drawn = (bitmap, side) => {
  const share = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height].map(one => Math.max(1, Math.round(one * share)));
  canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
};

const jpeg = (canvas, quality) => new Promise(resolve => { canvas.toBlob(resolve, 'image/jpeg', quality); });

const small = async file => {
  const bitmap = await createImageBitmap(file, {imageOrientation: 'from-image'});
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
  return null;
};

/* What cannot be made smaller here goes as it is: the city looks at it. */
const shrink = () => {
  const form = part('photo');
  if (!form) return;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const field = form.elements.photo;
    form.querySelector('button').disabled = true;
    part('photo-word').textContent = part('photo-word').dataset.wait;
    try {
      const made = await small(field.files[0]);
      if (made) {
        const bag = new DataTransfer();
        bag.items.add(new File([made], 'photo.jpg', {type: 'image/jpeg'}));
        field.files = bag.files;
      }
    } catch { /* as it is */ }
    form.submit();
  });
};

const take = () => {
  if (location.hash.length < 20) return;
  const code = location.hash.slice(1);
  history.replaceState(null, '', location.pathname + location.search);
  const form = part('code');
  if (!form) return;
  form.elements.code.value = code;
  form.submit();
};

addEventListener('pageshow', () => {
  const button = part('photo')?.querySelector('button');
  if (button) button.disabled = false;
});
locate();
shrink();
take();
