import { blob, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

// Column names end in _at for times (ms since 1970) and _cents for money; sync relies on the former to translate rows.
export const flag = (name: string) => integer(name, { mode: 'boolean' });
export const bytes = (name: string) => blob(name, { mode: 'buffer' });

/** What every synced row carries; the firm assigns `revision`, a laptop's own unsent row has 0. */
export const head = {
  revision: integer('revision').notNull().default(0),
  createdBy: text('created_by'),
  updatedBy: text('updated_by'),
  createdAt: integer('created_at'),
  updatedAt: integer('updated_at'),
  deletedAt: integer('deleted_at'),
};
const ownHead = { revision: head.revision, createdAt: head.createdAt, updatedAt: head.updatedAt, deletedAt: head.deletedAt };

export const firm = sqliteTable('firm', {
  firmId: text('firm_id').primaryKey(),
  firmName: text('firm_name').notNull(),
  firmSlug: text('firm_slug').notNull(),
  firmAddress: text('firm_address'),
  contactEmail: text('contact_email'),
  contactPhone: text('contact_phone'),
  ...ownHead,
});

export const user = sqliteTable('user', {
  userId: text('user_id').primaryKey(),
  email: text('email').notNull(),
  firstName: text('first_name').notNull(),
  lastName: text('last_name').notNull(),
  role: text('role').notNull(),
  isActive: flag('is_active').notNull(),
  ...ownHead,
});

export const matter = sqliteTable('matter', {
  matterId: text('matter_id').primaryKey(),
  title: text('title').notNull(),
  caseReference: text('case_reference'),
  status: text('status', { enum: ['Open', 'Closed'] }).notNull(),
  ...head,
});

export const document = sqliteTable('document', {
  documentId: text('document_id').primaryKey(),
  matterId: text('matter_id').notNull(),
  fileName: text('file_name').notNull(),
  relativePath: text('relative_path').notNull(),
  fileType: text('file_type').notNull(),
  fileSize: integer('file_size').notNull(),
  contentHash: text('content_hash').notNull(),
  documentType: text('document_type').notNull(),
  processingStatus: text('processing_status').notNull(),
  processingReason: text('processing_reason'),
  pageCount: integer('page_count'),
  isMissing: flag('is_missing').notNull(),
  uploadedBy: text('uploaded_by'),
  uploadedAt: integer('uploaded_at'),
  processedAt: integer('processed_at'),
  /** The mail or archive it came with. */
  parentDocumentId: text('parent_document_id'),
  /** What its kind rests on; null: an older Steno told it, and did not say. A person's word stays. */
  kindBy: text('kind_by', { enum: ['rule', 'learned', 'person'] }),
  kindConfidence: integer('kind_confidence'),
  kindWhy: text('kind_why'),
  ...head,
});

export const page = sqliteTable('page', {
  pageId: text('page_id').primaryKey(),
  documentId: text('document_id').notNull(),
  pageNumber: integer('page_number').notNull(),
  extractedText: text('extracted_text').notNull(),
  /** null: a picture that nobody has read yet, or a page of an older Steno, which did not say. */
  readBy: text('read_by', { enum: ['text', 'ocr'] }),
  /** 0 to 100; null where nothing was recognised. */
  ocrConfidence: integer('ocr_confidence'),
  /** Degrees clockwise that turn the page upright. */
  rotation: integer('rotation'),
  /** Of a page read by OCR; see documents/word-boxes.ts. */
  wordBoxes: bytes('word_boxes'),
  /** Words of the text that nobody sees on the page (documents/read/pdf-oddities.ts). */
  oddities: text('oddities', { mode: 'json' }).$type<unknown>(),
  ...head,
});

/** Where on a page a value was read: characters [start, end) spell the quote. */
const place = {
  documentId: text('document_id').notNull(),
  page: integer('page').notNull(),
  startOffset: integer('start_offset').notNull(),
  endOffset: integer('end_offset').notNull(),
  quote: text('quote').notNull(),
};
export const decision = {
  state: text('state', { enum: ['proposed', 'approved', 'corrected', 'rejected'] }).notNull(),
  decidedBy: text('decided_by'),
  decidedAt: integer('decided_at'),
  decisionReason: text('decision_reason'),
};

export const fact = sqliteTable('fact', {
  factId: text('fact_id').primaryKey(),
  matterId: text('matter_id').notNull(),
  kind: text('kind').notNull(),
  value: text('value').notNull(),
  normal: text('normal').notNull(),
  confidence: integer('confidence').notNull(),
  method: text('method').notNull(),
  /** Which model proposed it, and by which version of which prompt; null where a rule or a person did. */
  model: text('model'),
  promptVersion: text('prompt_version'),
  readValue: text('read_value'), // before a person corrected it; the firm keeps it
  ...place,
  ...decision,
  ...head,
});

export const billLine = sqliteTable('bill_line', {
  billLineId: text('bill_line_id').primaryKey(),
  matterId: text('matter_id').notNull(),
  lineOrder: integer('line_order').notNull(),
  provider: text('provider').notNull(),
  serviceFrom: text('service_from'),
  serviceTo: text('service_to'),
  code: text('code'),
  description: text('description').notNull(),
  units: integer('units'),
  billedCents: integer('billed_cents').notNull(),
  adjustedCents: integer('adjusted_cents').notNull(),
  paidCents: integer('paid_cents').notNull(),
  method: text('method').notNull(),
  problem: text('problem'),
  confidence: integer('confidence').notNull(),
  readValues: text('read_values', { mode: 'json' }).$type<unknown>(), // provider and amounts, likewise
  ...place,
  ...decision,
  ...head,
});

export const statedTotal = sqliteTable('stated_total', {
  statedTotalId: text('stated_total_id').primaryKey(),
  matterId: text('matter_id').notNull(),
  label: text('label').notNull(),
  provider: text('provider'),
  billedCents: integer('billed_cents').notNull(),
  paidCents: integer('paid_cents').notNull(),
  owedCents: integer('owed_cents').notNull(),
  ...place,
  ...head,
});

/** What people answered to what is missing or odd in a matter's evidence. */
export const question = sqliteTable('question', {
  questionId: text('question_id').primaryKey(),
  matterId: text('matter_id').notNull(),
  questionKey: text('question_key').notNull(),
  isSettled: flag('is_settled').notNull(),
  note: text('note'),
  decidedBy: text('decided_by'),
  decidedAt: integer('decided_at'),
  ...head,
});

export const template = sqliteTable('template', {
  templateId: text('template_id').primaryKey(),
  templateName: text('template_name').notNull(),
  templateDescription: text('template_description'),
  templateContent: text('template_content', { mode: 'json' }).$type<unknown>().notNull(),
  category: text('category'),
  version: integer('version').notNull(),
  isDefault: flag('is_default').notNull(),
  isActive: flag('is_active').notNull(),
  ...head,
});

export const letter = sqliteTable('letter', {
  letterId: text('letter_id').primaryKey(),
  matterId: text('matter_id').notNull(),
  templateId: text('template_id'),
  title: text('title').notNull(),
  letterDate: text('letter_date').notNull(),
  demandCents: integer('demand_cents'),
  status: text('status', { enum: ['Draft', 'In_Review', 'Finalized', 'Exported', 'Archived'] }).notNull(),
  metadata: text('metadata', { mode: 'json' }).$type<unknown>().notNull(),
  finalizedAt: integer('finalized_at'),
  finalizedBy: text('finalized_by'),
  ...head,
});

export const letterUpdate = sqliteTable('letter_update', {
  updateId: text('update_id').primaryKey(),
  letterId: text('letter_id').notNull(),
  payload: bytes('payload').notNull(),
  /** The edit of the same laptop that was not confirmed yet when this one was made. */
  leansOn: text('leans_on'),
  ...head,
});

export const exported = sqliteTable('export', {
  exportId: text('export_id').primaryKey(),
  letterId: text('letter_id').notNull(),
  exportFormat: text('export_format', { enum: ['docx', 'pdf'] }).notNull(),
  fileName: text('file_name').notNull(),
  fileSize: integer('file_size').notNull(),
  contentHash: text('content_hash').notNull(),
  exportedBy: text('exported_by'),
  exportedAt: integer('exported_at').notNull(),
  ...head,
});

export const conflict = sqliteTable('conflict', {
  conflictId: text('conflict_id').primaryKey(),
  entity: text('entity').notNull(),
  entityId: text('entity_id').notNull(),
  mergeGroup: text('merge_group').notNull(),
  proposed: text('proposed', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  proposedBy: text('proposed_by'),
  proposedDevice: text('proposed_device').notNull(),
  current: text('current', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  currentBy: text('current_by'),
  state: text('state', { enum: ['open', 'kept_current', 'kept_proposed'] }).notNull(),
  ...head,
});

/** A change that was refused for its time or its author, which the firm keeps until somebody decides. */
export const proposal = sqliteTable('proposal', {
  proposalId: text('proposal_id').primaryKey(),
  matterId: text('matter_id'),
  letterId: text('letter_id'),
  entity: text('entity').notNull(),
  entityId: text('entity_id').notNull(),
  mutationId: text('mutation_id').notNull(),
  op: text('op', { enum: ['insert', 'patch'] }).notNull(),
  baseRevision: integer('base_revision').notNull(),
  patch: text('patch', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  reason: text('reason').notNull(),
  proposedBy: text('proposed_by'),
  proposedDevice: text('proposed_device').notNull(),
  ordinal: integer('ordinal').notNull(),
  state: text('state', { enum: ['open', 'accepted', 'dismissed'] }).notNull(),
  decidedBy: text('decided_by'),
  decidedAt: integer('decided_at'),
  acceptedInto: text('accepted_into'),
  ...head,
});

export const outbox = sqliteTable('outbox', {
  sequence: integer('sequence').primaryKey({ autoIncrement: true }),
  mutationId: text('mutation_id').notNull(),
  entity: text('entity').notNull(),
  entityId: text('entity_id').notNull(),
  op: text('op', { enum: ['insert', 'patch'] }).notNull(),
  baseRevision: integer('base_revision').notNull(),
  patch: text('patch', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  before: text('before', { mode: 'json' }).$type<Record<string, unknown> | null>(),
  state: text('state', { enum: ['waiting', 'dead'] }).notNull(),
  reason: text('reason'),
  createdAt: integer('created_at').notNull(),
  /** Handed back to a restored server: the revision its row had with this change. */
  firmRevision: integer('firm_revision'),
});

/** What the firm said of this laptop's last changes; ids and words, no text of anybody. */
export const verdictLog = sqliteTable('verdict_log', {
  verdictId: integer('verdict_id').primaryKey({ autoIncrement: true }),
  mutationId: text('mutation_id').notNull(),
  entity: text('entity').notNull(),
  entityId: text('entity_id').notNull(),
  /** Where it belongs, as the change itself says. */
  matterId: text('matter_id'),
  letterId: text('letter_id'),
  verdict: text('verdict', { enum: ['applied', 'merged', 'conflict', 'rejected'] }).notNull(),
  reason: text('reason'),
  proposalId: text('proposal_id'),
  at: integer('at').notNull(),
});

export const syncState = sqliteTable('sync_state', {
  only: integer('only').primaryKey(),
  cursor: integer('cursor').notNull(),
  deviceId: text('device_id').notNull(),
  lastSyncedAt: integer('last_synced_at'),
  feedHead: integer('feed_head').notNull(),
  view: text('view'),
  shapes: text('shapes'),
  auditChain: text('audit_chain'),
});

export const localAccount = sqliteTable('local_account', {
  only: integer('only').primaryKey(),
  account: text('account', { mode: 'json' }).$type<unknown>().notNull(),
  verifier: text('verifier').notNull(),
  verifiedAt: integer('verified_at').notNull(),
});

export const laptopPolicy = sqliteTable('laptop_policy', {
  only: integer('only').primaryKey(),
  offlineDays: integer('offline_days'),
  recoveryKey: text('recovery_key'),
  toldAt: integer('told_at'),
  seenAt: integer('seen_at').notNull().default(0),
  endedAt: integer('ended_at'),
});

export const caseFolder = sqliteTable('case_folder', {
  matterId: text('matter_id').primaryKey(),
  folder: text('folder').notNull(),
  addedAt: integer('added_at').notNull(),
  identity: text('identity'),
});

export const casesFolder = sqliteTable('cases_folder', {
  folder: text('folder').primaryKey(),
  addedAt: integer('added_at').notNull(),
});

export const casesSubfolder = sqliteTable('cases_subfolder', {
  path: text('path').primaryKey(),
  fate: text('fate', { enum: ['left', 'asked'] }).notNull(),
  notedAt: integer('noted_at').notNull(),
});

export const folderFile = sqliteTable('folder_file', {
  matterId: text('matter_id').notNull(),
  relativePath: text('relative_path').notNull(),
  sizeBytes: integer('size_bytes').notNull(),
  modifiedMs: integer('modified_ms').notNull(),
  contentHash: text('content_hash'),
  documentId: text('document_id'),
  state: text('state', { enum: ['seen', 'done', 'missing'] }).notNull(),
});

export const job = sqliteTable('job', {
  jobId: integer('job_id').primaryKey({ autoIncrement: true }),
  kind: text('kind').notNull(),
  dedupeKey: text('dedupe_key').notNull(),
  payload: text('payload', { mode: 'json' }).$type<unknown>().notNull(),
  attempts: integer('attempts').notNull(),
  runAfter: integer('run_after').notNull(),
  leaseUntil: integer('lease_until'),
  state: text('state', { enum: ['ready', 'dead'] }).notNull(),
  lastError: text('last_error'),
  createdAt: integer('created_at').notNull(),
  priority: integer('priority').notNull().default(0),
});

export const blobFile = sqliteTable('blob', {
  contentHash: text('content_hash').primaryKey(),
  sizeBytes: integer('size_bytes').notNull(),
  uploaded: flag('uploaded').notNull(),
  createdAt: integer('created_at').notNull(),
  isWhole: flag('is_whole').notNull().default(true),
  isProved: flag('is_proved').notNull().default(false),
  openedOrder: integer('opened_order').notNull().default(0),
});

export const blobChunk = sqliteTable('blob_chunk', {
  contentHash: text('content_hash').notNull(),
  chunkNumber: integer('chunk_number').notNull(),
  bytes: bytes('bytes').notNull(),
  digest: bytes('digest'),
});

export const fileTransfer = sqliteTable('file_transfer', {
  contentHash: text('content_hash').primaryKey(),
  direction: text('direction', { enum: ['up', 'down'] }).notNull(),
  chunksDone: integer('chunks_done').notNull(),
  chunkCount: integer('chunk_count').notNull(),
  attempts: integer('attempts').notNull(),
  isCancelled: flag('is_cancelled').notNull(),
  lastError: text('last_error', { mode: 'json' }).$type<unknown>(),
  createdAt: integer('created_at').notNull(),
});

export const matterPin = sqliteTable('matter_pin', {
  matterId: text('matter_id').primaryKey(),
  pinnedAt: integer('pinned_at').notNull(),
});

export const fileSetting = sqliteTable('file_setting', {
  only: integer('only').primaryKey(),
  budgetGb: integer('budget_gb').notNull(),
});

export const exportFile = sqliteTable('export_file', {
  exportId: text('export_id').primaryKey(),
  path: text('path').notNull(),
});
