/* What is to be different, said in a form: streets by name or point, places, a river side, people. */

import {at} from './deskdom.js';
import {japanese} from './hqwhatifsay.js';
import {isBusy, say} from './staff.js';

const form = at('try-form');
const dialog = at('try');
const field = name => form.elements[name];

const pointOf = text => {
  const numbers = text.normalize('NFKC').split(/[,、\s]+/).filter(Boolean).map(Number);
  if (numbers.length !== 2 || numbers.some(Number.isNaN)) throw Error('点は「緯度, 経度」で入れてください（例 35.65812, 139.33921）。');
  const [lat, lon] = numbers;
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180) throw Error('緯度は±90、経度は±180までです。順番を確かめてください。');
  return [lon, lat];
};

const percentOf = text => {
  const plain = text.normalize('NFKC').replace('%', '').trim();
  if (!/^\d{1,3}$/.test(plain) || !Number(plain)) throw Error('増える割合は、1から300までの数字で入れてください。');
  return Number(plain);
};

const optionOf = select => ({id: select.value, word: select.selectedOptions[0].dataset.name});

/* The parts that are filled in; throws what to do about one that cannot be read. */
const partsOf = () => {
  const found = [];
  const said = name => field(name).value.trim();
  if (said('name')) found.push({kind: 'named', name: said('name')});
  if (said('point')) found.push({kind: 'point', point: pointOf(said('point'))});
  if (field('wet').checked) found.push({kind: 'water'});
  if (said('open')) found.push({kind: 'open', ...optionOf(field('open'))});
  if (said('shut')) found.push({kind: 'shut', ...optionOf(field('shut'))});
  if (said('area')) found.push({kind: 'areas', names: said('area').split(/[、,]\s*/).filter(Boolean)});
  if (said('more')) found.push({kind: 'more', percent: percentOf(said('more'))});
  if (!found.length) throw Error('何を変えるかを、一つ以上入れてください。');
  return found;
};

export const openTry = () => {
  say(at('try-said'), '');
  dialog.showModal();
  field('name').focus();
};

/* `ask(parts)` throws what the server says; nothing typed is lost then. */
export const listenToTry = ask => {
  at('try-open').addEventListener('click', openTry);
  at('try-close').addEventListener('click', () => dialog.close());
  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (isBusy(form) || form.dataset.asking) return;
    form.dataset.asking = 'yes';
    say(at('try-said'), '計算しています…');
    try {
      await ask(partsOf());
      form.reset();
      dialog.close();
    } catch (error) {
      say(at('try-said'), japanese(error.message), true);
    } finally {
      delete form.dataset.asking;
    }
  });
};
