/** Source of a pattern for a person's name: two to four capitalised words, initials allowed. No groups. */
export const personPattern = "(?:[A-Z][A-Za-z'’-]+|[A-Z]\\.)(?:(?: +| ?\\n)(?:[A-Z][A-Za-z'’-]+|[A-Z]\\.|de|van|von|la|del)){1,3}";

/** The same on one line; two spaces end it, they are the gap between columns. */
export const nameOnALine = personPattern.replaceAll('(?: +| ?\\n)', ' ');

/** Source of a pattern for a firm's name ending in its legal form. No groups. */
export const firmPattern =
  "[A-Z][A-Za-z'’&-]*(?:,?[ \\n]+(?:&|and|of|[A-Z][A-Za-z'’&-]*)){0,6},?[ \\n]+(?:L\\.?L\\.?P\\.?|P\\.C\\.|PC|PLLC|P\\.L\\.L\\.C\\.|LLC|P\\.A\\.|PA|L\\.P\\.A\\.|LPA|APC|(?:Law|LAW)[ \\n]+(?:Firm|FIRM|Group|GROUP|Offices?|OFFICES?))";

const small = new Set(['of', 'and', 'the', 'de', 'van', 'von', 'la', 'del']);
const forms = new Set(['LLP', 'LLC', 'PC', 'PLLC', 'PA', 'LPA', 'APC', 'LP', 'II', 'III', 'IV', 'USA', 'MD']);
const notNames =
  /\b(Plaintiffs?|Defendants?|Attorneys?|Court|County|State|Case|Superior|Emergency|Department|Medical|Report|Statement|Date|Time|Location|Phone|Address|Number|Vehicle|Street|Avenue|Page|Manager|Store|Customer|Patient|Injury|Unknown|Insurance|Policy|Claim|Yes|No|None|Wherefore|Prayer|Relief|Jane Does|John Does)\b/;

/** "MARIA RIVERA" -> "Maria Rivera", "PARDO & ASSOCIATES, P.C." -> "Pardo & Associates, P.C."; mixed case stays as written. */
export function inTitleCase(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  if (/[a-z]{2}/.test(flat)) return flat;
  return flat
    .split(' ')
    .map((word, index) => {
      const bare = word.replace(/[^A-Za-z]/g, '');
      if (forms.has(bare) || /^([A-Za-z]\.)+,?$/.test(word)) return word;
      if (index > 0 && small.has(bare.toLowerCase())) return word.toLowerCase();
      return word.toLowerCase().replace(/(^|['’-])([a-z])/g, (_all, before: string, letter: string) => before + letter.toUpperCase());
    })
    .join(' ');
}

/** A person's name in its usual order ("Rivera, Maria" -> "Maria Rivera"), or null where the text is no name. */
export function readPerson(text: string): string | null {
  const flat = inTitleCase(text.replace(/(?:,\s*|\s+)(?:Esq|M\.?D|D\.?O|R\.?N)\.?$/i, '')).replace(/[.,;:]+$/, (end) =>
    end === '.' ? '.' : '',
  );
  const turned = /^([A-Z][A-Za-z'’ -]+),\s+([A-Z][A-Za-z'’. -]+)$/.exec(flat);
  const name = turned?.[1] && turned[2] ? `${turned[2]} ${turned[1]}` : flat;
  const words = name.split(' ');
  if (words.length < 2 || words.length > 5 || notNames.test(name) || /\d/.test(name)) return null;
  return words.some((word) => /^[A-Z][a-z'’-]+/.test(word)) ? name.replace(/^(Mr|Mrs|Ms|Dr|Miss)\.?\s+/, '') : null;
}
