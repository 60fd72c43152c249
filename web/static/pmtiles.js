// Reads map tiles from a PMTiles file (version 3) by byte ranges:
// https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
class PMTiles {
  constructor(url) {
    this.url = url;
    this.directories = new Map();
  }

  // The bytes of a vector tile; empty where the file holds none. Rejects when it cannot be read.
  async tile(zoom, x, y) {
    this.opened ||= this.open();
    const head = await this.opened.catch(error => {
      this.opened = null;
      throw error;
    });
    const id = PMTiles.id(zoom, x, y);
    let directory = head.root;
    for (let depth = 0; depth < 4; depth += 1) {
      const entry = PMTiles.find(directory, id);
      if (!entry) return new ArrayBuffer(0);
      if (entry.run) {
        return PMTiles.unzip(await this.bytes(head.tiles + entry.offset, entry.length));
      }
      directory = await this.leaf(head.leaves + entry.offset, entry.length);
    }
    throw new Error('the directories of the map tiles go in circles');
  }

  async open() {
    const first = await this.bytes(0, 16384);
    const view = new DataView(first);
    const name = new TextDecoder().decode(first.slice(0, 7));
    if (name !== 'PMTiles' || view.getUint8(7) !== 3) throw new Error('these are no map tiles');
    const number = at => Number(view.getBigUint64(at, true));
    const begin = number(8);
    const root = await PMTiles.unzip(first.slice(begin, begin + number(16)));
    return {root: PMTiles.entries(root), leaves: number(40), tiles: number(56)};
  }

  leaf(offset, length) {
    if (!this.directories.has(offset)) {
      const read = this.bytes(offset, length).then(PMTiles.unzip).then(PMTiles.entries);
      this.directories.set(offset, read);
      read.catch(() => this.directories.delete(offset));
    }
    return this.directories.get(offset);
  }

  // The file's end may come before that of the range.
  async bytes(offset, length) {
    const range = `bytes=${offset}-${offset + length - 1}`;
    const answer = await fetch(this.url, {headers: {range}, referrerPolicy: 'no-referrer'});
    if (!answer.ok) throw new Error(`the map tiles answer ${answer.status}`);
    const found = await answer.arrayBuffer();
    return answer.status === 206 ? found : found.slice(offset, offset + length);
  }

  static async unzip(data) {
    const plain = new Blob([data]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Response(plain).arrayBuffer();
  }

  // All zooms below it, then its place on the Hilbert curve.
  static id(zoom, x, y) {
    let found = (4 ** zoom - 1) / 3;
    for (let half = 2 ** zoom / 2; half >= 1; half /= 2) {
      const right = x & half ? 1 : 0;
      const down = y & half ? 1 : 0;
      found += half * half * ((3 * right) ^ down);
      if (!down) {
        if (right) [x, y] = [half - 1 - x, half - 1 - y];
        [x, y] = [y, x];
      }
    }
    return found;
  }

  static entries(buffer) {
    const data = new Uint8Array(buffer);
    let at = 0;
    const number = () => {
      let value = 0;
      for (let place = 1; ; place *= 128) {
        const byte = data[at];
        at += 1;
        value += (byte & 127) * place;
        if (byte < 128) return value;
        if (at >= data.length) throw new Error('a directory of the map tiles is cut off');
      }
    };
    const found = Array.from({length: number()}, () => ({}));
    let id = 0;
    for (const entry of found) entry.id = id += number();
    for (const entry of found) entry.run = number();
    for (const entry of found) entry.length = number();
    let next = 0;
    for (const entry of found) {
      const value = number();
      entry.offset = value ? value - 1 : next;
      next = entry.offset + entry.length;
    }
    return found;
  }

  // The entry that holds a tile, or the leaf directory that may know of it.
  static find(entries, id) {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (entries[middle].id <= id) low = middle + 1; else high = middle;
    }
    const entry = entries[low - 1];
    return entry && (!entry.run || id - entry.id < entry.run) ? entry : null;
  }
}
