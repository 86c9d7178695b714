import { useState } from 'react';
import type { MatterId } from '../../shared/ids.ts';
import { useCall, useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { bytesText } from './words.ts';
import './files.css';

/** Whether a matter's files stay on this laptop, and how many are here. */
export function PinControl({ matterId }: { matterId: MatterId }) {
  const files = useCall('files.matter', { matterId });
  const pin = useCommand('files.pin');
  /** What was just chosen, until core says so too. */
  const [chosen, setChosen] = useState<boolean | null>(null);
  if (!files.data || files.data.totalCount === 0) return null;
  const { isPinned, hereCount, totalCount, awayBytes } = files.data;
  const here =
    awayBytes === 0 ? 'All are here.' : `${String(hereCount)} of ${String(totalCount)} are here, ${bytesText(awayBytes)} at the firm.`;
  return (
    <div className="pin">
      <label className="row">
        <input
          type="checkbox"
          checked={chosen ?? isPinned}
          aria-describedby="pin-here"
          onChange={(event) => {
            setChosen(event.currentTarget.checked);
            void pin
              .run({ matterId, isPinned: event.currentTarget.checked })
              .then(() => files.refetch())
              .then(() => {
                setChosen(null);
              });
          }}
        />
        Keep this matter’s files on this laptop
      </label>
      <p id="pin-here" className="quiet">
        {isPinned && awayBytes > 0 ? `${here} The rest comes as soon as the firm can be reached.` : here}
      </p>
      {pin.error && <ErrorNotice error={pin.error} />}
    </div>
  );
}
