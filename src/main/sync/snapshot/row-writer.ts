import type { Store } from '../../store/store.ts';
import { entityShape, type Columns, type WireRow } from '../entities.ts';
import { columnNames, type FirmEntity, type TakeRow } from './source.ts';

type Value = Columns[string];
type Statement = ReturnType<Store['raw']['prepare']>;

/** Rows one statement inserts: each call of a statement costs as much as four of its values. */
const mostAtOnce = 16;
/** Columns in one number of a pattern. */
const bits = 30;

export interface RowWriter {
  take: TakeRow;
  /** Writes what is still held; how many rows were taken since the last time, and the id of the last. */
  flush(): { rows: number; lastId: string | null };
}

/** Rows with nulls at the same places, waiting to be written together. */
interface Batch {
  one: Statement;
  many: Statement;
  values: Value[];
  rows: number;
}

/**
 * Inserts rows into a table that has none of them. Null is not bound but left out, as the tables' default: a null costs as much as a text, and many are.
 * So there is a statement for each pattern of nulls, and rows of one pattern go together.
 */
export function createRowWriter({ raw }: Store, entity: FirmEntity): RowWriter {
  const shape = entityShape(entity.entity);
  const names = columnNames(entity);
  const batches = new Map<number, Map<number, Batch>>();
  const park = raw.prepare('insert or replace into parked values (?, ?, ?)');
  let rows = 0;
  let lastId: string | null = null;

  function batchFor(low: number, high: number, values: readonly Value[]): Batch {
    const ofHigh = batches.get(high) ?? new Map<number, Batch>();
    batches.set(high, ofHigh);
    const known = ofHigh.get(low);
    if (known) return known;
    const present = names.filter((_, n) => values[n] !== null).map((name) => `"${name}"`);
    const place = `(${present.map(() => '?').join(', ')})`;
    const head = `insert into "${shape?.table ?? ''}" (${present.join(', ')}) values `;
    const many = head + Array<string>(mostAtOnce).fill(place).join(', ');
    const made: Batch = { one: raw.prepare(head + place), many: raw.prepare(many), values: [], rows: 0 };
    ofHigh.set(low, made);
    return made;
  }

  function insert(values: readonly Value[]): void {
    let low = 0;
    let high = 0;
    for (let n = 0; n < values.length; n += 1) {
      if (values[n] === null) continue;
      if (n < bits) low |= 1 << n;
      else high |= 1 << (n - bits);
    }
    const batch = batchFor(low, high, values);
    for (const value of values) if (value !== null) batch.values.push(value);
    batch.rows += 1;
    if (batch.rows < mostAtOnce) return;
    batch.many.run(batch.values);
    batch.values = [];
    batch.rows = 0;
  }

  function writeRest(batch: Batch): void {
    const width = batch.values.length / batch.rows;
    for (let at = 0; at < batch.values.length; at += width) batch.one.run(batch.values.slice(at, at + width));
    batch.values = [];
    batch.rows = 0;
  }

  return {
    take(values, unknown) {
      rows += 1;
      lastId = String(values[0]);
      if (unknown === null && shape) {
        insert(values);
        return;
      }
      const parked = JSON.parse(unknown ?? '{}') as WireRow;
      const isWhole = !shape || 'revision' in parked;
      const kept = isWhole ? parked : Object.fromEntries(Object.entries(parked).filter(([, value]) => value !== null));
      park.run(entity.entity, lastId, JSON.stringify(kept));
      if (!isWhole) insert(values);
    },
    flush() {
      for (const ofHigh of batches.values()) for (const batch of ofHigh.values()) writeRest(batch);
      const taken = { rows, lastId };
      rows = 0;
      return taken;
    },
  };
}
