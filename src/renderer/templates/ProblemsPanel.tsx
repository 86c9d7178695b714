import type { WholeTemplate } from '../../shared/template-content.ts';
import type { CheckedTemplate, TemplateProblem } from '../../shared/templates.ts';

interface ProblemsPanelProps {
  checked: CheckedTemplate | null;
  content: WholeTemplate;
  onGoTo: (problem: TemplateProblem) => void;
}

/** What is wrong, in reading order; each opens its place. */
export function ProblemsPanel({ checked, content, onGoTo }: ProblemsPanelProps) {
  if (checked === null) return null;
  if (checked.problems.length === 0)
    return <p className="quiet">Nothing is wrong: every name is known, every condition and repeat is closed.</p>;
  const titleOf = (id: string) => content.sections.find((section) => section.id === id)?.title ?? '';
  return (
    <ol className="problem-list" aria-label="Problems">
      {checked.problems.map((problem, at) => (
        <li key={at}>
          <button
            type="button"
            onClick={() => {
              onGoTo(problem);
            }}
          >
            <span className="quiet">{titleOf(problem.sectionId) || 'Without a title'}</span>
            <span>{problem.text}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
