// A page's IndexedDB: a store of rows by their ids, what the city last said, and files where they are asked for.
const BEATS = 5;
const BEAT = 1e3;

export const result = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

export const ended = transaction => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onabort = () => reject(transaction.error ?? new Error('not written'));
});

export const connect = (base, files) => {
  const asked = indexedDB.open(base, 1);
  asked.onupgradeneeded = () => {
    const rows = asked.result.createObjectStore('rows', {keyPath: 'n', autoIncrement: true});
    rows.createIndex('id', 'id', {unique: true});
    asked.result.createObjectStore('seen', {keyPath: 'site'});
    if (files) asked.result.createObjectStore(files, {keyPath: 'id'});
  };
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error('blocked by another page'));
  });
};

// Waits by beats: a device that slept through hours has waited one of them, and its disk has not failed.
export const inTime = act => {
  let timer;
  const late = new Promise((_, reject) => {
    const beat = left => {
      timer = setTimeout(() => (left ? beat(left - 1) : reject(new Error('the disk does not answer'))), BEAT);
    };
    beat(BEATS - 1);
  });
  return Promise.race([act, late]).finally(() => clearTimeout(timer));
};

// What a page holds of a row goes over what the disk has of it, by its id: null is gone.
export const putOver = (rows, id, row) => {
  rows.index('id').getKey(id).onsuccess = ({target: {result: n}}) => {
    const {n: _, ...values} = row ?? {};
    if (row) rows.put(n === undefined ? values : {...values, n});
    else if (n !== undefined) rows.delete(n);
  };
};
