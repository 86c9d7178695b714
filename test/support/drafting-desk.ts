import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { offlinePolicy, type FirmPolicy } from '../../src/shared/ai.ts';
import type { LetterId } from '../../src/shared/ids.ts';
import type { Block } from '../../src/shared/letters.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { inlinesOf } from '../../src/main/sync/letter-insertion.ts';
import { letterBodyFromBlocks } from '../../src/main/sync/letter-doc.ts';
import { template as templates } from '../../src/main/store/schema.ts';
import { must } from './laptop.ts';
import { startTestSeat, type TestSeat } from './local-seat.ts';

export const reportText = `INCIDENT REPORT
Patient: Maria Rivera
Date of loss: February 15, 2024
Claim No. CLM-2024-88
The floor by the dairy case was wet and no warning sign had been put out. The store manager, Sam Porter, saw her fall.
`;
export const mriText = `RADIOLOGY
MRI of the lumbar spine, performed March 4, 2024 by Dr. Lena Ortiz.
Impression: a herniated disc at L5-S1 that presses on the nerve root. Surgery was first recommended on April 2, 2024.
The charge for the MRI was $1,850.00.
`;

export const heading = (text: string): Block => ({ type: 'heading', level: 2, content: [{ type: 'text', text }] });
export const paragraph = (text: string): Block => ({ type: 'paragraph', content: inlinesOf(text) });

const template = {
  sections: [
    {
      id: 'facts',
      title: 'Facts',
      content: 'On {{date_of_loss}} {{client_name}} fell {{cite:date_of_loss}}.\n\n- A first point\n- A second one',
      order: 1,
    },
    { id: 'treatment', title: 'Medical Treatment', content: 'Describe the injury, the MRI and the treatment.', order: 2 },
  ],
};

/** A seat with a matter of two documents, its facts and a letter with three sections; `origin`: the model's server. */
export async function aDraftingDesk(
  origin: string,
  policy: Partial<FirmPolicy> = {},
  files: Record<string, string> = {},
): Promise<{ t: TestSeat; letterId: LetterId; matterId: string }> {
  const t = await startTestSeat('Admin');
  for (const [name, text] of Object.entries({ 'report.txt': reportText, 'mri.txt': mriText, ...files }))
    writeFileSync(join(t.folder, name), text);
  const { matterId } = must(await t.seat.matters.create({ folder: t.folder, title: 'Rivera v. BestValue' }));
  t.seat.watch(matterId, t.folder);
  await t.seat.ingest.settled(matterId);
  await t.seat.jobs.idle();
  await t.seat.find.settled();
  const letterId = freshId();
  const { db, raw } = t.seat.store;
  db.insert(templates)
    .values({ templateId: 't', templateName: 'Demand', templateContent: template, version: 1, isDefault: true, isActive: true })
    .run();
  raw
    .prepare(
      `insert into letter (letter_id, matter_id, template_id, title, letter_date, status) values (?, ?, 't', 'x', '2024-06-01', 'Draft')`,
    )
    .run(letterId, matterId);
  const body = letterBodyFromBlocks([
    heading('Facts'),
    paragraph('{{client_name}} shopped there.'),
    heading('Medical Treatment'),
    paragraph('She saw a doctor.'),
    heading('Closing'),
    paragraph('We hope to hear from you.'),
  ]);
  raw.prepare('insert into letter_update (update_id, letter_id, payload) values (?, ?, ?)').run(freshId(), letterId, Buffer.from(body));
  must(
    t.seat.settings.setAssistant({
      ...offlinePolicy,
      provider: 'openai',
      model: 'a-model',
      baseUrl: `${origin}/v1`,
      leaves: 'redacted',
      price: { input: 3_000_000, output: 15_000_000 },
      ...policy,
    }),
  );
  return { t, letterId: letterId as LetterId, matterId };
}
