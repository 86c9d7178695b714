import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconCheck, IconUnlink, IconX } from '@tabler/icons-react';
import { linkWords, type LinkView } from '../../shared/links.ts';
import { useCommand } from '../client.ts';
import { showPage } from '../route.ts';
import { ErrorNotice } from '../ui/Notice.tsx';

/** One linked document: how it belongs, why, and what a person says of it. */
export function LinkItem({ link, mayDecide }: { link: LinkView; mayDecide: boolean }) {
  const decide = useCommand('links.decide');
  const { linkId, kind, isFrom, confidence, why, method, state, decidedByName, other } = link;
  const run = (decision: 'approved' | 'rejected') => {
    void decide.run({ linkIds: [linkId], decision });
  };
  const by = decidedByName === null ? '' : ` by ${decidedByName}`;
  const said =
    state === 'proposed'
      ? `${String(confidence)}% sure. ${why ?? ''}`
      : state === 'rejected'
        ? `Turned down${by}.`
        : method === 'person'
          ? `Linked by hand${by}.`
          : `Approved${by}. ${why ?? ''}`;
  return (
    <li className="about-link">
      <span className="quiet">{linkWords[kind][isFrom ? 0 : 1]}</span>
      <button
        type="button"
        className="link cut"
        title={other.relativePath}
        onClick={() => {
          showPage(other.documentId, 1);
        }}
      >
        {other.fileName}
      </button>
      <span className="about-link-why">
        {state === 'proposed' ? (
          <span className="tag tag-ask">Proposed</span>
        ) : (
          state === 'approved' && <span className="tag tag-done">Linked</span>
        )}{' '}
        {said}
        {other.missing && ' Its file is no longer in the folder.'}
      </span>
      {mayDecide && (
        <span className="about-link-actions">
          {state === 'proposed' && (
            <Tooltip label="Approve">
              <ActionIcon aria-label={`Approve the link to ${other.fileName}`} loading={decide.busy} onClick={() => run('approved')}>
                <IconCheck size={15} />
              </ActionIcon>
            </Tooltip>
          )}
          {state === 'rejected' ? (
            <Button variant="subtle" loading={decide.busy} aria-label={`Link ${other.fileName} after all`} onClick={() => run('approved')}>
              Link after all
            </Button>
          ) : (
            <Tooltip label={state === 'proposed' ? 'Turn down' : 'Unlink'}>
              <ActionIcon
                aria-label={state === 'proposed' ? `Turn down the link to ${other.fileName}` : `Unlink ${other.fileName}`}
                loading={decide.busy}
                onClick={() => run('rejected')}
              >
                {state === 'proposed' ? <IconX size={15} /> : <IconUnlink size={15} />}
              </ActionIcon>
            </Tooltip>
          )}
        </span>
      )}
      {decide.error && <ErrorNotice error={decide.error} />}
    </li>
  );
}
