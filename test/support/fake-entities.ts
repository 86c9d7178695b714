import { readFileSync } from 'node:fs';

export interface FakeEntity {
  writeRoles: string[];
  isInsertable: boolean;
  fields: Map<string, { policy: 'conflict' | 'follow' | 'last'; group: string }>;
}

const migration = (name: string): string => readFileSync(new URL(`../../migrations/server/${name}.sql`, import.meta.url), 'utf8');

/** What travels and how it merges, read from the migrations themselves: the fake and Postgres cannot drift apart here. */
export function fakeEntities(): Map<string, FakeEntity> {
  const sql = migration('0005_sync');
  const entities = new Map<string, FakeEntity>();
  for (const [, name = '', roles = '', insertable] of sql.matchAll(/\('(\w+)', '\w+', '\w+', '\{(.*?)\}', (true|false)\)/g)) {
    entities.set(name, { writeRoles: roles.split(',').filter(Boolean), isInsertable: insertable === 'true', fields: new Map() });
  }
  const later = migration('0009_letter_work');
  for (const name of ['document_link', 'feedback', 'collaboration']) {
    if (!later.includes(`('${name}', '${name}', `)) throw new Error('0009_letter_work.sql is not written as this fake reads it');
    entities.set(name, { writeRoles: ['Admin', 'Attorney', 'Paralegal'], isInsertable: true, fields: new Map() });
  }
  const withFields = ['0024_reading', '0025_links', '0031_collaboration', '0032_version'].map(migration);
  for (const text of [sql, later, ...withFields]) {
    for (const [, name = '', field = '', policy, group] of text.matchAll(
      /\('(\w+)', '(\w+)', '(conflict|follow|last)', (?:null|'(\w+)')(?:, (?:true|false))?\)/g,
    )) {
      entities.get(name)?.fields.set(field, { policy: policy as 'conflict', group: group ?? field });
    }
  }
  // since 0032_version.sql everybody who writes letters
  const versions = entities.get('letter_version');
  if (versions) versions.writeRoles = ['Admin', 'Attorney', 'Paralegal'];
  for (const field of entities.get('feedback')?.fields.values() ?? []) field.policy = 'last';
  // since 0031_collaboration.sql
  entities.get('collaboration')?.fields.set('change_data', { policy: 'last', group: 'change_data' });
  entities.get('collaboration')?.fields.set('is_resolved', { policy: 'conflict', group: 'resolution' });
  if (entities.size < 16) throw new Error('0005_sync.sql is not written as this fake reads it');
  return entities;
}

/** Values a row gets where the insert names none. */
export const fakeDefaults: Record<string, Record<string, unknown>> = {
  matter: { status: 'Open' },
  document: { document_type: 'Other', processing_status: 'waiting', is_missing: false },
  fact: { state: 'proposed' },
  document_link: { state: 'proposed' },
  bill_line: { state: 'proposed', adjusted_cents: 0 },
  template: { version: 1, is_default: false, is_active: true },
  letter: { status: 'Draft', metadata: {} },
  letter_version: { is_major: true },
  collaboration: { is_resolved: false },
};

/** Which field names which parent; a parent that is not there is refused. */
export const fakeParents: Record<string, Record<string, string>> = {
  document: { matter_id: 'matter' },
  page: { document_id: 'document' },
  fact: { matter_id: 'matter', document_id: 'document' },
  bill_line: { matter_id: 'matter', document_id: 'document' },
  stated_total: { matter_id: 'matter', document_id: 'document' },
  document_link: { from_document_id: 'document', to_document_id: 'document' },
  feedback: { document_id: 'document' },
  letter: { matter_id: 'matter', template_id: 'template' },
  letter_update: { letter_id: 'letter' },
  letter_version: { letter_id: 'letter' },
  export: { letter_id: 'letter' },
  collaboration: { letter_id: 'letter', parent_id: 'collaboration' },
};

/** Of the firm's check constraints, those that the tests lean on. */
export function fakeIsInvalid(entity: string, row: Record<string, unknown>): boolean {
  if (entity === 'matter' || entity === 'letter') {
    const title = row['title'];
    if (typeof title !== 'string' || title.length < 1 || title.length > 255) return true;
  }
  if (entity === 'proposal') return !['open', 'accepted', 'dismissed'].includes(String(row['state']));
  if (entity === 'matter') return row['status'] !== 'Open' && row['status'] !== 'Closed';
  if (entity === 'letter') {
    const cents = row['demand_cents'];
    return typeof row['letter_date'] !== 'string' || (typeof cents === 'number' && cents < 0);
  }
  return false;
}
