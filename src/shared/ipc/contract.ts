import { z } from 'zod';
import { DocumentRow, PageRequest, PageView } from '../documents.ts';
import { CreateExport, ExportFile, ExportView } from '../export.ts';
import { BillLineView, CorrectBillLine, CorrectFact, DecideBillLines, DecideFacts, FactView, LedgerView } from '../facts.ts';
import { ConflictId, DocumentId, ExportId, LetterId, MatterId, MutationId } from '../ids.ts';
import { DraftLetter, EditLetter, LetterView, SetDemand, TemplateRow, Blocker, LetterStatus } from '../letters.ts';
import { CreateMatter, MatterRow } from '../matters.ts';
import { ConnectFirmFile, FirmFileText, FirmFileView } from '../provision.ts';
import { SessionView, SignIn } from '../session.ts';
import { AppState, DemoFirm, FirmConnection } from '../setup.ts';
import { ConflictView, DeadLetterView, SyncStatus } from '../sync.ts';
import { command, open, query } from './procedure.ts';

const nothing = z.object({});

/** Every call a window can make. Handlers, the preload bridge and the renderer's client are derived from this table. */
export const contract = {
  'setup.state': open(query(nothing, AppState)),
  'setup.startDemoFirm': open(command(nothing, DemoFirm)),
  'setup.connectFirm': open(command(FirmConnection, nothing)),
  /** Reads the file from IT and says what stands in it and who signed it; nothing is connected. */
  'setup.viewFirmFile': open(query(z.object({ text: FirmFileText }), FirmFileView)),
  'setup.connectFirmFile': open(command(ConnectFirmFile, nothing)),
  /** Leaves the chosen firm so that another can be chosen; stores on this laptop stay. */
  'setup.forgetFirm': open(command(nothing, nothing)),
  'session.signIn': open(command(SignIn, SessionView)),
  'session.signOut': command(nothing, nothing),

  'matters.list': query(nothing, z.array(MatterRow)),
  'matters.get': query(z.object({ matterId: MatterId }), MatterRow),
  'matters.create': command(CreateMatter, MatterRow),
  /** Opens the system's folder dialog; null when the user cancelled or the host has none (then a path is typed). */
  'matters.chooseFolder': command(nothing, z.object({ folder: z.string().nullable(), available: z.boolean() })),

  'documents.list': query(z.object({ matterId: MatterId }), z.array(DocumentRow)),
  'documents.page': query(PageRequest, PageView),
  'documents.retry': command(z.object({ documentId: DocumentId }), nothing),
  'documents.rescan': command(z.object({ matterId: MatterId }), nothing),

  'facts.list': query(z.object({ matterId: MatterId }), z.array(FactView)),
  'facts.correct': command(CorrectFact, FactView),
  'facts.decide': command(DecideFacts, nothing),
  'facts.ledger': query(z.object({ matterId: MatterId }), LedgerView),
  'facts.correctBillLine': command(CorrectBillLine, BillLineView),
  'facts.decideBillLines': command(DecideBillLines, nothing),

  'letters.templates': query(nothing, z.array(TemplateRow)),
  'letters.draft': command(DraftLetter, z.object({ letterId: LetterId })),
  'letters.open': query(z.object({ letterId: LetterId }), LetterView),
  'letters.edit': command(EditLetter, nothing),
  'letters.setDemand': command(SetDemand, nothing),
  'letters.setStatus': command(z.object({ letterId: LetterId, status: z.enum(['Draft', 'In_Review']) }), nothing),
  /** Freezes the letter, or says what still blocks it (then nothing was changed). */
  'letters.finalize': command(z.object({ letterId: LetterId }), z.object({ status: LetterStatus, blockers: z.array(Blocker) })),

  'export.create': command(CreateExport, ExportView),
  'export.list': query(z.object({ letterId: LetterId }), z.array(ExportView)),
  'export.read': query(z.object({ exportId: ExportId }), ExportFile),
  /** Shows the file in the system's file browser, where the host can. */
  'export.reveal': command(z.object({ exportId: ExportId }), z.object({ shown: z.boolean() })),

  'sync.status': query(nothing, SyncStatus),
  'sync.now': command(nothing, SyncStatus),
  'sync.conflicts': query(nothing, z.array(ConflictView)),
  'sync.resolve': command(z.object({ conflictId: ConflictId, keep: z.enum(['mine', 'theirs']) }), nothing),
  'sync.deadLetters': query(nothing, z.array(DeadLetterView)),
  'sync.decideDeadLetter': command(z.object({ mutationId: MutationId, decision: z.enum(['retry', 'discard']) }), nothing),
} as const;

export type Contract = typeof contract;
export type CallName = keyof Contract;
export type CallInput<N extends CallName> = z.input<Contract[N]['input']>;
export type CallParsed<N extends CallName> = z.output<Contract[N]['input']>;
export type CallOutput<N extends CallName> = z.output<Contract[N]['output']>;
