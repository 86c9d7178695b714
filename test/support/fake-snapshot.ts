import { createHash } from 'node:crypto';
import { entityShape, fromWire, splitWire, type WireRow } from '../../src/main/sync/entities.ts';
import type { Role } from '../../src/shared/session.ts';
import type { Store } from '../../src/main/store/store.ts';
import { RemoteError, type FeedPage, type Remote } from '../../src/main/sync/remote.ts';
import { inFirstLook } from '../../src/main/sync/snapshot/latest-select.ts';
import { columnNames, OutOfView, type FirmEntity, type SnapshotSource } from '../../src/main/sync/snapshot/source.ts';
import type { FakeFirm } from './fake-remote.ts';

/** What the fake's feed and snapshots know of a caller. */
interface Reader {
  firm: FakeFirm;
  userId: string;
  role: Role;
}
type Visible = (entity: string, row: WireRow | undefined) => WireRow | null;

/** As if the laptop had taken its first copy while the firm was empty: for tests of what comes after. */
export function markCopied(store: Store, role: Role = 'Attorney'): void {
  store.raw.prepare('update sync_state set view = ?').run(hashOf(role, []));
}

/** From now on nobody gives these kinds of rows to this person, or gives them again. A word in the feed says that something is up. */
export function hideFrom(firm: FakeFirm, userId: string, entities: readonly string[]): void {
  firm.hidden.set(userId, new Set(entities));
  firm.feed.push({ entity: 'firm', entityId: firm.firmId });
  for (const listener of firm.listeners) listener();
}

export const isHidden = ({ firm, userId }: Reader, entity: string): boolean => firm.hidden.get(userId)?.has(entity) ?? false;

export const viewOf = ({ firm, userId, role }: Reader): string => hashOf(role, [...(firm.hidden.get(userId) ?? [])]);

function hashOf(role: Role, hidden: string[]): string {
  return createHash('md5')
    .update(`${role} ${hidden.sort().join(' ')}`)
    .digest('hex');
}

/** The fake's half of src/main/admin/retention/feed.ts: entries up to a position whose rows are gone go, and all between a row's first and its last. */
export function compactFakeFeed(firm: FakeFirm, upTo: number): void {
  const last = new Map(firm.feed.map(({ entity, entityId }, n) => [`${entity} ${entityId}`, n]));
  const first = new Map([...firm.feed.entries()].reverse().map(([n, { entity, entityId }]) => [`${entity} ${entityId}`, n]));
  for (const [n, { entity, entityId }] of firm.feed.entries()) {
    const isLast = last.get(`${entity} ${entityId}`) === n;
    const isGone = entity !== 'firm' && !firm.rows.get(entity)?.has(entityId);
    const isFirst = first.get(`${entity} ${entityId}`) === n;
    if (isLast ? !isGone || n >= upTo : isFirst && !isGone) continue;
    firm.dropped.add(n);
    if (isLast) firm.floor = Math.max(firm.floor, n + 1);
  }
}

/** Changes after a position, as app.pull gives them. */
export function pullPage(reader: Reader, visible: Visible, after: number, most: number): FeedPage {
  const { firm } = reader;
  const head = firm.feed.length;
  const left = firm.feed
    .map((change, n) => ({ ...change, position: n + 1 }))
    .filter(({ position }) => position > after && !firm.dropped.has(position - 1));
  const page = left.slice(0, Math.min(Math.max(most, 1), 1000));
  const seen = new Map(page.map((change) => [`${change.entity} ${change.entityId}`, change]));
  return {
    position: page.at(-1)?.position ?? Math.min(after, head),
    head,
    more: left.length > page.length,
    floor: firm.floor,
    view: viewOf(reader),
    changes: [...seen.values()].map(({ entity, entityId }) => ({
      entity,
      entityId,
      row: structuredClone(visible(entity, firm.rows.get(entity)?.get(entityId)?.row)),
    })),
  };
}

/** The firm read in bulk, as postgres-source.ts does: `entities` are what travels. */
export function fakeSource(
  reader: Reader,
  visible: Visible,
  entities: readonly string[],
  call: <T>(work: () => T) => Promise<T>,
  pull: Remote['pull'],
): SnapshotSource {
  const { firm } = reader;
  const rowsOf = (entity: string): [string, WireRow][] =>
    [...(firm.rows.get(entity) ?? [])]
      .flatMap(([id, { row }]): [string, WireRow][] => (visible(entity, row) ? [[id, row]] : []))
      .sort(([a], [b]) => (a < b ? -1 : 1));
  const standing = () => ({ head: firm.feed.length, floor: firm.floor, view: viewOf(reader), isReplica: false });
  return {
    plan: () => call(() => ({ ...standing(), entities: entities.map((entity) => describe(entity, rowsOf(entity))) })),
    count: (counted, { view, atLeast }) =>
      call(() => {
        if (standing().head < atLeast) throw new RemoteError({ code: 'offline', reason: 'behind' });
        if (standing().view !== view) throw new OutOfView();
        return counted.map(({ entity }) => rowsOf(entity).length);
      }),
    read: (range, take) =>
      call(() => {
        const { entity } = range.entity;
        if (standing().head < range.atLeast) throw new RemoteError({ code: 'offline', reason: 'behind' });
        if (standing().view !== range.view) throw new OutOfView();
        const rows = rowsOf(entity).filter(([id]) => range.after === null || id > range.after);
        const names = columnNames(range.entity);
        for (const [id, row] of rows.slice(0, range.most)) {
          const shape = entityShape(entity);
          const { known, unknown } = shape ? splitWire(shape, row) : { known: {}, unknown: row };
          const isUnderstood = shape && Object.keys(unknown).every((name) => !shape.columns.has(name));
          const columns = shape ? { ...fromWire(shape, known), [shape.idColumn]: id } : {};
          const parked = isUnderstood ? (Object.keys(unknown).length > 0 ? JSON.stringify(unknown) : null) : JSON.stringify(row);
          take(shape ? names.map((name) => columns[name] ?? null) : [id], parked);
        }
        return Math.min(rows.length, range.most);
      }),
    pull,
    prepare: () => Promise.resolve(),
    latest: (most, also, take, onListed) =>
      call(() => {
        const workedOn = new Map<string, string>();
        for (const [entity, idOf] of [
          ['matter', 'matter_id'],
          ['letter', 'matter_id'],
        ] as const)
          for (const [, row] of rowsOf(entity)) {
            const id = String(row[idOf]);
            const at = String(row['updated_at']);
            if (row['deleted_at'] === null && at > (workedOn.get(id) ?? '')) workedOn.set(id, at);
          }
        const newest = [...workedOn]
          .sort(([, a], [, b]) => (a < b ? 1 : -1))
          .slice(0, most)
          .map(([id]) => id);
        const letterOf = new Map(rowsOf('letter').map(([id, row]) => [id, row['matter_id']]));
        const give = (entity: string, isWanted: (row: WireRow) => boolean): void => {
          for (const [entityId, row] of rowsOf(entity)) if (isWanted(row)) take({ entity, entityId, row: structuredClone(row) });
        };
        const matterIds = new Set([...newest, ...also]);
        for (const matterId of matterIds) give('matter', (row) => row['matter_id'] === matterId);
        onListed();
        for (const entity of ['firm', 'user', 'template']) give(entity, () => true);
        for (const matterId of matterIds)
          for (const entity of inFirstLook)
            if (!['firm', 'user', 'template'].includes(entity))
              give(entity, (row) => (row['matter_id'] ?? letterOf.get(String(row['letter_id']))) === matterId);
      }),
    close: () => Promise.resolve(),
  };
}

function describe(entity: string, rows: [string, WireRow][]): FirmEntity {
  const shape = entityShape(entity);
  const names = new Set([...(shape?.columns.keys() ?? []), ...rows.flatMap(([, row]) => Object.keys(row))]);
  const id = shape?.idColumn ?? `${entity}_id`;
  return { entity, table: shape?.table ?? entity, id, columns: [...names].map((name) => ({ name, type: 'text' })) };
}
