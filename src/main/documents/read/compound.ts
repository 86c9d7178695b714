const [endOfChain, noSector, mostSector] = [0xfffffffe, 0xffffffff, 0xfffffffa];
const [unallocated, storage, stream, root] = [0, 1, 2, 5];
const entryBytes = 128;

/**
 * Whether a compound file (Outlook's .msg) is built as it should be: no chain of sectors and no branch of its directory leads back to itself, and
 * no part claims to be longer than the file. The library that reads it follows such loops until memory is gone.
 */
export function isSoundCompound(bytes: Uint8Array): boolean {
  if (bytes.length < 512) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sectorBytes = view.getUint8(30) === 12 ? 4096 : 512;
  const sectors = Math.ceil(bytes.length / sectorBytes) - 1;
  const placeOf = (sector: number): number => (sector + 1) * sectorBytes;
  const table = readTable(view, sectors, sectorBytes);
  if (!table) return false;

  /** The sectors of a chain; null where it comes back to itself or leaves the file. */
  const chain = (start: number): number[] | null => {
    const found: number[] = [];
    for (let sector = start; sector !== endOfChain; sector = table[sector] ?? noSector) {
      if (sector >= sectors || found.length > sectors) return null;
      found.push(sector);
    }
    return found;
  };

  const smallStart = view.getUint32(60, true);
  if (view.getUint32(64, true) > 0 && !chain(smallStart)) return false;
  const directory = chain(view.getUint32(48, true));
  if (!directory || directory.length === 0) return false;
  const places = directory.flatMap((sector) =>
    Array.from({ length: sectorBytes / entryBytes }, (_, n) => placeOf(sector) + n * entryBytes),
  );
  if (places.some((place) => place + entryBytes > bytes.length)) return false;
  return isTree(view, places) && places.every((place) => isSoundEntry(view, place, bytes.length, chain));
}

/** Which sector follows which: the file's own table, put together from its pieces. */
function readTable(view: DataView, sectors: number, sectorBytes: number): Uint32Array | null {
  const perSector = sectorBytes / 4;
  const pieces: number[] = [];
  for (let at = 76; at < 512; at += 4) pieces.push(view.getUint32(at, true));
  let more = view.getUint32(68, true);
  for (let count = 0; more <= mostSector; count++) {
    const place = (more + 1) * sectorBytes;
    if (count > sectors || place + sectorBytes > view.byteLength) return null;
    for (let at = 0; at < perSector - 1; at++) pieces.push(view.getUint32(place + at * 4, true));
    more = view.getUint32(place + (perSector - 1) * 4, true);
  }
  const own = pieces.slice(0, view.getUint32(44, true)).filter((piece) => piece <= mostSector);
  if (own.length > sectors) return null;
  const table = new Uint32Array(own.length * perSector).fill(noSector);
  for (const [index, piece] of own.entries()) {
    const place = (piece + 1) * sectorBytes;
    if (place + sectorBytes > view.byteLength) return null;
    for (let at = 0; at < perSector; at++) table[index * perSector + at] = view.getUint32(place + at * 4, true);
  }
  return table;
}

/** Every entry is reached from the root by one way at most. */
function isTree(view: DataView, places: number[]): boolean {
  const seen = new Set<number>();
  const open = [0];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const place = places[index];
    if (place === undefined || seen.has(index)) return false;
    seen.add(index);
    for (const link of [68, 72, 76]) {
      const next = view.getUint32(place + link, true);
      if (next !== noSector) open.push(next);
    }
  }
  return true;
}

function isSoundEntry(view: DataView, place: number, fileBytes: number, chain: (start: number) => number[] | null): boolean {
  const type = view.getUint8(place + 66);
  if (type === unallocated || type === storage) return true;
  if (type !== stream && type !== root) return false;
  const [start, size] = [view.getUint32(place + 116, true), view.getUint32(place + 120, true)];
  if (size > fileBytes) return false;
  // short streams lie inside the root's, which is checked as what it is
  return size === 0 || (type === stream && size < 4096) || chain(start) !== null;
}
