import { Button } from '@mantine/core';
import type { LetterOnDesk } from '../../shared/letters.ts';
import { useCommand } from '../client.ts';
import { ErrorNotice, Notice } from '../ui/Notice.tsx';

/** Above the letter: words that went with a paragraph which a colleague deleted while they were being typed. */
export function LostWords({ letter, mayEdit }: { letter: LetterOnDesk; mayEdit: boolean }) {
  const decide = useCommand('letters.decideLostWords');
  if (letter.lostWords.length === 0) return null;
  const { letterId } = letter;
  return (
    <div className="letter-notices">
      {letter.lostWords.map(({ key, text, byName }) => (
        <Notice
          key={key}
          tone="ask"
          title={`While ${byName ?? 'somebody'} wrote in a paragraph, a colleague deleted it. Its new words are not in the letter.`}
          actions={
            mayEdit && (
              <>
                <Button
                  loading={decide.busy}
                  onClick={() => {
                    void decide.run({ letterId, key, decision: 'put_back' });
                  }}
                >
                  Put them back
                </Button>
                <Button
                  variant="default"
                  loading={decide.busy}
                  onClick={() => {
                    void decide.run({ letterId, key, decision: 'leave_out' });
                  }}
                >
                  Leave them out
                </Button>
              </>
            )
          }
        >
          <q>{text.trim().slice(0, 1_000)}</q>
        </Notice>
      ))}
      {decide.error && <ErrorNotice error={decide.error} />}
    </div>
  );
}
