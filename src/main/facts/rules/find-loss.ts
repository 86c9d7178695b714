import { formatDayLong } from '../../../shared/days.ts';
import { datePattern, readDay, readTime, timePattern, yearsIn } from './dates.ts';
import type { Candidate, FactRule } from './fact-rule.ts';
import { flatten, matches } from './fact-rule.ts';

const event = '(?:incident|accident|collision|crash|occurrence|loss|fall|injury|injuries)';
const verbs =
  '(?:slipp\\w*|fell|tripp\\w*|was (?:struck|hit|rear-ended|injured)|were (?:struck|hit)|collid\\w*|entered|struck|rear-ended|was dispatched to|was (?:a |an )?(?:customer|guest|invitee|patron|driving|walking|riding|stopped|shopping|crossing))';

const dayRules: readonly { pattern: RegExp; confidence: number }[] = [
  {
    pattern: new RegExp(
      `\\b(?:date of (?:the )?${event}|${event} date|D\\.?O\\.?[LI]\\.?|date / time(?: of ${event})?)\\s*[:#-]?\\s*(${datePattern})`,
      'dgi',
    ),
    confidence: 96,
  },
  { pattern: new RegExp(`(${datePattern})[\\s,]+(?:[\\w-]+\\s+){0,3}${event}\\b`, 'dgi'), confidence: 84 },
  { pattern: new RegExp(`\\b${event}\\b[^.\\n:]{0,60}?\\b(?:on|of)\\s+(${datePattern})`, 'dgi'), confidence: 84 },
  {
    pattern: new RegExp(`\\bOn\\s+(${datePattern})(?:[^.]|\\b[ap]\\.m\\.|\\b(?:Mr|Mrs|Ms|Dr)\\.){0,80}?\\b${verbs}`, 'dgi'),
    confidence: 86,
  },
  {
    pattern: new RegExp(
      `\\b(?:plaintiff|claimant|patient|customer)\\b[^.:\\n]{0,40}\\b(?:entered|fell|slipped|was (?:struck|hit|injured))[^.:\\n]{0,40}?\\bon\\s+(${datePattern})`,
      'dgi',
    ),
    confidence: 80,
  },
  {
    pattern: new RegExp(`\\bon\\s+(${datePattern}),?\\s+I\\s+was\\b[^.]{0,60}\\b(?:dispatched|collision|crash|accident)`, 'dgi'),
    confidence: 82,
  },
  {
    pattern: new RegExp(
      `\\b(?:slipped|tripped|fell|was (?:struck|hit|injured|rear-ended))\\b[^.:\\n]{0,60}?\\bon\\s+(${datePattern})`,
      'dgi',
    ),
    confidence: 74,
  },
];
/** Words before a date that make it another date: "Report Date", "letter dated". */
const otherDate =
  /\b(?:report(?:ed)?|filed|dated|printed|prepared|issued?|compil\w+|statement|letter|birth|discharge|signed|submitted|as valued|policy|effective|deposition)\b[^.\n]{0,20}$/i;

/** The day the client was hurt; never the day of a report, a letter or a pleading. */
export const findDateOfLoss: FactRule = ({ text }, document) =>
  dayRules.flatMap(({ pattern, confidence }) =>
    matches(text, pattern).flatMap((match): Candidate[] => {
      const day = readDay(match.groups[1] ?? '', yearsIn(document));
      const { start } = match.span(1);
      if (!day || otherDate.test(text.slice(Math.max(0, start - 40), start).replace(/date of \w+.*$/i, ''))) return [];
      const covers = document.kind === 'Insurance' ? confidence - 20 : confidence;
      return [
        { kind: 'date_of_loss', value: formatDayLong(day), normal: day, confidence: covers, ...match.span(0), method: 'rule:date-of-loss' },
      ];
    }),
  );

const timeRules: readonly { pattern: RegExp; confidence: number }[] = [
  {
    pattern: new RegExp(
      `\\b(?:time of (?:the )?${event}|${event} time)\\s*[:#-]?\\s*(?:approximately |about |approx\\.? )?(${timePattern})`,
      'dgi',
    ),
    confidence: 95,
  },
  {
    pattern: new RegExp(
      `\\bdate / time(?: of ${event})?\\s*:\\s*${datePattern},?\\s*(?:at )?(?:approximately |about )?(${timePattern})`,
      'dgi',
    ),
    confidence: 93,
  },
  {
    pattern: new RegExp(
      `\\bOn\\s+${datePattern},?\\s+at\\s+(?:approximately |about )?(${timePattern})(?:[^.]|\\b[ap]\\.m\\.|\\b(?:Mr|Mrs|Ms|Dr)\\.){0,60}?\\b${verbs}`,
      'dgi',
    ),
    confidence: 86,
  },
  {
    pattern: new RegExp(`\\b${event}\\b[^.\\n:]{0,80}?\\bat\\s+(?:approximately|about|around)\\s+(${timePattern})`, 'dgi'),
    confidence: 80,
  },
  {
    pattern: new RegExp(
      `\\bAt\\s+(?:approximately|about|around)\\s+(${timePattern})\\s+on\\s+${datePattern}[^.]{0,60}\\b(?:${event}|dispatched)`,
      'dg',
    ),
    confidence: 82,
  },
  { pattern: new RegExp(`\\b(${timePattern})\\s*:\\s*[^.\\n]{0,40}\\b(?:slips|falls|is struck|slipped|fell)\\b`, 'dgi'), confidence: 78 },
  { pattern: new RegExp(`\\b${event}\\b[^.]{0,80}?\\baround\\s+(${timePattern})`, 'dgi'), confidence: 70 },
];

/** The clock time of the loss; the times of calls, arrivals and reports are left alone. */
export const findTimeOfLoss: FactRule = ({ text }) =>
  timeRules.flatMap(({ pattern, confidence }) =>
    matches(text, pattern).flatMap((match): Candidate[] => {
      const time = readTime(match.groups[1] ?? '');
      return time ? [{ kind: 'time_of_loss', ...time, confidence, ...match.span(0), method: 'rule:time-of-loss' }] : [];
    }),
  );

const street =
  "\\d{1,6}\\s+(?:[A-Z][\\w.'’]*\\s+){1,4}(?:Avenue|Ave\\.?|Street|St\\.?|Road|Rd\\.?|Boulevard|Blvd\\.?|Drive|Dr\\.?|Lane|Ln\\.?|Way|Highway|Hwy\\.?|Parkway|Pkwy\\.?|Court|Ct\\.?|Place|Plaza|Circle)";
const town = '(?:,\\s*[A-Z][a-z]+(?: [A-Z][a-z]+){0,2})?(?:,\\s*[A-Z]{2}(?:\\s+\\d{5})?)?';
const unit = '(?:Store|Restaurant|Branch|Location|Unit|Warehouse|Hotel)\\s+(?:No\\.|Number|#)\\s*\\w+';

const placePatterns: readonly { pattern: RegExp; confidence: number; value(groups: (string | undefined)[]): string }[] = [
  {
    pattern: new RegExp(
      `\\b(?:(?:place|location|scene) of (?:the )?${event}|${event} location|loss location)\\s*:\\s*([^\\n]{6,140})`,
      'dgi',
    ),
    confidence: 92,
    value: (groups) => groups[1] ?? '',
  },
  {
    pattern: new RegExp(
      `\\b([A-Z][\\w'’-]+)\\s+(?:admits (?:that )?it\\s+)?operates\\s+(?:the\\s+|its\\s+)?(${unit})\\s+(?:located\\s+)?at\\s+(${street}${town})`,
      'dg',
    ),
    confidence: 88,
    value: (groups) => `${groups[1] ?? ''} ${groups[2] ?? ''}, ${groups[3] ?? ''}`,
  },
  {
    pattern: new RegExp(`\\bLocation\\s*:\\s*(${street}${town})\\s*[—–-]+\\s*([A-Z][\\w'’-]+\\s+${unit})`, 'dg'),
    confidence: 88,
    value: (groups) => `${groups[2] ?? ''}, ${groups[1] ?? ''}`,
  },
  {
    pattern: new RegExp(`\\bentered\\s+((?:the\\s+)?[A-Z][\\w'’-]+\\s+${unit})`, 'dg'),
    confidence: 62,
    value: (groups) => groups[1] ?? '',
  },
  {
    pattern: new RegExp(
      `\\b${event}\\b[^.\\n]{0,60}?\\bon\\s+((?:I-|US[- ]|SR[- ]|Route |Interstate |Highway )\\d{1,3}(?: (?:North|South|East|West)(?:bound)?)?)\\b`,
      'dgi',
    ),
    confidence: 64,
    value: (groups) => groups[1] ?? '',
  },
  {
    pattern: new RegExp(`\\boperates\\s+a\\s+(?:store|restaurant|hotel|warehouse|market|shop)\\s+at\\s+(${street}${town})`, 'dg'),
    confidence: 64,
    value: (groups) => groups[1] ?? '',
  },
  {
    pattern: new RegExp(`\\b(?:at|in)\\s+((?:the\\s+)?[A-Z][\\w'’&-]+(?: [A-Z][\\w'’&-]+){0,4},\\s+${street}${town})`, 'dg'),
    confidence: 58,
    value: (groups) => (/\b(?:office|court|hospital|clinic|law|medical|center|llp)\b/i.test(groups[1] ?? '') ? '' : (groups[1] ?? '')),
  },
  {
    pattern: new RegExp(`\\b(?:doing business|located|premises|property)\\s+at\\s+(${street}${town})`, 'dg'),
    confidence: 60,
    value: (groups) => groups[1] ?? '',
  },
];

/** Where the client was hurt. A deposition's or an office's own address is no place of loss. */
export const findPlaceOfLoss: FactRule = ({ text }, document) => {
  const found = placePatterns.flatMap(({ pattern, confidence, value }) =>
    matches(text, pattern).map((match): Candidate => {
      const place = cutAtNextLabel(flatten(value(match.groups)));
      return { kind: 'place_of_loss', value: place, normal: place, confidence, ...match.span(0), method: 'rule:place-of-loss' };
    }),
  );
  const reports = ['Police_Report', 'Incident_Report', 'Testimony', 'Medical_Record'].includes(document.kind);
  const labelled = matches(text, /\bLocation\s*:\s*([^\n]{6,140}(?:\n[a-z][^\n]{0,80})?)/dg).flatMap((match): Candidate[] => {
    const raw = cutAtNextLabel(match.groups[1] ?? '');
    const place = flatten(raw);
    if (!reports || /\b(?:offices? of|court|hospital|clinic|llp|p\.c\.)\b/i.test(place) || document.kind === 'Medical_Record') return [];
    const where = { start: match.span(0).start, end: match.span(1).start + raw.length };
    return [
      {
        kind: 'place_of_loss',
        value: place,
        normal: place,
        confidence: document.kind === 'Incident_Report' ? 66 : 88,
        ...where,
        method: 'rule:place-label',
      },
    ];
  });
  return [...found, ...labelled];
};

function cutAtNextLabel(text: string): string {
  return text.replace(/\s+[A-Z]\w+(?: \w+)?:\s[\s\S]*$/, '').replace(/[.,;]$/, '');
}
