import { IconFileText } from '@tabler/icons-react';
import { memo, useEffect, useState, useSyncExternalStore } from 'react';
import type { LetterId, MatterId, TemplateId } from '../../shared/ids.ts';
import type { LetterOnDesk, LetterView } from '../../shared/letters.ts';
import { mayWrite, type Role } from '../../shared/session.ts';
import { useBridge, useCall, useCoreEvent } from '../client.ts';
import { Empty, Loaded } from '../ui/states.tsx';
import { DraftForm } from './DraftForm.tsx';
import { closeLetterDoc, openLetterDoc } from './letter-doc.ts';
import { LetterScreen } from './LetterScreen.tsx';
import './fonts.ts';
import './letters.css';

interface LetterTabProps {
  matterId: MatterId;
  letterId: LetterId | null;
  role: Role;
  /** What the firm has of this matter is not all here: a second letter would be begun beside one that is about to come. */
  isOnItsWay: boolean;
}

/** Drawn again for what it is given only: the matter around it changes with each key typed. */
export const LetterTab = memo(function LetterTab({ matterId, letterId, role, isOnItsWay }: LetterTabProps) {
  if (letterId === null && isOnItsWay) return <Empty icon={<IconFileText size={36} stroke={1.2} />} title="No letter here yet" />;
  if (letterId === null) return <NoLetter matterId={matterId} mayDraft={mayWrite(role)} />;
  return <CurrentLetter key={letterId} letterId={letterId} />;
});

/** The letter, begun anew where edits of this computer were taken back: its document still held them, and would build on them. */
function CurrentLetter({ letterId }: { letterId: LetterId }) {
  const [beginning, setBeginning] = useState(0);
  useCoreEvent('letters.takenBack', (event) => {
    if (event.letterId !== letterId) return;
    void closeLetterDoc(letterId).then(() => {
      setBeginning((times) => times + 1);
    });
  });
  return <OpenLetter key={beginning} letterId={letterId} />;
}

function OpenLetter({ letterId }: { letterId: LetterId }) {
  const bridge = useBridge();
  // Before the body is asked for: an edit that arrives between the two is then already listened for.
  const [letterDoc] = useState(() => openLetterDoc(bridge, letterId));
  useEffect(() => letterDoc.hold(), [letterDoc]);
  const hasBody = useSyncExternalStore(letterDoc.onFirstBody, letterDoc.hasBody);
  const letter = useCall('letters.open', { letterId }, { freshOnMount: true, select: onDesk });
  const { data: body } = useCall('letters.open', { letterId }, { select: bodyOf });
  useEffect(() => {
    if (body !== undefined) letterDoc.absorb(body);
  }, [body, letterDoc]);
  return (
    <Loaded answer={letter} text="Opening the letter">
      {(view) => (hasBody ? <LetterScreen letter={view} letterDoc={letterDoc} /> : null)}
    </Loaded>
  );
}

const bodyOf = ({ body }: LetterView): string => body;

/** Without what changes at every key: the desk is not drawn again for words that the editor shows already. */
function onDesk({ body: _words, authors: _typists, ...around }: LetterView): LetterOnDesk {
  return around;
}

function NoLetter({ matterId, mayDraft }: { matterId: MatterId; mayDraft: boolean }) {
  const templates = useCall('templates.choices', {});
  const [chosen, setChosen] = useState<TemplateId | null>(null);
  return (
    <div className="scroll">
      <Empty icon={<IconFileText size={36} stroke={1.2} />} title="No letter yet">
        {mayDraft ? (
          <>
            <p>
              A template fills itself from the facts and the bill ledger. What is not approved yet is marked, and can be approved later.
            </p>
            <Loaded answer={templates} text="Reading the templates">
              {(list) => {
                if (list.length === 0)
                  return <p>The firm’s templates have not arrived on this computer yet. Sync, and they appear here.</p>;
                const selected = chosen ?? list.find((template) => template.isDefault)?.templateId ?? list[0]?.templateId;
                return (
                  <div className="templates">
                    {list.length > 1 && (
                      <div role="radiogroup" aria-label="Template" className="template-list">
                        {list.map((template) => (
                          <label key={template.templateId} className="template">
                            <input
                              type="radio"
                              name="template"
                              checked={template.templateId === selected}
                              onChange={() => {
                                setChosen(template.templateId);
                              }}
                            />
                            <span>{template.name}</span>
                            {template.category !== null && <span className="quiet push">{template.category}</span>}
                          </label>
                        ))}
                      </div>
                    )}
                    {selected && <DraftForm key={selected} matterId={matterId} templateId={selected} />}
                  </div>
                );
              }}
            </Loaded>
          </>
        ) : (
          <p>An attorney or paralegal drafts it; it appears here after the next sync.</p>
        )}
      </Empty>
    </div>
  );
}
