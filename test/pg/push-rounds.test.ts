import { describe, expect, test } from 'vitest';
import { freshId } from '../../src/main/host/ids.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import { aLetter, aMatter, inserting, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { judgeOneByOne, makeTwins, sitDown } from '../support/push-twins.ts';

/** Each rule of judging in sets, with the batches that need it: with the rule they end as one by one, without it they do not. */
interface Rule {
  of: string;
  words: string;
  instead: string;
  /** What two laptops send, in turn; `delete` is what an administrator does between. */
  batches(rows: Rows): (Mutation[] | 'delete')[];
}
interface Rows {
  here: Mutation;
  there: Mutation;
  elsewhere: Mutation;
}

const aDocument = (matterId: string): Mutation =>
  inserting('document', {
    matter_id: matterId,
    file_name: 'x',
    relative_path: 'x',
    file_type: 'application/pdf',
    file_size: 1,
    content_hash: 'a'.repeat(64),
  });
const aPage = (documentId: string, number: number, more: Mutation['patch']): Mutation =>
  inserting('page', { document_id: documentId, page_number: number, extracted_text: 'x', ...more });
const rename = ({ entityId }: Mutation, title = 'Other', base = 1): Mutation => patching('matter', entityId, base, { title });

const rounds = 'steno.push_rounds(steno.change[], steno.shape[])';
const rules: Record<string, Rule> = {
  'two changes of one row are in two rounds': {
    of: rounds,
    words: 'greatest(first_free, changed_in[this.row_number] + 1, named_in',
    instead: 'greatest(first_free, named_in',
    batches: ({ here, there }) => [[rename(here), there, here, rename(there)]],
  },
  'a change that names a row comes after the changes of that row before it': {
    of: rounds,
    words: 'round := greatest(round, changed_in[named] + 1);',
    instead: '',
    batches: ({ here, there }) => [[here], [aDocument(here.entityId), there, aDocument(there.entityId)]],
  },
  '... and before those after it': {
    of: rounds,
    words: ', named_in[this.row_number] + 1)',
    instead: ')',
    batches: ({ here, there }) => [[here, aDocument(there.entityId), there]],
  },
  'what names a row in another spelling is judged alone': {
    of: rounds,
    words: 'not k.in_sets or coalesce(m.is_odd, false) as is_alone',
    instead: 'not k.in_sets as is_alone',
    batches: ({ here, there }) => [[here, aDocument(`{${there.entityId}}`), there, aDocument(there.entityId)]],
  },
  'what may not be judged in sets is judged alone': {
    of: rounds,
    words: 'first_free := round + 1;',
    instead: '',
    batches: ({ here }) => {
      const page = (of: Mutation): Mutation => inserting('page', { document_id: of.entityId, page_number: 1, extracted_text: 'x' });
      const [document, another] = [aDocument(here.entityId), aDocument(here.entityId)];
      const first = page(document);
      // the number that the first page leaves is free for the other, and not before
      return [
        [here, document, another, first],
        [page(another), patching('page', first.entityId, 1, { page_number: 2 }), page(document)],
      ];
    },
  },
  'of a table with unique keys a round has one kind of changes': {
    of: rounds,
    words: 'case when keyed_by[this.table_number] = this.shape then 0 else 1 end',
    instead: '0',
    batches: ({ here }) => {
      const document = aDocument(here.entityId);
      const page = (number: number, more = {}) => aPage(document.entityId, number, more);
      return [
        [here, document],
        [page(1, { oddities: [] }), page(1), page(2), page(2, { oddities: [] })],
      ];
    },
  },
  'edits of two kinds keep the order of the batch, because one may build on the other': {
    of: 'steno.learn_shapes(steno.shape[])',
    words: "s.entity = 'letter_update' or exists",
    instead: 'exists',
    batches: ({ here, there }) => {
      const letter = aLetter(here.entityId);
      const edit = (leansOn?: string | null): Mutation =>
        inserting('letter_update', {
          letter_id: letter.entityId,
          payload: '\\x0102',
          ...(leansOn === undefined ? {} : { leans_on: leansOn }),
        });
      const again = edit(); // as sync itself sends text again
      return [
        [here, letter],
        [edit(null), again, edit(again.entityId), there],
      ];
    },
  },
  'one round is enough only where nothing depends on anything': {
    of: rounds,
    words: 'if rows_touched = cardinality(changes) and not exists',
    instead: 'if rows_touched = cardinality(changes) or not exists',
    batches: ({ here, there }) => [[here, aDocument(there.entityId), there]],
  },
  'a refused change fences the later ones of its row, in whatever round': {
    of: 'steno.push_sets(steno.change[], steno.shape[], steno.change[], auth.session)',
    words: 'if cardinality(refused) > 0 then',
    instead: 'if false then',
    batches: ({ here, there, elsewhere }) => [[here], [rename(here, ''), rename(here, 'Later'), there, elsewhere]],
  },
  'a set takes no patch that collides': {
    of: 'steno.take_set(steno.change[], steno.shape, auth.session)',
    words: "coalesce(collides, 'false')",
    instead: "'false'",
    batches: ({ here, there, elsewhere }) => [
      [here, there, elsewhere],
      [rename(here), rename(there)],
      [rename(here, 'Mine'), rename(there, 'Mine'), rename(elsewhere, 'Mine')],
    ],
  },
  'a set takes no patch of a row that is deleted': {
    of: 'steno.take_set(steno.change[], steno.shape, auth.session)',
    words: 't.deleted_at is null and',
    instead: '',
    batches: ({ here, there, elsewhere }) => [[here, there, elsewhere], 'delete', [rename(here), rename(there), rename(elsewhere)]],
  },
};

const inSets = await createPgWorld();
const oneByOne = await createPgWorld(undefined, inSets);
const twins = await makeTwins([inSets, oneByOne]);
await judgeOneByOne(oneByOne.admin);
const laptops = [await sitDown(twins, 'Attorney', freshId()), await sitDown(twins, 'Attorney', freshId())];

async function differenceOf({ batches }: Rule): Promise<string | null> {
  const rows = { here: aMatter(), there: aMatter(), elsewhere: aMatter() };
  for (const [n, batch] of batches(rows).entries()) {
    if (batch === 'delete') {
      for (const { admin } of [inSets, oneByOne])
        await admin.query('update steno.matter set deleted_at = now() where matter_id = $1', [rows.here.entityId]);
      continue;
    }
    const difference = await laptops[n % 2]?.(batch);
    if (difference) return difference;
  }
  return null;
}

describe.each(Object.entries(rules))('%s', (_, rule) => {
  test('so the batch ends as one by one', async () => {
    expect(await differenceOf(rule)).toBeNull();
  });
  test('control: without it, it does not', async () => {
    const { rows } = await inSets.admin.query<{ text: string }>('select pg_get_functiondef($1::regprocedure) as text', [rule.of]);
    const text = rows[0]?.text ?? '';
    expect(text).toContain(rule.words);
    await inSets.admin.query(text.replace(rule.words, rule.instead));
    try {
      expect(await differenceOf(rule)).not.toBeNull();
    } finally {
      await inSets.admin.query(text);
    }
  });
});
