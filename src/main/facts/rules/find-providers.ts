import { billsOf, facilityOf, isOfCare } from './care.ts';
import type { Candidate, FactRule } from './fact-rule.ts';
import { flatten, matches } from './fact-rule.ts';
import { nameOnALine, readPerson } from './names.ts';

const name = nameOnALine;
const credential =
  '(?:M\\.?D\\.?|D\\.?O\\.?|D\\.?C\\.?|D\\.?P\\.?M\\.?|D\\.?P\\.?T\\.?|P\\.?A\\.?-C|N\\.?P\\.?|A\\.?R\\.?N\\.?P\\.?|F\\.?N\\.?P\\.?|Ph\\.?D\\.?)';
/** "Silver Spring, MD 20901" is a town in Maryland. */
const clinician = new RegExp(`(?<!,[ ]|\\w)(?:Dr\\.?[ ]+)?(${name}),?[ \\n]+(${credential})(?![\\w-]|[ ]+\\d{5})`, 'dg');
const labelled =
  /\b(?:(?:Referring |Rendering |Treating |Billing )?Provider|Facility|Destination|Pharmacy|Referred to|Hospital)\s*:[ \t]*\n?[ \t]*([A-Z][A-Za-z0-9&.'’# -]{2,80})/dg;

/** Who treated, read, transported, dispensed or billed, in records of care and bills. */
export const findProviders: FactRule = (page, document) => {
  if (!isOfCare(document)) return [];
  return [...billed(page, document), ...letterhead(page, document), ...clinicians(page.text, document), ...byLabel(page.text)];
};

const provider = (value: string, confidence: number, start: number, end: number, method: string): Candidate => ({
  kind: 'provider',
  value,
  normal: value,
  confidence,
  start,
  end,
  method,
});

/** Quoted where its name stands nearest above its lines, on their page or the one before; where the name was put together from several lines, by the first of them. */
function billed({ page }: { page: number; text: string }, document: Parameters<FactRule>[1]): Candidate[] {
  const lines = billsOf(document).lines.filter((line) => line.provider !== 'Unknown provider');
  return [...Map.groupBy(lines, (line) => line.provider)].flatMap(([value, [line]]) => {
    if (!line) return [];
    for (const on of [line.page, line.page - 1]) {
      const text = document.pages.find((one) => one.page === on)?.text ?? '';
      const above = text.lastIndexOf(value, on === line.page ? line.end - value.length : text.length);
      if (above >= 0) return on === page ? [provider(value, 92, above, above + value.length, 'rule:provider-bill')] : [];
    }
    return line.page === page ? [provider(value, 80, line.start, line.end, 'rule:provider-bill')] : [];
  });
}

function letterhead({ page }: { page: number }, document: Parameters<FactRule>[1]): Candidate[] {
  const facility = facilityOf(document);
  if (facility.name === null || facility.page !== page) return [];
  return [provider(facility.name, 84, facility.start, facility.end, 'rule:provider-letterhead')];
}

/** A person with the letters of a profession; one who is named with the practice that bills is told by the bill. */
function clinicians(text: string, document: Parameters<FactRule>[1]): Candidate[] {
  const practices = billsOf(document).lines.map((line) => line.provider);
  return matches(text, clinician, /\b(?:M\.?D|D\.?O|D\.?C|P\.?T|P\.?A|N\.?P|D\.?P\.?M|Ph\.?D)\b/).flatMap((match) => {
    const person = readPerson(
      (match.groups[1] ?? '').replace(/^(?:Read|Attending|Signed|Provider|Physician|Signature|Radiologist|Dr\.?)\s+/, ''),
    );
    if (!person || practices.some((practice) => practice.includes(person))) return [];
    const letters = (match.groups[2] ?? '').replaceAll('.', '');
    return [provider(`${person}, ${letters}`, 86, match.span(0).start, match.span(0).end, 'rule:provider-clinician')];
  });
}

function byLabel(text: string): Candidate[] {
  return matches(text, labelled, /:\s*[A-Z]/).flatMap((match) => {
    const value = flatten(match.groups[1] ?? '')
      .replace(/ {2,}.*$|\s-\s.*$/, '')
      .replace(/[ .,-]+$/, '');
    if (value.length < 3 || /^(?:Name|Dr\.?$|N\/?A|None|Unknown)/.test(value) || readPerson(value.replace(/^Dr\.?\s+/, '')) !== null) {
      const isFirm =
        /\b(?:Hospital|Clinic|Center|Therapy|Medical|Pharmacy|Department|Imaging|Radiology|Orthop\w+|Health|Group|Associates|Chiropractic|Surgery|Rescue)\b/.test(
          value,
        );
      if (!isFirm) return [];
    }
    const { start } = match.span(1);
    return [provider(value, 78, match.span(0).start, start + (match.groups[1] ?? '').indexOf(value) + value.length, 'rule:provider-label')];
  });
}
