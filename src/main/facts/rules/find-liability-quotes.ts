import type { DocumentKind } from '../../../shared/documents.ts';
import type { Candidate, FactRule } from './fact-rule.ts';
import { flatten, matches } from './fact-rule.ts';

const speaking: readonly DocumentKind[] = ['Testimony', 'Incident_Report', 'Police_Report'];
/** A statement in somebody's own words, whatever its document was taken for. */
const ownWords =
  /^[#*\s]*(?:(?:WITNESS )?STATEMENT OF\b|(?:Witness statement|Statement) of (?:witness )?[A-Z])|\bI, [A-Z][a-z]+ [A-Z][\w. -]{2,40}, (?:hereby|do hereby|declare|state|being)\b/;

/** Words of a sentence that bears on fault, by themselves. */
const cues = new RegExp(
  [
    '\\badmit(?:s|ted)\\b(?! to the)',
    '\\bapologi[sz]ed\\b',
    '(?<!\\((?:not )?)\\b(?:my|his|her|their|our|at) fault\\b',
    "\\bshould(?: not|n't)? have\\b",
    '\\bnot supposed to\\b',
    '\\b(?:had|have) (?:that |actual |prior )?knowledge\\b|\\b(?:knew|was aware|were aware) (?:about|of|that)\\b',
    '\\b(?:warned|told|reminded)\\b[^.]{0,40}\\b(?:twice|before|times|not to)\\b',
    '\\bprior (?:complaints?|incidents?|leaks?|falls?|warnings?|accidents?)\\b',
    "\\b(?:was|were|is|are)(?: not|n't) (?:recorded|logged|inspected|swept|cleaned|repaired|marked|compliant|documented|maintained)\\b|\\bunlogged\\b",
    "\\b(?:never|did(?: not|n't)) (?:even )?(?:brake[ds]?|stop(?:ped)?|see|notice|look(?:ed)?|check(?:ed)?|warn(?:ed)?|inspect(?:ed)?|clean(?:ed)?|yield(?:ed)?|signal(?:l?ed)?|slow(?:ed)?|appear to (?:brake|stop|slow)|seem to be (?:slowing|braking|stopping))\\b",
    '\\b(?:unable|failed|failure) to (?:stop|yield|brake|see|warn|inspect|clean|maintain|control|remediate|slow)\\b',
    '\\b(?:distracted|inattenti\\w+|looked (?:down|away)|looking (?:down|away|at)|texting|on (?:his|her|the|my) (?:phone|tablet))\\b',
    '\\b(?:too fast|speeding|ran (?:the|a) (?:red|stop)|following too closely|crossed the (?:center|centre) ?line)\\b',
    '\\b(?:fully|completely|already) stopped\\b',
    '\\b(?:no|without(?: a| any)?) (?:(?:wet-floor|warning|caution) )?(?:signs?|cones?|mats?|warnings?|barriers?)\\b',
    '\\b(?:cones?|signs?|mats?)\\b[^.]{0,60}\\b(?:feet|inches|yards)\\b|\\b(?:cone|sign|mat) was not\\b',
    '\\b(?:lights?|bulbs?|handrails?|rails?|steps?|stairs?|locks?|alarms?|brakes?|tires?|floors?|carpet)\\b[^.]{0,40}\\b(?:(?:was|were|been) (?:out|broken|loose|missing|worn|bald|wet|slippery|defective)|not work\\w*)\\b',
    '\\b\\d{1,3} minutes (?:before|prior|earlier)\\b|\\blast (?:logged|documented|recorded)\\b',
    '\\b(?:overflow|spill|leak|puddle)\\w*\\b[^.]{0,40}\\b(?:report|notice|for at least|complain)\\w*|\\breports?\\b[^.]{0,40}\\b(?:overflow|leak|spill|puddle)\\w*|\\bknocked over\\b',
  ].join('|'),
  'i',
);
/** What a question to a witness is about where its answer bears on fault. */
const asked =
  /\b(?:sweep|swept|inspect\w*|spill|liquid|wet|leak\w*|complaints?|cone|sign|warn\w*|policy|speed|brak\w+|red light|signal|phone|tablet|text\w*|distract\w*|knowledge|aware|notice|hazard|defect\w*|fault|feet away)\b/i;

/** Sentences of witnesses, employees, parties and their records that bear on fault, as they stand; nobody says yet who is right. */
export const findLiabilityQuotes: FactRule = ({ text }, document) => {
  if (document.kind === 'Pleading')
    return quotes(
      text,
      sentences(text).filter(({ start, end }) => /\b(?:[A-Z][\w.]+ admits\b|ADMITTED that\b)/.test(text.slice(start, end))),
      72,
    );
  if (!speaking.includes(document.kind) && !ownWords.test(document.pages[0]?.text ?? '')) return [];
  const answers = answered(text);
  if (answers.length > 0) return quotes(text, answers, 80);
  return quotes(
    text,
    sentences(text).filter(({ start, end }) => cues.test(flatten(text.slice(start, end)))),
    document.kind === 'Testimony' ? 78 : 70,
  );
};

interface Span {
  start: number;
  end: number;
}

const mostOfAQuote = 300;
/** What a person looks up on the page begins where it begins. */
const mostOfASource = 2_000;

function quotes(text: string, spans: readonly Span[], confidence: number): Candidate[] {
  return spans.flatMap(({ start, end: last }): Candidate[] => {
    const end = Math.min(last, start + mostOfASource);
    const said = spoken(text.slice(start, end));
    if (said.split(' ').length < 4) return [];
    const value = said.length <= mostOfAQuote - 2 ? said : `${said.slice(0, mostOfAQuote - 3).replace(/\s\S*$/, '')}…`;
    return [
      {
        kind: 'liability_quote',
        value: `“${value}”`.slice(0, mostOfAQuote),
        normal: value.toLowerCase(),
        confidence,
        start,
        end,
        method: 'rule:liability-quote',
      },
    ];
  });
}

/** Without the numbers of a transcript's lines and the marks around it. */
const spoken = (raw: string): string =>
  flatten(raw.replace(/^[ \t]*\d{1,2}[ \t]+/gm, ' '))
    .replace(/^(?:\d{1,2}[.)]|[-•*]|A\.)\s+/, '')
    .replace(/^["“”]+|["“”]+$/g, '')
    .trim();

const turn = /^[ \t]*(?:\d{1,2}[ \t]+)?(Q\.|A\.|[A-Z][A-Z. ]{2,30}:|\*\*Page|---)/dgm;

/** A witness's answers of more than a word where question or answer bears on fault. */
function answered(text: string): Span[] {
  const turns = matches(text, turn, /^[ \t]*(?:\d{1,2}[ \t]+)?A\./m);
  let question = '';
  return turns.flatMap((match, index): Span[] => {
    const who = match.groups[1];
    const from = match.span(1).end;
    const to = turns[index + 1]?.span(0).start ?? text.length;
    const said = spoken(text.slice(from, to));
    if (who === 'Q.') question = said;
    if (who !== 'A.' || !(cues.test(said) || asked.test(`${question} ${said}`))) return [];
    const raw = text.slice(from, to);
    const start = from + (raw.length - raw.trimStart().length);
    return [{ start, end: from + raw.trimEnd().length }];
  });
}

/** Sentences with their places; "Mr." and "No. 3" end none, a line of a list is one. */
function sentences(text: string): Span[] {
  return matches(text, /[^\n][^\n]*(?:\n(?![ \t]*(?:\n|\d{1,2}[.)] |[-•*] |\d{1,2}:\d{2} [AP]M|[A-Z][\w ]{2,30}:))[^\n]+)*/dg).flatMap(
    (block) => {
      const spans: Span[] = [];
      let from = 0;
      for (const end of block.all.matchAll(
        /(?<!\b(?:Mr|Mrs|Ms|Dr|No|St|Jr|Sr|vs?|Inc|Co|Lt|Sgt|approx|[A-Z]|[ap]\.m))[.!?]["”’)]*(?=\s+["“(¶]?[A-Z0-9¶]|\s*$)/g,
      )) {
        const to = end.index + end[0].length;
        spans.push({ start: block.span(0).start + from, end: block.span(0).start + to });
        from = to + (/^\s*/.exec(block.all.slice(to))?.[0].length ?? 0);
      }
      if (from < block.all.length) spans.push({ start: block.span(0).start + from, end: block.span(0).end });
      return spans;
    },
  );
}
