import { z } from 'zod';
import { FirmConnection } from '../../../src/shared/setup.ts';

/** Points of the code between which a laptop must be able to die. */
export const dyingPoints = [
  'write: before commit',
  'write: after commit',
  'push: before',
  'push: sent',
  'push: answered',
  'settle: before commit',
  'settle: after commit',
  'page: answered',
  'page: before commit',
  'page: after commit',
] as const;

/** And where a copy of the firm is put in place: by becoming the store, or by taking over what differs. */
export const publishingPoints = [
  'staged',
  'publish: within',
  'publish: before commit',
  'publish: after commit',
  'become: before',
  'become: after',
  'copied',
] as const;
export type DyingPoint = (typeof dyingPoints)[number] | (typeof publishingPoints)[number];

/** What a laptop's process is told when it starts. */
export const LaptopOrder = z.object({
  path: z.string(),
  key: z.string(),
  deviceId: z.string(),
  userId: z.string(),
  token: z.string(),
  connection: FirmConnection,
  matterId: z.string(),
  letterId: z.string(),
  /** Where it dies by itself: at a point of the code, when it comes there for the nth time. */
  diesAt: z.object({ point: z.enum([...dyingPoints, ...publishingPoints]), nth: z.number() }).nullable(),
  /** Only for a control: the outbox is emptied before the firm has answered. */
  forgetsBeforeVerdict: z.boolean().default(false),
  /** Only for a control: a copy is put in place statement by statement. */
  publishesBare: z.boolean().default(false),
});
export type LaptopOrder = z.input<typeof LaptopOrder>;
