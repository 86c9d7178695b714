import { IconLock } from '@tabler/icons-react';
import type { FirmPolicy } from '../../shared/ai.ts';
import { costText, leavesWords, providerWords } from './words.ts';

/** What the firm decided, for who cannot change it: to be read, with a lock and why. */
export function DecidedByFirm({ policy, goesTo, why }: { policy: FirmPolicy; goesTo: string | null; why: string }) {
  const { provider, model, leaves, monthLimitMicrodollars, matterLimitMicrodollars } = policy;
  const limit = (microdollars: number | null) => (microdollars === null ? 'None' : costText(microdollars));
  const rows: [string, string][] = [
    ['Model provider', providerWords[provider]],
    ...(provider === 'offline'
      ? []
      : ([
          ['Model', model ?? 'None'],
          ['Address', goesTo ?? 'None: nothing leaves'],
          ['What may leave', leavesWords[leaves]],
          ['Limit a month, firm', limit(monthLimitMicrodollars)],
          ['Limit for a matter', limit(matterLimitMicrodollars)],
        ] satisfies [string, string][])),
  ];
  return (
    <>
      <p className="quiet row" role="note">
        <IconLock size={15} aria-hidden /> {why}
      </p>
      <dl className="settings-decided">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {value} <IconLock size={13} aria-label="Decided by your firm" />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
