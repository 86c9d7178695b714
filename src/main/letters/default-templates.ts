import type { TemplateContent } from './template.ts';
import autoCollision from './templates/auto-collision.json' with { type: 'json' };
import premisesLiability from './templates/premises-liability.json' with { type: 'json' };

export interface DefaultTemplate {
  name: string;
  category: string;
  isDefault: boolean;
  content: TemplateContent;
}

/** What a new firm starts with. They state no fact without a citation, threaten nothing, and leave out an FRE 408 label, which an attorney adds where it helps. */
export const defaultTemplates: readonly DefaultTemplate[] = [
  { name: 'Premises liability demand', category: 'Premises liability', isDefault: true, content: premisesLiability },
  { name: 'Auto collision demand', category: 'Auto', isDefault: false, content: autoCollision },
];
