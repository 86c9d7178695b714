import { contactRows } from './contacts.ts';
import { evidenceRows } from './evidence.ts';
import { firmRows } from './firm.ts';
import { letterRows } from './letter.ts';
import { refundRows } from './refund.ts';
import { roomRows } from './rooms.ts';
import type { RowCases } from './row-case.ts';
import { syncRows } from './sync.ts';

/** A migration that makes tables adds its line here; test/pg/constraints.test.ts finds a table or a CHECK that was forgotten. */
export const rowCases: RowCases = {
  ...firmRows,
  ...evidenceRows,
  ...letterRows,
  ...refundRows,
  ...roomRows,
  ...contactRows,
  ...syncRows,
};
