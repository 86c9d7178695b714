import { explain, type AppError } from '../../shared/errors.ts';
import type { FileView } from '../../shared/files.ts';

/** Bytes beside others, in the unit of the whole: "3.0 of 12.0 MB", "1.2 of 20.0 GB". */
export function partText(doneBytes: number, ofBytes: number): string {
  const [unit, size] = ofBytes >= 1e9 ? ['GB', 1e9] : ['MB', 1e6];
  return `${(doneBytes / size).toFixed(1)} of ${(ofBytes / size).toFixed(1)} ${unit}`;
}

export function bytesText(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** What is the matter with a file that is not on this laptop, and what the person may expect. */
export function fileWords(file: FileView): { title: string; advice: string } {
  if (file.state === 'fetching')
    return { title: `Not on this laptop yet, fetching ${partText(file.doneBytes, file.sizeBytes)}`, advice: 'Its text is here already.' };
  if (!file.problem)
    return { title: `Not on this laptop, ${bytesText(file.sizeBytes)}`, advice: 'Its text is here. The page itself is at the firm.' };
  return problemWords(file.problem);
}

export function problemWords(problem: AppError): { title: string; advice: string } {
  if (problem.code === 'offline')
    return {
      title: 'Not on this laptop, and the firm cannot be reached',
      advice: 'Its text is here. The file comes by itself when you are back on the network.',
    };
  if (problem.code === 'not_found')
    return {
      title: 'Not on this laptop, and not at the firm yet',
      advice: 'Its text is here. The file comes once the laptop that has it has sent it.',
    };
  return explain(problem);
}
