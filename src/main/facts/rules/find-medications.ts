import { isOfCare } from './care.ts';
import type { Candidate, FactRule } from './fact-rule.ts';
import { flatten, matches } from './fact-rule.ts';

/** Names that injury files hold, and endings that only drugs' names have. Nonproprietary and common trade names; written for Steno. */
const names =
  'ibuprofen|naproxen|ketorolac|meloxicam|diclofenac|celecoxib|acetaminophen|aspirin|tylenol|advil|motrin|aleve|toradol|mobic|celebrex|cyclobenzaprine|flexeril|methocarbamol|robaxin|tizanidine|zanaflex|baclofen|carisoprodol|soma|metaxalone|skelaxin|gabapentin|neurontin|pregabalin|lyrica|tramadol|ultram|hydrocodone|norco|vicodin|oxycodone|percocet|morphine|hydromorphone|dilaudid|fentanyl|codeine|lidocaine|bupivacaine|ropivacaine|triamcinolone|dexamethasone|methylprednisolone|medrol|prednisone|ondansetron|zofran|metformin|insulin|sertraline|escitalopram|fluoxetine|amitriptyline|nortriptyline|duloxetine|cymbalta|venlafaxine|trazodone|zolpidem|topiramate|heparin|enoxaparin|warfarin|apixaban|cephalexin|cefazolin|levothyroxine|albuterol|diphenhydramine|promethazine';
const endings = '[a-z]{3,14}(?:pril|sartan|olol|statin|cillin|profen|oxicam|azepam|triptan|prazole|floxacin|mycin|dipine|gliptin|barbital)';
const drug = `(?:${names}|${endings})`;
const dose = '(\\d{1,4}(?:\\.\\d{1,2})?)\\s?(mg|mcg|g|ml|units?)\\b';
const how =
  '(?:[ ,]*(?:PO|IV|IM|SC|SL|by mouth|orally|oral|topical(?:ly)?|tablets?|capsules?|q\\d{1,2}h|qd|qhs|bid|tid|qid|prn|daily|nightly|once|twice|(?:one|two|three|four) times?|times|as needed|at bedtime|with food|every|take|an?|per|hours?|days?|day|x ?\\d{1,2}|\\d{1,2}(?!\\d*\\s?mg)|for pain|for muscle spasms?)(?![\\w]))*';
const byName = new RegExp(`(?:\\b(IV|IM|PO|Oral)\\s+)?\\b(${drug})\\b(?:\\s*\\([A-Za-z ]{3,24}\\))?,?\\s*${dose}(${how})`, 'dgi');
const byDose = new RegExp(`\\b${dose}\\s+(?:of\\s+)?(${drug})\\b(${how})`, 'dgi');

/** Drugs with their dose, and route and frequency where they follow. What a patient is allergic to was not taken. */
export const findMedications: FactRule = ({ text }, document) => {
  if (!isOfCare(document)) return [];
  return [
    ...matches(text, byName, /\d\s?(?:mg|mcg|ml|g|units?)\b/i).flatMap((match) =>
      medication(text, match.groups[2], match.groups[3], match.groups[4], match.groups[1], match.groups[5], match.span(0), 88),
    ),
    ...matches(text, byDose, /\d\s?(?:mg|mcg|ml|g|units?)\b/i).flatMap((match) =>
      medication(text, match.groups[3], match.groups[1], match.groups[2], undefined, match.groups[4], match.span(0), 80),
    ),
  ];
};

function medication(
  text: string,
  name = '',
  amount = '',
  unit = '',
  route: string | undefined,
  frequency: string | undefined,
  { start, end }: { start: number; end: number },
  confidence: number,
): Candidate[] {
  const line = text.slice(text.lastIndexOf('\n', start) + 1, start);
  if (/\b(?:allerg\w*|intoleran\w*|denies|avoid|discontinued?)\b[^.]*$/i.test(line)) return [];
  const said = flatten([route ?? '', (frequency ?? '').replace(/^[ ,]+/, '')].join(' '));
  const taken = `${name.charAt(0).toUpperCase()}${name.slice(1).toLowerCase()} ${amount} ${unit.toLowerCase()}`;
  return [
    {
      kind: 'medication',
      value: said === '' ? taken : `${taken}, ${said}`,
      normal: taken.toLowerCase(),
      confidence,
      start,
      end,
      method: 'rule:medication',
    },
  ];
}
