import { setPriority } from 'node:os';
import { classifyDocument, type ClassifyInput } from '../classify.ts';
import { ocrPage as recognisePage, type OcrInput } from './ocr-page.ts';

const niceness = 10;
let isNice = false;

/** Seconds of work that nobody waits for: whatever else wants the processor goes first. Only Linux lets one thread step back; elsewhere it would be all of Steno. */
function stepBack(): void {
  if (isNice || process.platform !== 'linux') return;
  setPriority(0, niceness);
  isNice = true;
}

function ocrPage(input: OcrInput): ReturnType<typeof recognisePage> {
  stepBack();
  return recognisePage(input);
}

const classify = (input: ClassifyInput): Promise<ReturnType<typeof classifyDocument>> => Promise.resolve(classifyDocument(input));

/** The worker's table of tasks. */
export const tasks = { ocrPage, classify };
