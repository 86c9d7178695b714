import { read } from '../../src/main/documents/read/read-worker.ts';
import type { RuleDocument } from '../../src/main/facts/rules/proposals.ts';
import { sampleBytes } from './sample-files.ts';

/** A sample file as rules see it. */
export async function samplePages(folder: string, path: string): Promise<RuleDocument> {
  const outcome = await read({ bytes: sampleBytes(folder, path), fileName: path });
  if (!outcome.ok) throw new Error(`${path}: ${JSON.stringify(outcome.error)}`);
  return { name: path, kind: outcome.value.kind, pages: outcome.value.pages };
}
