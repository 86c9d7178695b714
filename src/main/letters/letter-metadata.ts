import { z } from 'zod';
import { LetterOrigin } from '../../shared/letters.ts';
import { EnteredValues, TemplateVariable } from '../../shared/template-content.ts';

/** What of a letter's metadata is about its template; other keys are others'. */
export interface DraftedFrom {
  origin: LetterOrigin | null;
  asked: TemplateVariable[];
  entered: EnteredValues;
}

const Asked = z.array(TemplateVariable).max(500);

/** Read leniently: a newer app may have written more, and a part that is none leaves the others. */
export function draftedFrom(metadata: unknown): DraftedFrom {
  const keys = z.record(z.string(), z.unknown()).safeParse(metadata);
  const { template, asked, entered } = keys.success ? keys.data : {};
  return {
    origin: LetterOrigin.safeParse(template).data ?? null,
    asked: Asked.safeParse(asked).data ?? [],
    entered: EnteredValues.safeParse(entered).data ?? {},
  };
}

/** The metadata with these parts in it, and all else as it was. */
export function withDraftedFrom(metadata: unknown, { origin, asked, entered }: Partial<DraftedFrom>): Record<string, unknown> {
  const before = z.record(z.string(), z.unknown()).safeParse(metadata);
  return {
    ...(before.success ? before.data : {}),
    ...(origin !== undefined && { template: origin }),
    ...(asked !== undefined && { asked }),
    ...(entered !== undefined && { entered }),
  };
}
