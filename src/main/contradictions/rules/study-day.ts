import { formatDayLong } from '../../../shared/days.ts';
import type { BillLineView } from '../../../shared/facts.ts';
import { inOrder, type ContradictionRule, type Found } from '../contradiction-rule.ts';

/** A picture is taken once and read once; these are billed apart, as technical and professional component. */
const studies = /\b(MRI|MRA|CT|X-?rays?|radiographs?|EMG|ultrasonograph\w*|mammogra\w+)\b/i;
const regions = /\b(lumbar|cervical|thoracic|head|brain|hip|knee|shoulder|chest|abdomen|pelvis|wrist|ankle|spine|foot|hand|elbow)\b/i;
/** The part of who read it: said in words, or by the code's ending. */
const reads = /\b(?:professional|prof\.?|interpret\w*|read(?:ing)?)\b/i;
const mostDays = 45;
const dayMs = 86_400_000;

interface Study {
  study: string;
  isRead: boolean;
  day: string;
  line: BillLineView;
}

const studyOf = (line: BillLineView): Study[] => {
  const kind = studies.exec(line.description)?.[1];
  const region = regions.exec(line.description)?.[1];
  if (!kind || !region || line.serviceFrom === null || line.serviceFrom !== (line.serviceTo ?? line.serviceFrom)) return [];
  const isRead = reads.test(line.description) || /-26$/.test(line.code ?? '');
  return [{ study: `${kind.toUpperCase().replace(/[^A-Z]/g, '')} ${region.toLowerCase()}`, isRead, day: line.serviceFrom, line }];
};

/** One study whose picture and whose reading are billed under different days: one of them is a mistake, or there were two. */
export const studyDay: ContradictionRule = ({ ledger }) =>
  [...Map.groupBy(ledger.lines.flatMap(studyOf), ({ study }) => study)].flatMap(([study, those]): Found[] => {
    const taken = those.filter(({ isRead }) => !isRead);
    // a reading that has a picture of its own day belongs to that
    const stray = those.filter(({ isRead, day }) => isRead && !taken.some((one) => one.day === day));
    // lines of one day are one side, also where nothing tells that two statements mean one charge
    return [...Map.groupBy(stray, ({ day }) => day)].flatMap(([readOn, read]): Found[] => {
      const near = taken.filter(({ day }) => Math.abs(Date.parse(day) - Date.parse(readOn)) <= mostDays * dayMs);
      const [first] = near;
      if (!first) return [];
      const side = (of: Study[]) => ({
        value: `${formatDayLong(of[0]?.day ?? '')}: ${of[0]?.line.description ?? ''}`,
        factIds: [],
        sources: inOrder(of.map(({ line }) => line.source)),
      });
      return [
        {
          kind: 'study_day',
          about: [study, first.day, readOn].join('\n'),
          title: `${first.line.description.split(/\s+[—–-]\s+/)[0] ?? study}: taken on ${formatDayLong(first.day)}, its reading is billed on ${formatDayLong(readOn)}.`,
          advice: 'Ask the provider which day is right before the letter names one, or whether there were two studies.',
          sides: [side(near.filter(({ day }) => day === first.day)), side(read)],
          isChoice: false,
        },
      ];
    });
  });
