import { z } from 'zod';
import { entityShape, type Columns } from '../entities.ts';
import type { FeedPage } from '../remote.ts';

/** Where the firm's feed stands and what the caller may see, as of one moment. */
export const Standing = z.object({ head: z.number().int(), floor: z.number().int(), view: z.string(), isReplica: z.boolean() });
export type Standing = z.infer<typeof Standing>;

/** What travels, as the firm's database has it: it may know columns and kinds of rows that this app does not (S7). */
const identifier = z.string().regex(/^[a-z_][a-z0-9_]*$/);
export const FirmEntity = z.object({
  entity: identifier,
  table: identifier,
  id: identifier,
  columns: z.array(z.object({ name: identifier, type: z.string() })),
});
export type FirmEntity = z.infer<typeof FirmEntity>;

export interface SnapshotPlan extends Standing {
  entities: FirmEntity[];
}

type Value = Columns[string];
/** Takes one row: the values of the entity's columns (`columnNames`) as SQLite holds them, and as JSON what this app has no place for. It keeps no array. */
export type TakeRow = (values: readonly Value[], unknown: string | null) => void;

/** Rows of one entity in the order of their ids. */
export interface RowRange {
  entity: FirmEntity;
  /** Ids greater than this; null: from the first. */
  after: string | null;
  most: number;
  /** What a row must have been read under; another view, or a feed that is not yet there, ends the range before its first row. */
  view: string;
  atLeast: number;
}

/** The firm as a laptop reads all of it that its user may see. Every method may reject with RemoteError. */
export interface SnapshotSource {
  /** Connects, and asks what there is to know before `latest`: that takes longer than the answer. */
  prepare(): Promise<void>;
  plan(): Promise<SnapshotPlan>;
  /** How many rows each of them has, as of one moment that is no older and no other's than rows may be. Rejects with OutOfView. */
  count(entities: readonly FirmEntity[], seen: Pick<RowRange, 'view' | 'atLeast'>): Promise<number[]>;
  /** How many rows came: fewer than `most` were the last. Rejects with OutOfView where the view is another by now. */
  read(range: RowRange, take: TakeRow): Promise<number>;
  pull(after: number, most: number): Promise<FeedPage>;
  /**
   * The matters last worked on and those of `also`, as of one moment and as the wire has rows: first the matters alone, of which `onListed` says that they are all there, then
   * what every list shows beside them (the firm, its people, its templates), then matter by matter all that is of them but the text of pages; a letter after what is of it.
   */
  latest(most: number, also: readonly string[], take: (change: FeedPage['changes'][number]) => void, onListed: () => void): Promise<void>;
  close(): Promise<void>;
}

/** What the user may see changed while her rows were read: what was read before belongs to nobody. */
export class OutOfView extends Error {}

/** The order in which a row's values come: the id first, then the columns that both sides know. Of an entity this app does not know, the id alone. */
export function columnNames({ entity, id, columns }: FirmEntity): string[] {
  const shape = entityShape(entity);
  if (!shape) return [id];
  const known = columns.map(({ name }) => name).filter((name) => name !== id && shape.columns.has(name));
  return [shape.idColumn, ...known];
}
