import { classifyDocument, type ClassifyInput } from '../classify.ts';
import { ocrPage } from './ocr-page.ts';

const classify = (input: ClassifyInput): Promise<ReturnType<typeof classifyDocument>> => Promise.resolve(classifyDocument(input));

/** The worker's table of tasks. */
export const tasks = { ocrPage, classify };
