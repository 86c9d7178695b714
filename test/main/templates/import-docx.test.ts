import {
  AlignmentType,
  Document,
  HeadingLevel,
  LevelFormat,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  Header,
  type IRunOptions,
  SimpleField,
} from 'docx';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportedDocx } from '../../../src/shared/template-import.ts';
import { readDocxStructure } from '../../../src/main/documents/read/docx-structure.ts';
import { applyChoices, importDocx } from '../../../src/main/templates/import-docx.ts';
import { checkTemplate } from '../../../src/main/templates/check.ts';
import { vocabulary } from '../../../src/main/letters/values.ts';
import { deepDocx, hostileFiles } from '../../support/hostile-files.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';
import { makeZip } from '../../support/make-zip.ts';

async function bytesOf(
  children: ConstructorParameters<typeof Document>[0]['sections'][number]['children'],
  headers = {},
): Promise<Uint8Array> {
  const numbering = {
    config: [{ reference: 'counted', levels: [{ level: 0, format: LevelFormat.DECIMAL, text: '%1.', alignment: AlignmentType.START }] }],
  };
  return new Uint8Array(await Packer.toBuffer(new Document({ numbering, sections: [{ children, ...headers }] })));
}
async function imported(bytes: Uint8Array): Promise<ImportedDocx> {
  const read = await readDocxStructure({ bytes, fileName: 'letter.docx' });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return importDocx(read.value);
}
const strong = (text: string) => {
  const look: IRunOptions = { text, bold: true };
  return new TextRun(look);
};
const line = (text: string) => new Paragraph({ children: [new TextRun(text)] });

describe('a letter of the firm', () => {
  let found: ImportedDocx;
  beforeAll(async () => {
    const bytes = await bytesOf(
      [
        line('Re: Claim of [CLIENT NAME]'),
        line('Claim Number: ____________'),
        line('Date of Loss: ____________'),
        line('Dear «Adjuster» and <<Your Insured>>:'),
        new Paragraph({ heading: HeadingLevel.HEADING_1, children: [new TextRun('Facts')] }),
        new Paragraph({
          children: [
            new TextRun('On '),
            strong('March 3, 2021'),
            new TextRun(' Mr. Harold Finch paid $4,061.25 under BX-22-19934. Mr. Harold Finch fell.'),
          ],
        }),
        new Paragraph({ numbering: { reference: 'counted', level: 0 }, children: [new TextRun('first')] }),
        new Paragraph({ numbering: { reference: 'counted', level: 0 }, children: [new TextRun('second')] }),
        new Paragraph({ bullet: { level: 0 }, children: [new TextRun('a point')] }),
        new Paragraph({ children: [strong('Our demand')] }),
        new Table({ rows: [new TableRow({ children: ['Hospital', '$100.00'].map((text) => new TableCell({ children: [line(text)] })) })] }),
        new Paragraph({
          children: [
            new TextRun('To '),
            new SimpleField('MERGEFIELD Client_Name', 'Ada Lovelace'),
            new TextRun(', {{Response Deadline}}.'),
          ],
        }),
      ],
      { headers: { default: new Header({ children: [line('Marsh & Oyelaran LLP')] }) } },
    );
    found = await imported(bytes);
  });

  test('headings begin sections, lists and marks stay, rows of a table keep their cells', () => {
    expect(found.sections.map(({ title, heading }) => [title, heading])).toEqual([
      ['Opening', false],
      ['Facts', true],
      ['Our demand', true],
    ]);
    expect(found.sections[1]?.content).toBe(
      'On **March 3, 2021** Mr. Harold Finch paid $4,061.25 under BX-22-19934. Mr. Harold Finch fell.\n\n1. first\n2. second\n\n- a point',
    );
    expect(found.sections[2]?.content).toBe('Hospital | $100.00\n\nTo «Client_Name», {{Response Deadline}}.');
    expect(found.notes.join(' ')).toContain('letterhead');
  });

  test('every kind of gap is found, each line to write on by itself; what Word filled in last is gone', () => {
    const gaps = found.found.filter(({ kind }) => kind === 'placeholder');
    expect(gaps.map(({ words, known }) => [words, known])).toEqual([
      ['[CLIENT NAME]', 'client_name'],
      ['[Claim Number]', 'claim_number'],
      ['[Date of Loss]', 'date_of_loss'],
      ['«Adjuster»', 'adjuster'],
      ['<<Your Insured>>', 'defendant_name'],
      ['«Client_Name»', 'client_name'],
      ['{{Response Deadline}}', 'response_deadline'],
    ]);
    expect(JSON.stringify(found)).not.toContain('Lovelace');
  });

  test('what looks like a fact of another case is pointed out', () => {
    const facts = found.found.filter(({ kind }) => kind === 'fact').map(({ words, what, times }) => [words, what, times]);
    expect(facts).toContainEqual(['March 3, 2021', 'date', 1]);
    expect(facts).toContainEqual(['$4,061.25', 'amount', 1]);
    expect(facts).toContainEqual(['BX-22-19934', 'number', 1]);
    expect(facts.find(([words]) => String(words).includes('Harold Finch'))).toEqual(['Mr. Harold Finch', 'name', 2]);
  });

  test('with what a person decided it is a template without a problem, and what stays stays', () => {
    const choices = found.found.map(({ words, kind, known, ask }) => ({
      words,
      become:
        kind === 'fact'
          ? words.startsWith('$4')
            ? { as: 'asked' as const, variable: { ...ask, required: false, help: '' } }
            : { as: 'kept' as const }
          : { as: 'known' as const, name: known ?? 'client_name' },
    }));
    const content = applyChoices(found.sections, choices);
    expect(content.sections[0]?.content).toContain('Claim of {{client_name}}');
    expect(content.sections[0]?.content).toContain('Claim Number: {{claim_number}}');
    expect(content.sections[1]?.content).toMatch(/^On \*\*March 3, 2021\*\* Mr\. Harold Finch paid \{\{\w+\}\} under/);
    expect(content.variables).toMatchObject([{ type: 'money' }]);
    expect(checkTemplate(content, vocabulary())).toEqual([]);
  });
});

test('fields of the longer form, tracked changes, boxes and nested tables', async () => {
  const run = (text: string) => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`;
  const field = (instruction: string, shown: string) =>
    `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> ${instruction} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>${run(shown)}<w:r><w:fldChar w:fldCharType="end"/></w:r>`;
  const xml = `<w:document xmlns:w="x"><w:body><w:p>${run('To ')}${field('MERGEFIELD Last_Name \\* MERGEFORMAT', 'Byron')}${run(', page ')}${field('PAGE', '7')}<w:del>${run('gone')}</w:del><w:ins>${run(' come')}</w:ins><w:r><w:pict><w:txbxContent><w:p>${run('boxed')}</w:p></w:txbxContent></w:pict></w:r>${run('.')}</w:p>
    <w:tbl><w:tr><w:tc><w:p>${run('a')}</w:p><w:tbl><w:tr><w:tc><w:p>${run('b')}</w:p></w:tc></w:tr></w:tbl></w:tc><w:tc><w:p>${run('c')}</w:p></w:tc></w:tr></w:tbl></w:body></w:document>`;
  const type = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';
  const bytes = makeZip([
    { name: '[Content_Types].xml', bytes: `<Types><Override PartName="/word/document.xml" ContentType="${type}"/></Types>` },
    { name: 'word/document.xml', bytes: xml },
  ]);
  const { sections, notes } = await imported(bytes);
  expect(sections[0]?.content.replace(/ +/g, ' ')).toBe('To «Last_Name», page 7 come.\n\na b | c');
  expect(notes.join(' ')).toMatch(/text boxes.*tracked/);
});

describe('through the worker', () => {
  let t: TestSeat;
  beforeAll(async () => {
    t = await startTestSeat();
  });
  afterAll(() => t.stop());
  const read = (bytes: Uint8Array, fileName: string) =>
    t.seat.templates.readDocx({ fileName, bytes: Buffer.from(bytes).toString('base64') });

  test('hostile and foreign files end in a reason, and core goes on', async () => {
    for (const { name, bytes } of (await hostileFiles()).filter(
      (file) => file.bytes.length < 2_000_000 && /docx|xlsx|pdf|zip|rtf|png/.test(file.name),
    )) {
      const outcome = await read(bytes, name);
      // markup that is nested or declares entities is passed over in one go, so that its words may be read
      if (outcome.ok) expect(['deep.docx', 'laughs.docx']).toContain(name);
      else expect(outcome.error.code, name).toMatch(/unsupported|corrupt/);
    }
    expect(await read(deepDocx(400_000), 'many.docx')).toMatchObject({ ok: false });
  }, 60_000);

  test('becomes a template that nobody drafts from before it is published', async () => {
    const outcome = await read(await bytesOf([line('Dear [CLIENT NAME]')]), 'letter.docx');
    if (!outcome.ok) throw new Error(outcome.error.code);
    const made = t.seat.templates.import({
      name: 'Ours',
      category: 'Auto',
      sections: outcome.value.sections,
      choices: [{ words: '[CLIENT NAME]', become: { as: 'known', name: 'client_name' } }],
      style: null,
    });
    const opened = made.ok ? t.seat.templates.open(made.value.templateId) : made;
    expect(opened).toMatchObject({ ok: true, value: { isDraft: true, row: { state: 'new', category: 'Auto' } } });
    expect(opened.ok && opened.value.content.sections[0]?.content).toBe('Dear {{client_name}}');
    expect(t.seat.templates.choices()).toEqual([]);
  });
});

test('more of one sort than anybody decides about: each that is told has a name of its own, and a bound', async () => {
  const amounts = Array.from({ length: 2_000 }, (_, n) => `Amount: $${String(1_000 + n)}.00`).join(' ');
  const { found } = await imported(await bytesOf([new Paragraph(amounts)]));
  expect(found.filter(({ what }) => what === 'amount')).toHaveLength(300);
  expect(new Set(found.map(({ ask }) => ask.name)).size).toBe(found.length);
});
