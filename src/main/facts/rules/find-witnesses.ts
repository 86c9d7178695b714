import type { Candidate, FactRule } from './fact-rule.ts';
import { matches } from './fact-rule.ts';
import { people } from './find-parties.ts';
import { nameOnALine, personPattern, readPerson } from './names.ts';

const name = nameOnALine;

const rules = [
  { pattern: new RegExp(`\\bDeponent\\s*:\\s*(${name})`, 'dg'), confidence: 94 },
  { pattern: new RegExp(`\\bWITNESS INFORMATION\\s+(?:\\W*\\n)*Name\\s*:\\s*(${name})`, 'dgi'), confidence: 94 },
  { pattern: new RegExp(`\\bWitness(?: Name)?\\s*:\\s*(${name})`, 'dg'), confidence: 90 },
  { pattern: new RegExp(`\\b[Ww]itness\\s+(${name}),`, 'dg'), confidence: 80 },
  { pattern: new RegExp(`\\b[Ww]itness\\b[^.:\\n(]{0,60}\\((${name})`, 'dg'), confidence: 84 },
  { pattern: new RegExp(`\\bI,\\s+(${name}),\\s+(?:hereby|do hereby|declare|state|being)`, 'dg'), confidence: 86 },
  {
    pattern: new RegExp(`\\b(?:Reported\\s+By|Manager signature[^:\\n]{0,20})\\s*:\\s*(?:/s/\\s*)?(${name})(?=[,\\s])`, 'dg'),
    confidence: 62,
  },
  { pattern: new RegExp(`\\bmanager on duty,\\s+(${personPattern})(?=\\s*[,—–-])`, 'dg'), confidence: 66 },
];

/** People who saw or can speak to the loss; the client is never one. */
export const findWitnesses: FactRule = ({ text }, document) => {
  return [...people('witness', text, rules, 'rule:witness'), ...(document.kind === 'Incident_Report' ? listed(text) : [])];
};

/** "Witnesses: one employee (Daniel Ortega, Stocker); one customer (Sandra P., declined)" and "Hannah Lee (Cashier) interviewed". */
function listed(text: string): Candidate[] {
  const lists = matches(text, /\bWitness(?:es)?\s*:\s*((?:[^\n]|\n(?!\s*\n|\d+\.))+)/dg).flatMap((list) => {
    const offset = list.span(1).start;
    const said = list.groups[1] ?? '';
    // "Priya Raman (customer); Tomas Brandt (Shift Supervisor)": the brackets hold what they do
    const named = matches(said, new RegExp(`(?<=^|;\\s*)(${name})\\s*(?:\\(|(?=;|$))`, 'dg'));
    const found = named.length > 0 ? named : matches(said, new RegExp(`\\((${name})(?=[,)])`, 'dg'));
    return found.flatMap((match): Candidate[] => witness(match.groups[1], offset + match.span(1).start, 88));
  });
  const interviewed = matches(text, new RegExp(`\\b(?:and|,)\\s+(${name})\\s+\\([^)]{3,40}\\)\\s+interviewed`, 'dg')).flatMap((match) =>
    witness(match.groups[1], match.span(1).start, 70),
  );
  return [...lists, ...interviewed];
}

function witness(raw: string | undefined, start: number, confidence: number): Candidate[] {
  const value = readPerson(raw ?? '');
  return value && raw
    ? [{ kind: 'witness', value, normal: value, confidence, start, end: start + raw.length, method: 'rule:witness-list' }]
    : [];
}
