import type { MatterId } from '../../shared/ids.ts';
import type { CheckedTemplate, TemplateProblem, TemplateView } from '../../shared/templates.ts';
import { Tabs } from '../ui/Tabs.tsx';
import { HelpPanel } from './HelpPanel.tsx';
import { PreviewPanel } from './PreviewPanel.tsx';
import { ProblemsPanel } from './ProblemsPanel.tsx';
import type { Draft } from './use-draft.ts';
import { VariablesPanel } from './VariablesPanel.tsx';
import { VersionsPanel, type ComparedVersions } from './VersionsPanel.tsx';

export type SideView = 'preview' | 'problems' | 'variables' | 'versions' | 'help';
const labels: Record<SideView, string> = {
  preview: 'Preview',
  problems: 'Problems',
  variables: 'Asks',
  versions: 'Versions',
  help: 'Help',
};

interface SidePanelProps {
  view: SideView;
  onView: (view: SideView) => void;
  template: TemplateView;
  draft: Draft;
  mayEdit: boolean;
  /** null until core has answered first. */
  checked: CheckedTemplate | null;
  matterId: MatterId | null;
  onMatter: (matterId: MatterId | null) => void;
  onGoTo: (problem: TemplateProblem) => void;
  compared: ComparedVersions | null;
  onCompare: (compared: ComparedVersions) => Promise<void>;
  onRestored: () => void;
}

export function SidePanel({
  view,
  onView,
  template,
  draft,
  mayEdit,
  checked,
  matterId,
  onMatter,
  onGoTo,
  compared,
  onCompare,
  onRestored,
}: SidePanelProps) {
  const counts: Partial<Record<SideView, number>> = { problems: checked?.problems.length ?? 0 };
  return (
    <aside className="template-side" aria-label="Beside the template">
      <Tabs label="Beside the template" labels={labels} current={view} counts={counts} onPick={onView} />
      <div className="scroll template-side-body" role="tabpanel" aria-label={labels[view]} tabIndex={0}>
        {view === 'preview' && <PreviewPanel checked={checked} matterId={matterId} onMatter={onMatter} />}
        {view === 'problems' && <ProblemsPanel checked={checked} content={draft.content} onGoTo={onGoTo} />}
        {view === 'variables' && <VariablesPanel draft={draft} mayEdit={mayEdit} />}
        {view === 'versions' && (
          <VersionsPanel
            template={template}
            mayEdit={mayEdit}
            draft={draft}
            compared={compared}
            onCompare={onCompare}
            onRestored={onRestored}
          />
        )}
        {view === 'help' && <HelpPanel />}
      </div>
    </aside>
  );
}
