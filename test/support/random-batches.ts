import type { Mutation } from '../../src/main/sync/outbox.ts';
import type { WireRow } from '../../src/main/sync/entities.ts';

/** Numbers of a seed, the same in every run. */
export type Draw = ReturnType<typeof drawFrom>;
export function drawFrom(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const hex = (digits: number): string => Array.from({ length: digits }, () => below(16).toString(16)).join('');
  return {
    below,
    isOnceIn: (times: number): boolean => below(times) === 0,
    oneOf<T>(choices: readonly T[]): T {
      const chosen = choices[below(choices.length)];
      if (chosen === undefined) throw new Error('nothing to choose from');
      return chosen;
    },
    uuid: (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
  };
}

const insertable = [
  'matter',
  'document',
  'page',
  'fact',
  'bill_line',
  'stated_total',
  'letter',
  'letter_update',
  'letter_version',
  'export',
  'template',
  'document_link',
] as const;
type Kind = (typeof insertable)[number];

/** Batches of a few laptops about one pool of rows: parents and children in any order, the same rows again and again, and what no laptop of ours would send. */
export function randomBatches(draw: Draw, userIds: string[]): { next(size: number): Mutation[] } {
  const sent: Mutation[] = [];
  /** Rows that somebody sent, and rows that are only named so far: those may be sent later. */
  const made = Object.fromEntries(insertable.map((kind) => [kind, [] as string[]])) as Record<Kind, string[]>;
  const promised = Object.fromEntries(insertable.map((kind) => [kind, [] as string[]])) as Record<Kind, string[]>;
  function idOf(kind: Kind): string {
    // mostly of the first ones, which everybody works on
    if (made[kind].length > 0 && !draw.isOnceIn(20)) return draw.oneOf(draw.isOnceIn(2) ? made[kind] : made[kind].slice(0, 4));
    const id = draw.uuid();
    promised[kind].push(id);
    return id;
  }
  function newIdOf(kind: Kind): string {
    if (made[kind].length > 0 && draw.isOnceIn(10)) return draw.oneOf(made[kind]);
    const id = draw.isOnceIn(3) ? (promised[kind].pop() ?? draw.uuid()) : draw.uuid();
    made[kind].push(id);
    return id;
  }
  const spelled = (id: string): string =>
    draw.isOnceIn(60) ? draw.oneOf([id.toUpperCase(), id.replaceAll('-', ''), `{${id}}`, id.slice(1)]) : id;
  const text = (): string => draw.oneOf(['Rivera', 'Rivera v. Acme', 'Ünïcödé "q" \\ \n', 'x', 'null']);
  const templateNames = Array.from({ length: 6 }, draw.uuid);
  const place = (): WireRow => {
    const start = draw.below(100);
    return { page: 1 + draw.below(9), start_offset: start, end_offset: start + draw.below(20), quote: text() };
  };
  const inMatter = (): WireRow => ({ matter_id: spelled(idOf('matter')) });
  const onDocument = (): WireRow => ({ ...inMatter(), document_id: spelled(idOf('document')) });
  const decision = (): WireRow => ({
    state: draw.oneOf(['proposed', 'approved', 'corrected', 'rejected']),
    decided_by: draw.oneOf([...userIds, null]),
    decision_reason: draw.oneOf([null, 'Read again.']),
  });

  const wholeRow: Record<Kind, () => WireRow> = {
    matter: () => ({
      title: text(),
      ...(draw.isOnceIn(2) ? { case_reference: text() } : {}),
      ...(draw.isOnceIn(25) ? { legal_hold: true, legal_hold_reason: 'x' } : {}),
    }),
    document: () => ({
      ...inMatter(),
      file_name: text(),
      relative_path: text(),
      file_type: 'application/pdf',
      file_size: draw.below(1000),
      content_hash: 'a'.repeat(64),
    }),
    page: () => ({ document_id: spelled(idOf('document')), page_number: 1 + draw.below(4), extracted_text: text() }),
    fact: () => ({
      ...onDocument(),
      ...place(),
      kind: 'date_of_loss',
      value: text(),
      normal: text(),
      confidence: draw.below(101),
      method: 'rule',
    }),
    bill_line: () => ({
      ...onDocument(),
      ...place(),
      line_order: draw.below(9),
      service_from: '2024-02-15',
      provider: text(),
      description: text(),
      billed_cents: draw.below(10_000),
      paid_cents: 0,
      method: 'rule',
      confidence: 50,
    }),
    stated_total: () => ({ ...onDocument(), ...place(), label: text(), billed_cents: draw.below(10_000), paid_cents: 1, owed_cents: 0 }),
    letter: () => ({
      ...inMatter(),
      title: text(),
      letter_date: '2024-06-01',
      ...(draw.isOnceIn(3) ? { metadata: { a: [1, null, text()] } } : {}),
    }),
    letter_update: () => ({ letter_id: spelled(idOf('letter')), payload: '\\x0102' }),
    letter_version: () => ({ letter_id: idOf('letter'), content: '\\x00', letter_values: {}, change_summary: text() }),
    export: () => ({
      letter_id: idOf('letter'),
      export_format: 'pdf',
      file_name: text(),
      file_size: 1,
      content_hash: 'b'.repeat(64),
      exported_at: '2024-01-01T00:00:00Z',
    }),
    template: () => ({
      template_name: draw.oneOf(templateNames),
      template_content: { sections: [] },
      ...(draw.isOnceIn(2) ? { category: text(), is_default: draw.isOnceIn(2) } : {}),
    }),
    document_link: () => ({
      from_document_id: idOf('document'),
      to_document_id: idOf('document'),
      link_kind: 'record_for',
      confidence: 90,
      method: 'rule',
    }),
  };
  const someFields: Record<Kind, () => WireRow> = {
    matter: () =>
      draw.oneOf<WireRow>([
        { title: text() },
        { case_reference: draw.oneOf([null, text()]) },
        { title: text(), status: draw.oneOf(['Open', 'Closed']) },
        { legal_hold: draw.isOnceIn(2), legal_hold_reason: 'x' },
        {},
      ]),
    document: () =>
      draw.oneOf<WireRow>([
        { processing_status: 'read', page_count: draw.below(9) },
        { file_name: text(), is_missing: draw.isOnceIn(2) },
        {
          document_type: draw.oneOf(['Bill', 'Photo']),
          kind_by: draw.oneOf(['rule', 'learned', 'person']),
          kind_confidence: draw.below(101),
        },
        inMatter(),
      ]),
    page: () => draw.oneOf<WireRow>([{ extracted_text: text() }, { page_number: 1 + draw.below(4) }]),
    fact: () =>
      draw.oneOf<WireRow>([
        decision(),
        { confidence: draw.below(101) },
        { ...decision(), value: text(), normal: text(), confidence: 3 },
        onDocument(),
      ]),
    bill_line: () => draw.oneOf<WireRow>([decision(), { billed_cents: draw.below(100), code: '99213' }, { provider: text() }]),
    stated_total: () => ({ label: text(), owed_cents: draw.below(100) }),
    letter: () =>
      draw.oneOf<WireRow>([
        { title: text() },
        { demand_cents: draw.below(1000), letter_date: '2024-06-02' },
        { metadata: { b: draw.below(3) } },
        { status: draw.oneOf(['Draft', 'In_Review', 'Finalized', 'Exported', 'Archived']) },
        { title: text(), status: 'In_Review' },
      ]),
    letter_update: () => ({ payload: '\\x03' }),
    letter_version: () => ({ change_summary: text() }),
    export: () => ({ file_name: text() }),
    template: () =>
      draw.oneOf<WireRow>([
        { template_name: draw.oneOf(templateNames) },
        { is_default: draw.isOnceIn(2) },
        { template_description: text() },
      ]),
    document_link: () => ({ state: draw.oneOf(['approved', 'rejected']) }),
  };
  /** What the database refuses, one way or another. */
  const poisons: WireRow[] = [
    { title: '' },
    { title: 'x'.repeat(300) },
    { confidence: 'much' },
    { confidence: 101 },
    { letter_date: '2024-13-45' },
    { file_size: -1 },
    { page: 99_999_999_999 },
    { colour: 'red' },
    { firm_id: '00000000-0000-4000-8000-000000000000' },
    { decided_by: '00000000-0000-4000-8000-000000000000' },
    { metadata: 'a string' },
    { payload: 'not bytes' },
    { template_content: { sections: 1 } },
  ];
  const malformed = (mutation: Mutation): Mutation =>
    draw.oneOf<unknown>([
      { ...mutation, mutationId: 'not a uuid' },
      { ...mutation, entityId: 7 },
      { ...mutation, op: 'delete' },
      { ...mutation, patch: [1] },
      { ...mutation, patch: null },
      { ...mutation, op: 'patch', baseRevision: 'x' },
      { ...mutation, entity: null },
      'a string',
      null,
      [],
    ]) as Mutation; // as a hostile client would

  /** Half of the batches are mostly of one kind, as what reading a case or a long afternoon in one list leaves behind. */
  let mostly: { kind: Kind; op: 'insert' | 'patch'; fields: string } | null = null;
  function one(): Mutation {
    const again = sent.length > 0 && draw.isOnceIn(25) ? draw.oneOf(sent) : null;
    if (again) return again;
    const like = draw.isOnceIn(6) ? null : mostly;
    const kind =
      like?.kind ?? draw.oneOf([...insertable, 'matter', 'document', 'page', 'fact', 'fact', 'letter', 'letter_update'] as const);
    const op = like?.op ?? (draw.isOnceIn(3) ? 'insert' : 'patch');
    let patch = op === 'insert' ? wholeRow[kind]() : someFields[kind]();
    for (let n = 0; like && n < 5 && Object.keys(patch).join() !== like.fields; n += 1)
      patch = op === 'insert' ? wholeRow[kind]() : someFields[kind]();
    if (draw.isOnceIn(25)) patch = { ...patch, ...draw.oneOf(poisons) };
    const mutation: Mutation = {
      mutationId: draw.uuid(),
      entity: draw.isOnceIn(100) ? draw.oneOf(['deposition', 'user', 'room', 'conflict']) : kind,
      entityId: op === 'insert' ? newIdOf(kind) : idOf(kind),
      op,
      baseRevision: draw.below(4),
      patch,
    };
    return draw.isOnceIn(80) ? malformed(mutation) : mutation;
  }
  /** What there is to work on, to begin with. */
  function first(): Mutation[] {
    const kinds: Kind[] = [
      'matter',
      'matter',
      'document',
      'document',
      'document',
      'letter',
      'letter',
      'letter',
      'fact',
      'fact',
      'fact',
      'fact',
      'page',
      'template',
    ];
    return kinds.map((kind) => ({
      mutationId: draw.uuid(),
      entity: kind,
      entityId: newIdOf(kind),
      op: 'insert',
      baseRevision: 0,
      patch: wholeRow[kind](),
    }));
  }
  return {
    next(size) {
      const batch: Mutation[] = sent.length === 0 ? first() : [];
      sent.push(...batch);
      const kind = draw.oneOf(insertable);
      const op = draw.isOnceIn(2) ? 'insert' : 'patch';
      const fields = Object.keys(op === 'insert' ? wholeRow[kind]() : someFields[kind]()).join();
      mostly = draw.isOnceIn(2) ? { kind, op, fields } : null;
      while (batch.length < size) {
        const mutation = one();
        batch.push(mutation);
        sent.push(mutation);
      }
      return batch;
    },
  };
}
