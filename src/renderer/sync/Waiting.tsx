import { IconChecks } from '@tabler/icons-react';
import type { SyncStatus } from '../../shared/sync.ts';
import { useCall } from '../client.ts';
import { showMatter } from '../route.ts';
import { Empty, Loaded } from '../ui/states.tsx';
import { count, MomentText } from '../ui/values.tsx';

/** While the firm cannot be reached, that is all there is to say. */
const onward: Partial<Record<SyncStatus['phase'], string>> = {
  syncing: ' and on its way to the firm.',
  synced: ' and on its way to the firm.',
  stopped: '; it goes to the firm once syncing goes on.',
};

/** What the firm does not have yet, by matter, and since when. */
export function Waiting({ status }: { status: SyncStatus }) {
  const waiting = useCall('sync.waiting', {}, { freshOnMount: true });
  return (
    <Loaded answer={waiting} text="Counting what waits">
      {({ total, files, groups }) => {
        if (total === 0 && files === 0)
          return (
            <Empty icon={<IconChecks size={36} stroke={1.2} />} title="Nothing waits">
              <p>The firm has everything that was done on this computer.</p>
            </Empty>
          );
        return (
          <div className="scroll sync-scroll">
            <p className="quiet">
              All of it is saved on this computer{onward[status.phase] ?? '.'} The oldest goes first.
              {status.inFlight > 0 && ` ${count(status.inFlight, 'change')} being sent now.`}
              {files > 0 && ` ${count(files, 'file')} not sent yet.`}
            </p>
            <table className="grid">
              <thead>
                <tr>
                  <th>Matter</th>
                  <th>What</th>
                  <th>Since</th>
                </tr>
              </thead>
              <tbody>
                {groups.flatMap(({ matterId, matter, items, held }) =>
                  items.map(({ what, since }, at) => (
                    <tr key={`${matterId ?? ''} ${what}`}>
                      <td>
                        {at > 0 ? null : matterId === null ? (
                          matter
                        ) : (
                          <button
                            type="button"
                            className="link"
                            onClick={() => {
                              showMatter(matterId);
                            }}
                          >
                            {matter}
                          </button>
                        )}
                      </td>
                      <td>
                        {what}
                        {at === 0 && held > 0 && (
                          <span className="tag tag-ask"> {count(held, 'change')} behind one that the firm refused</span>
                        )}
                      </td>
                      <td>
                        <MomentText at={since} />
                      </td>
                    </tr>
                  )),
                )}
              </tbody>
            </table>
          </div>
        );
      }}
    </Loaded>
  );
}
