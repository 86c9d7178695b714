import { Button, Menu } from '@mantine/core';
import { IconArrowLeft, IconChevronDown } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { MatterId, TemplateId } from '../../shared/ids.ts';
import { askedOf, TemplateContent } from '../../shared/template-content.ts';
import type { TemplateProblem, TemplateView, Vocabulary } from '../../shared/templates.ts';
import { useCall, useCommand } from '../client.ts';
import { showTemplates } from '../route.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Loaded } from '../ui/states.tsx';
import { tell } from '../ui/undo.tsx';
import { count } from '../ui/values.tsx';
import { Comparison } from './Comparison.tsx';
import { Details } from './Details.tsx';
import { Look } from './Look.tsx';
import { PublishForm } from './PublishForm.tsx';
import { Sections } from './Sections.tsx';
import { SidePanel, type SideView } from './SidePanel.tsx';
import { useDraft } from './use-draft.ts';
import { VocabularyContext } from './vocabulary.ts';
import { versionTitle } from './words.ts';
import type { ComparedVersions } from './VersionsPanel.tsx';

/** One template: its sections, and beside them what it would be, what is wrong with it, what it asks, what it said before. */
export function TemplateScreen({ templateId }: { templateId: TemplateId }) {
  const template = useCall('templates.open', { templateId }, { freshOnMount: true });
  const [beginning, setBeginning] = useState(0);
  const [isFresh, setFresh] = useState(true);
  // what one looks at beside the text outlives the beginning anew
  const [side, setSide] = useState<SideView>('preview');
  const [matterId, setMatterId] = useState<MatterId | null>(null);
  const { data, refetch } = template;
  // published, given up or restored: the editor begins anew with what core has then
  const beginAnew = async () => {
    setFresh(false);
    await refetch();
    setBeginning((times) => times + 1);
    setFresh(true);
  };
  return (
    <Loaded answer={{ ...template, data: isFresh ? data : undefined }} text="Opening the template">
      {(view) => <Editor key={beginning} view={view} onBeginAnew={() => void beginAnew()} {...{ side, setSide, matterId, setMatterId }} />}
    </Loaded>
  );
}

interface EditorProps {
  view: TemplateView;
  onBeginAnew: () => void;
  side: SideView;
  setSide: (side: SideView) => void;
  matterId: MatterId | null;
  setMatterId: (matterId: MatterId | null) => void;
}

function Editor({ view, onBeginAnew, side, setSide, matterId, setMatterId }: EditorProps) {
  const { row, readOnlyReason } = view;
  const { templateId } = row;
  const mayEdit = readOnlyReason === null;
  const [first] = useState(() => TemplateContent.parse(view.content));
  const [basedOn] = useState(view.basedOn);
  const draft = useDraft(templateId, first, basedOn, view.isDraft);
  const checked = useChecked(draft.content, matterId);
  const [compared, setCompared] = useState<ComparedVersions | null>(null);
  const [isPublishing, setPublishing] = useState(false);
  const giveUp = useCommand('templates.saveDraft');
  const vocabulary = useCall('templates.vocabulary', {});
  const known: Vocabulary = {
    variables: [...askedOf(draft.content), ...(vocabulary.data?.variables ?? [])],
    lists: vocabulary.data?.lists ?? [],
  };
  const sections = useRef<HTMLDivElement>(null);
  const goTo = ({ sectionId, part, at, length }: TemplateProblem) => {
    setCompared(null);
    requestAnimationFrame(() => {
      const field = sections.current?.querySelector<HTMLTextAreaElement | HTMLInputElement>(
        `[data-section="${CSS.escape(sectionId)}"] [data-part="${part}"]`,
      );
      field?.focus();
      field?.setSelectionRange(at, at + length);
      field?.scrollIntoView({ block: 'center' });
    });
  };
  const discard = async () => {
    draft.forget();
    const before = draft.content;
    const done = await giveUp.run({ templateId, content: null, basedOn: null });
    if (!done.ok) return;
    tell('Your draft is gone; the template says what is published.', () => {
      void giveUp.run({ templateId, content: before, basedOn }).then(onBeginAnew);
    });
    onBeginAnew();
  };
  const isChanged = draft.state !== 'untouched';
  return (
    <>
      <header className="bar template-bar">
        <Button
          variant="subtle"
          leftSection={<IconArrowLeft size={14} />}
          onClick={() => {
            showTemplates();
          }}
        >
          Templates
        </Button>
        <h1 className="cut">{row.name}</h1>
        <span className="quiet nowrap">
          {row.state === 'new' ? 'Not published yet' : row.number === null ? 'Published' : versionTitle(row.number)}
        </span>
        {mayEdit && (
          <span className="row push">
            <span className="quiet nowrap" role="status">
              {{ untouched: '', unsaved: 'Saving…', saved: 'Draft saved' }[draft.state]}
            </span>
            {isChanged && row.state !== 'new' && (
              <Menu position="bottom-end">
                <Menu.Target>
                  <Button variant="default" rightSection={<IconChevronDown size={13} />}>
                    Draft
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item
                    onClick={() => {
                      void discard();
                    }}
                  >
                    Give up the draft
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
            <Button
              disabled={!isChanged}
              aria-expanded={isPublishing}
              onClick={() => {
                setPublishing(!isPublishing);
              }}
            >
              Publish…
            </Button>
          </span>
        )}
      </header>
      {readOnlyReason !== null && <p className="library-note quiet">{readOnlyReason}</p>}
      {draft.error && <ErrorNotice error={draft.error} />}
      {view.since && isChanged && (
        <p className="library-note" role="status">
          {versionTitle(view.since.number)} was published{view.since.byName === null ? '' : ` by ${view.since.byName}`} since you began.
          What it changed is not in your draft:{' '}
          <button
            type="button"
            className="link"
            onClick={() => {
              if (view.since) setCompared({ from: view.since.versionId, to: null });
            }}
          >
            compare the two
          </button>
        </p>
      )}
      {isPublishing && (
        <PublishForm
          templateId={templateId}
          draft={draft}
          basedOn={basedOn}
          problems={checked.data?.problems.length ?? 0}
          onClose={() => {
            setPublishing(false);
          }}
          onPublished={onBeginAnew}
        />
      )}
      <VocabularyContext value={known}>
        <div className="template-editor">
          <div className="template-middle scroll" tabIndex={0} role="region" aria-label="Sections" ref={sections}>
            {compared ? (
              <Comparison
                templateId={templateId}
                compared={compared}
                onClose={() => {
                  setCompared(null);
                }}
              />
            ) : (
              <>
                <Details row={row} mayEdit={mayEdit} />
                <Look draft={draft} mayEdit={mayEdit} />
                <Sections draft={draft} mayEdit={mayEdit} problems={checked.data?.problems ?? []} />
              </>
            )}
          </div>
          <SidePanel
            view={side}
            onView={setSide}
            template={view}
            draft={draft}
            mayEdit={mayEdit}
            checked={checked.data ?? null}
            matterId={matterId}
            onMatter={setMatterId}
            onGoTo={goTo}
            compared={compared}
            onCompare={async (wanted) => {
              if (await draft.flush()) setCompared(wanted);
            }}
            onRestored={onBeginAnew}
          />
        </div>
      </VocabularyContext>
      <p className="sr-only" role="status">
        {checked.data === undefined ? '' : count(checked.data.problems.length, 'problem')}
      </p>
    </>
  );
}

const checkAfterMs = 300;

/** What core says of the words, a moment after the last of them. */
function useChecked(content: TemplateContent, matterId: MatterId | null) {
  const [settled, setSettled] = useState(content);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(content);
    }, checkAfterMs);
    return () => {
      clearTimeout(timer);
    };
  }, [content]);
  return useCall('templates.check', { content: settled, matterId }, { keepPrevious: true });
}
