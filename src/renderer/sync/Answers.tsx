import { IconMessages } from '@tabler/icons-react';
import type { VerdictView } from '../../shared/sync.ts';
import { useCall } from '../client.ts';
import { Empty, Loaded } from '../ui/states.tsx';
import { MomentText } from '../ui/values.tsx';
import { foldVerdicts, verdictTone, verdictWords } from './words.ts';

/** What the firm said of the last changes of this computer, newest first. */
export function Answers() {
  const verdicts = useCall('sync.verdicts', {}, { freshOnMount: true });
  return (
    <Loaded answer={verdicts} text="Reading the last answers">
      {(list) =>
        list.length === 0 ? (
          <Empty icon={<IconMessages size={36} stroke={1.2} />} title="No answers yet">
            <p>What the firm says of the changes made on this computer will stand here, the last two hundred of them.</p>
          </Empty>
        ) : (
          <div className="scroll sync-scroll" tabIndex={0} role="region" aria-label="Last answers">
            <table className="grid">
              <thead>
                <tr>
                  <th>When</th>
                  <th>What</th>
                  <th>In</th>
                  <th>Answer</th>
                </tr>
              </thead>
              <tbody>
                {foldVerdicts(list).map(({ verdict, times }) => (
                  <Row key={verdict.verdictId} verdict={verdict} times={times} />
                ))}
              </tbody>
            </table>
          </div>
        )
      }
    </Loaded>
  );
}

function Row({ verdict: { at, what, where, verdict, reason }, times }: { verdict: VerdictView; times: number }) {
  return (
    <tr>
      <td>
        <MomentText at={at} />
      </td>
      <td>
        {what}
        {times > 1 && <span className="quiet"> {times} times</span>}
      </td>
      <td>{where ?? <span className="quiet">—</span>}</td>
      <td>
        <span className={`tag tag-${verdictTone[verdict]}`}>{verdictWords[verdict]}</span>
        {reason !== null && <span className="quiet"> {reason}</span>}
      </td>
    </tr>
  );
}
