import type { TemplateId } from '../../shared/ids.ts';
import { LibraryScreen } from './LibraryScreen.tsx';
import { TemplateScreen } from './TemplateScreen.tsx';
import '@mantine/core/styles/Checkbox.css';
import './templates.css';

/** The firm's library of templates, or one of them. */
export function TemplatesScreen({ templateId }: { templateId: TemplateId | null }) {
  return templateId === null ? <LibraryScreen /> : <TemplateScreen key={templateId} templateId={templateId} />;
}
