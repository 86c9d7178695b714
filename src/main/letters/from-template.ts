import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { explain, type AppError } from '../../shared/errors.ts';
import { singleKinds } from '../../shared/facts.ts';
import type { LetterId } from '../../shared/ids.ts';
import type { AsksView, Block, DraftLetter, EnterValue, LetterOrigin, LetterValues } from '../../shared/letters.ts';
import type { LetterStyle } from '../../shared/letter-style.ts';
import { parseCents } from '../../shared/money.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import type { AccountView } from '../../shared/session.ts';
import {
  askedOf,
  TemplateContent,
  type EnteredValues,
  type TemplateSection,
  type TemplateVariable,
} from '../../shared/template-content.ts';
import type { CheckedTemplate } from '../../shared/templates.ts';
import type { Facts } from '../facts/facts.ts';
import type { Clock } from '../host/host.ts';
import { freshId } from '../host/ids.ts';
import { matter } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { templateVersion } from '../store/template-schema.ts';
import { letterBodyFromBlocks } from '../sync/letter-doc.ts';
import type { Write } from '../sync/outbox.ts';
import { checkTemplate, templateToBlocks, type CurrentTemplate, type DraftWorld, type Templates } from '../templates/templates.ts';
import { compareLetters } from './compare.ts';
import { draftedFrom, withDraftedFrom } from './letter-metadata.ts';
import { refuseEdit, type LetterReader } from './read-letter.ts';
import { computeLetterValues, repeatsOf, vocabulary } from './values.ts';

type DraftWords = Partial<Pick<z.output<typeof DraftLetter>, 'entered' | 'leaveOut'>>;

/** From a template to a letter: what is asked before, the letter itself, and what it would be. */
export interface FromTemplate {
  /** What a person is asked before a letter is drafted from a template: what no fact of the matter tells. */
  asks(matterId: string, templateId: string): Outcome<AsksView>;
  /** Errors: forbidden, not_found, invalid_input (a value that is required is not there, or of another type), unsupported (it repeats without end). */
  draft(matterId: string, templateId?: string, more?: DraftWords): Outcome<{ letterId: LetterId }>;
  /** What a person enters for a variable that the letter's template asked for. */
  enter(input: z.output<typeof EnterValue>): Outcome<Nothing>;
  /** What the template of a letter says now, section by section; none where it has no template any more. */
  templateSections(letterId: string): TemplateSection[];
  /** What one of them would be in this letter, without its heading; null where nothing comes of it. */
  draftTemplateSection(letterId: string, section: TemplateSection): Block[] | null;
  /** What is wrong with a template that is being written, and the letter it would be in a matter. */
  check(content: TemplateContent, matterId: string | null): Outcome<CheckedTemplate>;
}

interface FromTemplateInput {
  store: Store;
  write: Write;
  facts: Pick<Facts, 'list' | 'ledger' | 'chronology'>;
  account: Pick<AccountView, 'role'>;
  clock: Clock;
  templates: Pick<Templates, 'choices' | 'current'>;
  reader: Pick<LetterReader, 'find' | 'letterhead'>;
}

export function createFromTemplate({ store, write, facts, account, clock, templates, reader }: FromTemplateInput): FromTemplate {
  const { db } = store;
  const { find, letterhead } = reader;
  const notFound = err({ code: 'not_found' as const, what: 'the letter' });

  const today = (): string => localDay(clock.now());

  /** What a template of this matter is drafted from, with what a person entered. */
  function worldOf(of: { matterId: string; title: string }, asked: readonly TemplateVariable[], entered: EnteredValues) {
    const { matterId, title } = of;
    const matterFacts = { facts: facts.list(matterId), ledger: facts.ledger(matterId), chronology: () => facts.chronology(matterId) };
    const valuesOf = (blocks: readonly Block[]): LetterValues =>
      computeLetterValues({
        firm: letterhead(),
        ...matterFacts,
        letter: { title, demandCents: null, letterDate: today(), asked, entered },
        blocks,
      });
    const { variables } = valuesOf([]);
    const repeats = repeatsOf(matterFacts);
    const find = (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined) ?? repeats.variable(name);
    const has = (name: string): boolean => (find(name)?.state ?? 'missing') !== 'missing';
    const cents = (name: string): number | null => (has(name) ? parseCents(find(name)?.text ?? '') : null);
    const world: DraftWorld = { has, cents, items: repeats.items, fields: repeats.fields };
    return { world, valuesOf, variables };
  }

  /** What is asked of a person: of the variables with a type those that nothing in the matter can tell. */
  function askedIn(content: unknown): TemplateVariable[] {
    const parsed = TemplateContent.safeParse(content);
    const told = new Set(vocabulary().variables.map(({ name }) => name));
    return parsed.success ? askedOf(parsed.data).filter(({ name }) => !told.has(name)) : [];
  }

  const styleOf = (content: unknown): LetterStyle | null => TemplateContent.safeParse(content).data?.style ?? null;

  function originOf({ templateId, name, versionId, number }: CurrentTemplate) {
    return { templateId, name, versionId, number };
  }

  return {
    asks(matterId, templateId) {
      const chosen = templates.current(templateId);
      if (!chosen.ok) return chosen;
      const parsed = TemplateContent.safeParse(chosen.value.content);
      const optional = parsed.success
        ? parsed.data.sections.toSorted((a, b) => a.order - b.order).filter((section) => section.optional)
        : [];
      const named = facts.list(matterId).filter(({ kind, state }) => partyKinds.has(kind) && state !== 'rejected');
      return ok({
        variables: askedIn(chosen.value.content),
        sections: optional.map(({ id, title }) => ({ id, title })),
        parties: [
          ...new Set([...named.map(({ value }) => value), ...facts.ledger(matterId).providers.map(({ provider }) => provider)]),
        ].slice(0, 200),
      });
    },

    draft(matterId, templateId, { entered = {}, leaveOut = [] } = {}) {
      const refused = refuseEdit(account.role, 'Draft');
      if (refused) return refused;
      const of = db.select().from(matter).where(eq(matter.matterId, matterId)).get();
      if (!of) return err({ code: 'not_found', what: 'the matter' });
      const chosen = templates.current(templateId ?? templates.choices()[0]?.templateId ?? '');
      if (!chosen.ok) return chosen;
      const asked = askedIn(chosen.value.content);
      const wrong = refuseEntered(asked, entered);
      if (wrong) return wrong;
      const drafted = templateToBlocks(chosen.value.content, worldOf(of, asked, entered).world, leaveOut);
      if (!drafted.ok) return drafted;
      const letterId = freshId() as LetterId;
      return write((change) => {
        change.insert('letter', {
          letterId,
          matterId,
          templateId: chosen.value.templateId,
          title: of.title,
          letterDate: today(),
          status: 'Draft',
          metadata: withDraftedFrom(
            {},
            { origin: originOf(chosen.value), ...(asked.length > 0 && { asked, entered }), style: styleOf(chosen.value.content) },
          ),
        });
        change.insert('letter_update', { updateId: freshId(), letterId, payload: Buffer.from(letterBodyFromBlocks(drafted.value.blocks)) });
        return ok({ letterId });
      });
    },

    enter({ letterId, name, value }) {
      const row = find(letterId);
      if (!row) return notFound;
      const refused = refuseEdit(account.role, row.status);
      if (refused) return refused;
      const { asked, entered } = draftedFrom(row.metadata);
      const variable = asked.find((one) => one.name === name);
      if (!variable) return err({ code: 'not_found', what: 'what the template asked for' });
      if (value && value.type !== variable.type)
        return err({ code: 'invalid_input', what: variable.label, reason: `It is ${typeWords[variable.type]}.` });
      const others = Object.fromEntries(Object.entries(entered).filter(([other]) => other !== name));
      return write((change) => {
        change.patch('letter', letterId, {
          metadata: withDraftedFrom(row.metadata, { entered: value ? { ...others, [name]: value } : others }),
        });
        return ok({});
      });
    },

    templateSections(letterId) {
      const templateId = find(letterId)?.templateId;
      const chosen = templateId ? templates.current(templateId) : null;
      const parsed = TemplateContent.safeParse(chosen?.ok ? chosen.value.content : null);
      return parsed.success ? parsed.data.sections : [];
    },

    draftTemplateSection(letterId, section) {
      const row = find(letterId);
      if (!row) return null;
      const { asked, entered } = draftedFrom(row.metadata);
      const made = templateToBlocks({ sections: [{ ...section, heading: false }] }, worldOf(row, asked, entered).world);
      return made.ok ? made.value.blocks : null;
    },

    check(content, matterId) {
      const parsed = TemplateContent.safeParse(content);
      if (!parsed.success) return err({ code: 'invalid_input', what: 'the template', reason: 'It holds something that is no template.' });
      const problems = checkTemplate(parsed.data, vocabulary());
      const of = matterId === null ? undefined : db.select().from(matter).where(eq(matter.matterId, matterId)).get();
      if (!of) return ok({ problems, lines: null, refused: null });
      const { world, valuesOf } = worldOf(of, askedIn(parsed.data), {});
      const drafted = templateToBlocks(parsed.data, world);
      if (!drafted.ok) return ok({ problems, lines: null, refused: sentenceOf(drafted.error) });
      const { blocks } = drafted.value;
      const side = { blocks, values: valuesOf(blocks) };
      return ok({ problems, lines: compareLetters(side, side).lines, refused: null });
    },
  };
}

/** A version that had no number yet when the letter was drafted has one since. */
export function numberNow({ db }: Pick<Store, 'db'>, { versionId, number }: LetterOrigin): number | null {
  if (number !== null || versionId === null) return number;
  return (
    db.select({ number: templateVersion.versionNumber }).from(templateVersion).where(eq(templateVersion.versionId, versionId)).get()
      ?.number ?? null
  );
}

/** Kinds of facts that name a person or firm. */
const partyKinds: ReadonlySet<string> = new Set([
  ...singleKinds.filter((kind) => /name$|^(carrier|adjuster|witness)$|counsel$/.test(kind)),
  'provider',
]);

const typeWords: Record<TemplateVariable['type'], string> = {
  text: 'a line of text',
  date: 'a date',
  money: 'an amount of money',
  party: 'a person or firm',
  list: 'a list',
};

/** Values that the template does not ask for, or asks for as something else, and those it cannot do without. */
function refuseEntered(asked: readonly TemplateVariable[], entered: EnteredValues): Outcome<never> | null {
  for (const [name, value] of Object.entries(entered)) {
    const variable = asked.find((one) => one.name === name);
    if (!variable)
      return err({
        code: 'invalid_input',
        what: `“${name}”`,
        reason: 'The template does not ask for it any more. Look at the form again.',
      });
    if (variable.type !== value.type)
      return err({ code: 'invalid_input', what: variable.label, reason: `It is ${typeWords[variable.type]}.` });
  }
  const missing = asked.find(({ name, required }) => required && !Object.hasOwn(entered, name));
  if (!missing) return null;
  return err({ code: 'invalid_input', what: 'the template', reason: `It needs “${missing.label}” before a letter can be drafted.` });
}

function sentenceOf(error: AppError): string {
  const { title, advice } = explain(error);
  return `${title} ${advice}`;
}

/** Today as the person at this laptop sees it. */
function localDay(now: number): string {
  const at = new Date(now);
  return `${String(at.getFullYear())}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
}
