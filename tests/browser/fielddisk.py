"""A phone's disk that fails and comes back, as scripts for its pages."""

LATE = """() => {
  const {get} = IDBObjectStore.prototype;
  window.asked = new Promise(resolve => {
    IDBObjectStore.prototype.get = () => {
      IDBObjectStore.prototype.get = get;
      resolve();
      return {};
    };
  });
}"""
"""The next thing asked of it is never answered; `asked` once it is."""
FAILS = """names => {
  window.whole = {};
  for (const name of names) {
    window.whole[name] = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = () => { throw new DOMException("", "QuotaExceededError"); };
  }
}"""
"""It has no room for what comes by these methods of its stores."""
MENDED = "() => Object.assign(IDBObjectStore.prototype, window.whole)"
"""It takes all again."""
ABORTS = """async () => {
  const {Queue} = await import('/static/queue.js');
  const whole = {};
  const abortsIn = name => {
    whole[name] = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (...given) {
      const asked = whole[name].apply(this, given);
      asked.addEventListener('success', () => this.transaction.abort());
      return asked;
    };
  };
  const disk = new Queue('aborts', 'one', '');
  await disk.open();
  const found = [];
  for (const acts of [
    [() => disk.add({id: 'report'}), () => disk.read()],
    [() => disk.forget(['report']), () => disk.read()],
    [() => disk.add({id: 'other'}), () => disk.read()],
    [() => disk.read(), () => disk.forget(['other'])],
  ]) {
    ['add', 'delete'].forEach(abortsIn);
    await Promise.all(acts.map(act => act()));
    Object.assign(IDBObjectStore.prototype, whole);
    await disk.recover();
    found.push((await new Queue('aborts', 'one', '').open()).rows.map(row => row.id).join());
  }
  return found;
}"""
"""What is on a disk of its own after each write that fails late, with a reading beside it."""
ORIGINAL = """async () => {
  const {Reports} = await import('/static/fieldqueue.js');
  window.disk = await new Reports('').open();
  const photos = [{id: 'photo', size: 1, sent: 0, state: 'waits'}];
  const body = {kind: 'slide', at: '2026-07-04T00:00:00Z'};
  window.again = id => window.disk.report(
    {id, to: 'reports', path: 'reports', body, made: 0, photos}, [['photo', new Blob(['a'])]]);
}"""
"""The page's memory as `disk`; `again(id)` reports with the same original."""
TWICE = """async () => {
  const {disk} = window;
  const now = performance.now();
  const recover = disk.recover.bind(disk);
  let begun = 0;
  disk.recover = () => { begun += 1; return recover(); };
  const recovered = new Promise(resolve => { disk.heard = resolve; });
  for (const later of [0, 60e3]) {
    performance.now = () => now + later;
    disk.tryAgain();
  }
  await recovered;
  for (let left = 5; left; left -= 1) await disk.read();
  return begun;
}"""
"""How often it recovers, asked to once more within that time, a minute later by the clock."""
FOUND = """async () => {
  const {Reports} = await import('/static/fieldqueue.js');
  const other = await new Reports('').open();
  return other.original('photo').then(found => (found ? 'kept' : 'given up'), () => 'waits');
}"""
"""What another page finds of that original."""
UNREADABLE = """() => {
  Blob.prototype.arrayBuffer = () => Promise.reject(new DOMException('', 'NotReadableError'));
}"""
"""It has lost the bytes of all files."""
