import type { TemplateContent } from '../../shared/template-content.ts';
import autoCollision from './texts/auto-collision.json' with { type: 'json' };
import contractRefund from './texts/contract-refund.json' with { type: 'json' };
import premisesLiability from './texts/premises-liability.json' with { type: 'json' };
import timeLimitCalifornia from './texts/time-limit-california.json' with { type: 'json' };
import timeLimitGeorgia from './texts/time-limit-georgia.json' with { type: 'json' };
import umUim from './texts/um-uim.json' with { type: 'json' };

export interface DefaultTemplate {
  name: string;
  description: string;
  category: string;
  isDefault: boolean;
  content: TemplateContent;
}

/**
 * What a new firm starts with, in the order a list shows it; the first is what a draft takes when nobody chooses. They state no
 * fact without a citation, threaten nothing, and leave out an FRE 408 label, which an attorney adds where it helps. What no document
 * can tell (limits, injuries, dates of a statutory offer) and what an attorney must confirm stands as a variable without a value,
 * which blocks Finalize. The law behind a template and the day it was read are in its `authorities`.
 */
export const defaultTemplates: readonly DefaultTemplate[] = [
  {
    name: 'Premises liability demand',
    description: 'Injury on premises that somebody else owns, occupies or controls; to the insurer, or to counsel where known.',
    category: 'Premises liability',
    isDefault: true,
    content: premisesLiability,
  },
  {
    name: 'Auto collision demand',
    description: 'Injury in a motor vehicle collision; to the insurer, or to counsel where known.',
    category: 'Auto',
    isDefault: true,
    content: autoCollision,
  },
  {
    name: 'Time-limited demand, California',
    description:
      'Before suit, auto, homeowner or commercial premises policy; Code of Civil Procedure 999 to 999.5. An attorney checks the law before it is sent.',
    category: 'Time limit, California',
    isDefault: true,
    content: timeLimitCalifornia,
  },
  {
    name: 'Time-limited offer, Georgia',
    description:
      'Motor vehicle collision, before an answer; O.C.G.A. 9-11-67.1 for offers from April 22, 2024. Add no term. An attorney checks the law before it is sent.',
    category: 'Time limit, Georgia',
    isDefault: true,
    content: timeLimitGeorgia,
  },
  {
    name: 'UM/UIM demand',
    description:
      'Uninsured or underinsured motorist benefits from the client’s own insurer. Consent and offsets differ by state and policy.',
    category: 'UM/UIM',
    isDefault: true,
    content: umUim,
  },
  {
    name: 'Vehicle contract refund demand',
    description:
      'Unearned price of a cancelled GAP waiver or service contract. An attorney names the rule of the state and kind of contract.',
    category: 'Refund',
    isDefault: true,
    content: contractRefund,
  },
];
