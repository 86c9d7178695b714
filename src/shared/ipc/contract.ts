import { z } from 'zod';
import { AskSpelling, AskSpellingMends, SpellingSettings, SpellingWord, UnknownWords } from '../spelling.ts';
import { AskAssistant, AskedDocument, AssistantKey, AssistantView, FirmPolicy, MatterAssistantView, SetMatterAssistant } from '../ai.ts';
import { DocumentKind, DocumentRow, FoundPlaces, Outline, PageRequest, PageView, TurnPages } from '../documents.ts';
import { AddComment, CollaborationView, DecideSuggestion, EditComment, Mention, Refine, RefiningView, Suggest } from '../collaboration.ts';
import { AskFile, DraftingView, DraftSections, HistoryView, SectionView, SuggestAnswer } from '../drafting.ts';
import { CreateExport, ExportFile, ExportView } from '../export.ts';
import { BillLineView, CorrectBillLine, CorrectFact, DecideBillLines, DecideFacts, FactView, LedgerView } from '../facts.ts';
import {
  CollaborationId,
  ConflictId,
  DocumentId,
  ExportId,
  LetterId,
  MatterId,
  MutationId,
  ProposalId,
  ReviewId,
  TemplateId,
  VersionId,
} from '../ids.ts';
import { FindAnswer, FindRequest, FindVote, RetrieveRequest } from '../find.ts';
import { BudgetGb, FileView, MatterFilesView, StorageView } from '../files.ts';
import { FindingView, SetMute } from '../linter.ts';
import {
  AsksRequest,
  AsksView,
  Blocker,
  DecideLostWords,
  DraftLetter,
  EditLetter,
  EnterValue,
  LetterStatus,
  LetterView,
  SetDemand,
  TemplateRow,
} from '../letters.ts';
import {
  CheckTemplate,
  CheckedTemplate,
  CompareTemplates,
  CreateTemplate,
  DescribeTemplate,
  LibraryView,
  PublishTemplate,
  SaveDraft,
  TemplateComparison,
  TemplateView,
  Vocabulary,
} from '../templates.ts';
import { AddLink, DecideLinks, LinkView } from '../links.ts';
import { AddCasesFolder, CasesView, CreateMatter, DecideCase, MatterRow } from '../matters.ts';
import { QuestionView, SettleQuestion } from '../questions.ts';
import { AnswerReview, AskedReview, AskReview, ReviewsView } from '../reviews.ts';
import { CompareVersions, ReopenLetter, RestoreVersion, SaveVersion, VersionComparison, VersionsView } from '../versions.ts';
import { ActivityDays, ActivityView } from '../activity.ts';
import { LossesView } from '../losses.ts';
import { ChronologyView } from '../chronology.ts';
import { ChooseSide, ContradictionView } from '../contradictions.ts';
import { Attendance, PeopleHere } from '../presence.ts';
import { ConnectFirmFile, FirmFileText, FirmFileView } from '../provision.ts';
import { SessionView, SignIn } from '../session.ts';
import { AppState, DemoFirm, FirmConnection } from '../setup.ts';
import { ConflictView, DeadLetterView, KeptFiles, ProposalLists, ProposalText, SyncStatus, VerdictView, WaitingView } from '../sync.ts';
import { ImportedDocx, ImportTemplate, ReadDocx } from '../template-import.ts';
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
  /** Somebody has read what became of a copy. */
  'setup.noteLostCopy': open(command(z.object({ accountKey: z.string() }), nothing)),
  /** Shows its file or folder in the system's file browser, where the host can. */
  'setup.revealLostCopy': open(command(z.object({ accountKey: z.string() }), z.object({ shown: z.boolean() }))),
  'session.signIn': open(command(SignIn, SessionView)),
  'session.signOut': command(nothing, nothing),
  /** The user has read that the firm has no recovery key. */
  'session.noteNoRecovery': command(nothing, nothing),

  'matters.list': query(nothing, z.array(MatterRow)),
  'matters.get': query(z.object({ matterId: MatterId }), MatterRow),
  'matters.create': command(CreateMatter, MatterRow),
  /** Opens the system's folder dialog; null when the user cancelled or the host has none (then a path is typed). */
  'matters.chooseFolder': command(nothing, z.object({ folder: z.string().nullable(), available: z.boolean() })),

  /** Folders in which each new sub-folder is a new matter, and what a person is asked about them. */
  'cases.view': query(nothing, CasesView),
  /** How many sub-folders with files a folder has that are no matters yet. */
  'cases.count': query(z.object({ folder: z.string().min(1).max(4096) }), z.object({ present: z.number().int() })),
  'cases.add': command(AddCasesFolder, CasesView),
  /** Its matters stay. */
  'cases.remove': command(z.object({ folder: z.string() }), CasesView),
  'cases.decide': command(DecideCase, CasesView),

  'documents.list': query(z.object({ matterId: MatterId }), z.array(DocumentRow)),
  'documents.page': query(PageRequest, PageView),
  'documents.outline': query(z.object({ documentId: DocumentId }), Outline),
  /** The places of one document that say these words; what is found in many documents comes from find.search. */
  'documents.findPlaces': query(z.object({ documentId: DocumentId, words: z.string().max(500) }), FoundPlaces),
  /** Turns pages for this person on this laptop. */
  'documents.turn': command(TurnPages, nothing),
  'documents.retry': command(z.object({ documentId: DocumentId }), nothing),
  'documents.stopOcr': command(z.object({ documentId: DocumentId }), nothing),
  /** What a document is, because a person says so. */
  'documents.setKind': command(z.object({ documentId: DocumentId, kind: DocumentKind }), nothing),
  'documents.rescan': command(z.object({ matterId: MatterId }), nothing),

  /** What is missing or odd in the evidence. */
  'questions.list': query(z.object({ matterId: MatterId }), z.array(QuestionView)),
  'questions.settle': command(SettleQuestion, nothing),

  'facts.chronology': query(z.object({ matterId: MatterId }), ChronologyView),
  'facts.losses': query(z.object({ matterId: MatterId }), LossesView),
  'contradictions.list': query(z.object({ matterId: MatterId }), z.array(ContradictionView)),
  'contradictions.choose': command(ChooseSide, nothing),

  /** Words in the pages of one matter or of all, on this laptop. */
  'find.search': query(FindRequest, FindAnswer),

  /** A question, answered by words and links; by which way each page was found. */
  'find.retrieve': query(RetrieveRequest, FindAnswer),
  'find.vote': command(FindVote, nothing),

  /** What a document belongs to. */
  'links.of': query(z.object({ documentId: DocumentId }), z.array(LinkView)),
  'links.add': command(AddLink, nothing),
  'links.decide': command(DecideLinks, nothing),

  'facts.list': query(z.object({ matterId: MatterId }), z.array(FactView)),
  'facts.correct': command(CorrectFact, FactView),
  'facts.decide': command(DecideFacts, nothing),
  'facts.ledger': query(z.object({ matterId: MatterId }), LedgerView),
  'facts.correctBillLine': command(CorrectBillLine, BillLineView),
  'facts.decideBillLines': command(DecideBillLines, nothing),

  /** Puts documents before the assistant; what becomes of it is told by facts.asked. */
  'facts.ask': command(AskAssistant, nothing),
  'facts.stopAsking': command(z.object({ matterId: MatterId }), nothing),
  'facts.asked': query(z.object({ matterId: MatterId }), z.array(AskedDocument)),

  'activity.view': query(z.object({ days: ActivityDays }), ActivityView),

  'settings.assistant': query(nothing, AssistantView),
  'settings.setAssistant': command(FirmPolicy, nothing),
  /** Into the keychain of this laptop; it is never told again. */
  'settings.setAssistantKey': command(AssistantKey, nothing),
  'settings.forgetAssistantKey': command(nothing, nothing),
  'settings.matterAssistant': query(z.object({ matterId: MatterId }), MatterAssistantView),
  'settings.setMatterAssistant': command(SetMatterAssistant, nothing),

  /** What somebody may draft from. */
  'templates.choices': query(nothing, z.array(TemplateRow)),
  'templates.library': query(nothing, LibraryView),
  'templates.open': query(z.object({ templateId: TemplateId }), TemplateView),
  'templates.vocabulary': query(nothing, Vocabulary),
  'templates.create': command(CreateTemplate, z.object({ templateId: TemplateId })),
  /** Reads a letter of the firm; nothing is kept. */
  'templates.readDocx': command(ReadDocx, ImportedDocx),
  'templates.import': command(ImportTemplate, z.object({ templateId: TemplateId })),
  'templates.describe': command(DescribeTemplate, nothing),
  'templates.setDefault': command(z.object({ templateId: TemplateId, isDefault: z.boolean() }), nothing),
  /** Takes it out of what one may draft from, or brings it back. */
  'templates.setActive': command(z.object({ templateId: TemplateId, isActive: z.boolean() }), nothing),
  'templates.saveDraft': command(SaveDraft, nothing),
  'templates.publish': command(PublishTemplate, z.object({ versionId: VersionId })),
  'templates.restore': command(z.object({ templateId: TemplateId, versionId: VersionId }), z.object({ isRestored: z.boolean() })),
  'templates.compare': query(CompareTemplates, TemplateComparison),
  /** What is wrong with a template that is being written, and the letter it would be in a matter. */
  'templates.check': query(CheckTemplate, CheckedTemplate),
  /** What a person is asked before a letter is drafted. */
  'letters.asks': query(AsksRequest, AsksView),
  'letters.enter': command(EnterValue, nothing),
  'letters.draft': command(DraftLetter, z.object({ letterId: LetterId })),
  'letters.open': query(z.object({ letterId: LetterId }), LetterView),
  'letters.edit': command(EditLetter, nothing),
  'collaboration.list': query(z.object({ letterId: LetterId }), CollaborationView),
  'collaboration.refine': command(Refine, nothing),
  'collaboration.stopRefining': command(z.object({ letterId: LetterId }), nothing),
  'collaboration.refining': query(z.object({ letterId: LetterId }), RefiningView),
  'collaboration.mentions': query(nothing, z.array(Mention)),
  'collaboration.comment': command(AddComment, z.object({ collaborationId: CollaborationId })),
  'collaboration.editComment': command(EditComment, nothing),
  'collaboration.resolve': command(z.object({ collaborationId: CollaborationId, isResolved: z.boolean() }), nothing),
  'collaboration.suggest': command(Suggest, z.object({ collaborationId: CollaborationId })),
  'collaboration.decide': command(DecideSuggestion, nothing),
  'reviews.list': query(z.object({ letterId: LetterId }), ReviewsView),
  'reviews.asked': query(nothing, z.array(AskedReview)),
  'reviews.ask': command(AskReview, nothing),
  'reviews.answer': command(AnswerReview, nothing),
  'reviews.withdraw': command(z.object({ reviewId: ReviewId }), nothing),
  'drafting.sections': query(z.object({ letterId: LetterId }), z.array(SectionView)),
  /** Sections of the letter as suggestions; what becomes of it is told by drafting.state. */
  'drafting.draft': command(DraftSections, nothing),
  /** A question about the file. */
  'drafting.ask': command(AskFile, nothing),
  'drafting.stop': command(z.object({ letterId: LetterId }), nothing),
  'drafting.state': query(z.object({ letterId: LetterId }), DraftingView),
  'drafting.suggestAnswer': command(SuggestAnswer, nothing),
  'drafting.history': query(z.object({ letterId: LetterId }), HistoryView),
  'letters.findings': query(z.object({ letterId: LetterId }), z.array(FindingView)),
  'letters.mute': command(SetMute, nothing),
  'letters.decideLostWords': command(DecideLostWords, nothing),
  'letters.archive': command(z.object({ letterId: LetterId }), nothing),
  'letters.setDemand': command(SetDemand, nothing),
  'letters.setStatus': command(z.object({ letterId: LetterId, status: z.enum(['Draft', 'In_Review']) }), nothing),
  /** Freezes the letter, or says what still blocks it (then nothing was changed). */
  'letters.finalize': command(z.object({ letterId: LetterId }), z.object({ status: LetterStatus, blockers: z.array(Blocker) })),
  /** Makes a finalized letter a draft again, with the reason as a version of its own; what was frozen stays. */
  'letters.reopen': command(ReopenLetter, nothing),
  'letters.versions': query(z.object({ letterId: LetterId }), VersionsView),
  'letters.saveVersion': command(SaveVersion, z.object({ versionId: VersionId })),
  'letters.compareVersions': query(CompareVersions, VersionComparison),
  /** Gives the letter the text of a version, as an edit; false: it says that already. */
  'letters.restoreVersion': command(RestoreVersion, z.object({ isRestored: z.boolean() })),

  'letters.spelling': query(AskSpelling, UnknownWords),
  'letters.spellingMends': query(AskSpellingMends, z.array(z.string())),
  'settings.spelling': query(nothing, SpellingSettings),
  'settings.setSpelling': command(z.object({ isOn: z.boolean() }), nothing),
  'settings.keepWord': command(z.object({ word: SpellingWord }), nothing),
  'settings.forgetWord': command(z.object({ word: z.string().max(64) }), nothing),

  /** Says where this window's user is; answers with who else is in the letter. What changes then comes as an event. */
  'presence.attend': command(Attendance, PeopleHere.nullable()),

  'export.create': command(CreateExport, ExportView),
  'export.list': query(z.object({ letterId: LetterId }), z.array(ExportView)),
  'export.read': query(z.object({ exportId: ExportId }), ExportFile),
  /** Shows the file in the system's file browser, where the host can. */
  'export.reveal': command(z.object({ exportId: ExportId }), z.object({ shown: z.boolean() })),

  'files.matter': query(z.object({ matterId: MatterId }), MatterFilesView),
  'files.pin': command(z.object({ matterId: MatterId, isPinned: z.boolean() }), nothing),
  'files.fetch': command(z.object({ documentId: DocumentId }), FileView),
  'files.cancel': command(z.object({ documentId: DocumentId }), nothing),
  'files.storage': query(nothing, StorageView),
  'files.setBudget': command(z.object({ budgetGb: BudgetGb }), nothing),

  'sync.status': query(nothing, SyncStatus),
  'sync.now': command(nothing, SyncStatus),
  /** The network is another or back: no line that stands is trusted. */
  'sync.reconnect': command(nothing, nothing),
  'sync.conflicts': query(nothing, z.array(ConflictView)),
  'sync.resolve': command(z.object({ conflictId: ConflictId, keep: z.enum(['mine', 'theirs']) }), nothing),
  'sync.deadLetters': query(nothing, z.array(DeadLetterView)),
  'sync.decideDeadLetter': command(z.object({ mutationId: MutationId, decision: z.enum(['retry', 'discard']) }), nothing),
  /** Saves refused changes as files, one of them or all, and shows them where the host can. */
  'sync.keepDeadLetters': command(z.object({ mutationIds: z.array(MutationId).max(10_000).nullable() }), KeptFiles),
  'sync.waiting': query(nothing, WaitingView),
  'sync.verdicts': query(nothing, z.array(VerdictView)),
  'sync.proposals': query(nothing, ProposalLists),
  'sync.proposalText': query(z.object({ letterId: LetterId, proposalIds: z.array(ProposalId).max(10_000) }), ProposalText),
  'sync.decideProposals': command(
    z.object({ proposalIds: z.array(ProposalId).min(1).max(10_000), decision: z.enum(['accepted', 'dismissed']) }),
    nothing,
  ),
} as const;

export type Contract = typeof contract;
export type CallName = keyof Contract;
export type CallInput<N extends CallName> = z.input<Contract[N]['input']>;
export type CallParsed<N extends CallName> = z.output<Contract[N]['input']>;
export type CallOutput<N extends CallName> = z.output<Contract[N]['output']>;
