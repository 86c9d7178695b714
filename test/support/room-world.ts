import { freshId } from '../../src/main/host/ids.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import type { Role } from '../../src/shared/session.ts';
import { inserting, patching } from './mutations.ts';
import { createPgWorld, type PgWorld } from './pg-world.ts';

export interface RoomWorld extends PgWorld {
  me: Record<Role, string>;
  as: (role: Role) => Remote;
  /** Each mutation's verdict in one word or two, as one push. */
  pushed: (role: Role, ...mutations: Mutation[]) => Promise<string[]>;
  /** As pushed, and throws where any is not applied. */
  done: (role: Role, ...mutations: Mutation[]) => Promise<void>;
  /** The code that refuses a statement of the administrator, or 'done'; nothing of it stays done. */
  refusal: (statement: string, parameters?: unknown[]) => Promise<string>;
  message: (role: Role, roomId: string, patch?: Mutation['patch'], id?: string) => Mutation;
  seat: (roomId: string, role: Role, patch?: Mutation['patch']) => Mutation;
}

/** Firm one with a line for each role, and words for what is done in rooms. */
export async function createRoomWorld(): Promise<RoomWorld> {
  const world = await createPgWorld();
  const me = world.firms.one.userIds;
  const remotes = new Map<string, Remote>();
  for (const role of ['Admin', 'Attorney', 'Paralegal', 'Viewer', 'Guest'] as const) remotes.set(role, await world.connect('one', role));
  const as = (role: Role): Remote => {
    const remote = remotes.get(role);
    if (!remote) throw new Error(role);
    return remote;
  };
  const pushed = async (role: Role, ...mutations: Mutation[]): Promise<string[]> => {
    const verdicts = await as(role).push(mutations);
    return verdicts.map(({ verdict, reason }) => reason ?? verdict);
  };
  return {
    ...world,
    me,
    as,
    pushed,
    async done(role, ...mutations) {
      const verdicts = await pushed(role, ...mutations);
      const refused = verdicts.findIndex((verdict) => verdict !== 'applied' && verdict !== 'merged');
      if (refused >= 0) throw new Error(`${verdicts[refused] ?? ''}: ${JSON.stringify(mutations[refused])}`);
    },
    async refusal(statement, parameters = []) {
      await world.admin.query('begin');
      try {
        await world.admin.query(statement, parameters);
        return 'done';
      } catch (error) {
        const { code, message, constraint } = error as { code?: string; message: string; constraint?: string };
        return code === 'SN001' ? message : (constraint ?? message);
      } finally {
        await world.admin.query('rollback');
      }
    },
    message: (role, roomId, patch = {}, id = freshId()) =>
      inserting('message', { room_id: roomId, sender_id: me[role], content: 'x', delivery_status: 'delivered', ...patch }, id),
    seat: (roomId, role, patch = {}) =>
      inserting('room_participant', { room_id: roomId, user_id: me[role], ...(role === 'Guest' ? { role: 'guest' } : {}), ...patch }),
  };
}

export const aRoom = (patch: Mutation['patch'] = {}): Mutation => inserting('room', { name: 'Rivera', ...patch });
/** A change of something just pushed; newer than any other. */
export const changing = (of: Mutation, patch: Mutation['patch']): Mutation => patching(of.entity, of.entityId, 1_000_000, patch);
