import { z } from 'zod';
import { LetterStyle } from '../../shared/letter-style.ts';
import { LetterOrigin } from '../../shared/letters.ts';
import { EnteredValues, TemplateVariable } from '../../shared/template-content.ts';

/** What of a letter's metadata is about its template; other keys are others'. */
export interface DraftedFrom {
  origin: LetterOrigin | null;
  asked: TemplateVariable[];
  entered: EnteredValues;
  /** How it looks; null: as Steno's own letters. */
  style: LetterStyle | null;
}

const Asked = z.array(TemplateVariable).max(500);

/** Read leniently: a newer app may have written more, and a part that is none leaves the others. */
export function draftedFrom(metadata: unknown): DraftedFrom {
  const keys = z.record(z.string(), z.unknown()).safeParse(metadata);
  const { template, asked, entered, style } = keys.success ? keys.data : {};
  return {
    origin: LetterOrigin.safeParse(template).data ?? null,
    asked: Asked.safeParse(asked).data ?? [],
    entered: readable(entered),
    style: LetterStyle.safeParse(style).data ?? null,
  };
}

/** Value by value: one of a kind that only a newer app knows takes none of the others along. */
function readable(entered: unknown): EnteredValues {
  const all = z.record(z.string(), z.unknown()).safeParse(entered);
  const one = (entry: [string, unknown]): EnteredValues => EnteredValues.safeParse(Object.fromEntries([entry])).data ?? {};
  return Object.assign({}, ...Object.entries(all.data ?? {}).map(one)) as EnteredValues;
}

/** What this app cannot read stays as it is. */
function unreadable(entered: unknown): Record<string, unknown> {
  const all = z.record(z.string(), z.unknown()).safeParse(entered).data ?? {};
  const known = readable(entered);
  return Object.fromEntries(Object.entries(all).filter(([name]) => !Object.hasOwn(known, name)));
}

/** The metadata with these parts in it, and all else as it was. */
export function withDraftedFrom(metadata: unknown, { origin, asked, entered, style }: Partial<DraftedFrom>): Record<string, unknown> {
  const before = z.record(z.string(), z.unknown()).safeParse(metadata);
  return {
    ...(before.success ? before.data : {}),
    ...(origin !== undefined && { template: origin }),
    ...(asked !== undefined && { asked }),
    ...(entered !== undefined && { entered: { ...unreadable(before.data?.['entered']), ...entered } }),
    ...(style && { style }),
  };
}
