import { redact, type Known, type Redaction } from './redact.ts';

/** Away from core's thread: the texts are what strangers wrote. */
export const tasks = {
  redact: ({ texts, known }: { texts: string[]; known: Known[] }): Redaction => redact(texts, known),
};
