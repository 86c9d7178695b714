import type { ReactNode } from 'react';
import type { LossesView, StatedLoss } from '../../shared/losses.ts';
import { formatCents } from '../../shared/money.ts';
import { Empty } from '../ui/states.tsx';
import { MoneyText } from '../ui/values.tsx';
import { SourceLink } from './source.tsx';

const range = (low: number, high: number): string => (low === high ? formatCents(low) : `${formatCents(low)} to ${formatCents(high)}`);

/** Wage loss and future care with their working: each factor opens its page, nothing that a page adds up is copied. */
export function Losses({ losses, switcher }: { losses: LossesView; switcher: ReactNode }) {
  const { wages, statedWages, future, futureLowCents, futureHighCents, statedFuture } = losses;
  const uncounted = future.filter(({ per, isDisputed }) => per !== null || isDisputed);
  return (
    <div className="review">
      <header className="bar">{switcher}</header>
      {wages.length + statedWages.length + future.length + statedFuture.length === 0 ? (
        <Empty title="No wage loss or future care found">
          <p>Rates, hours and days of work, and estimates of care to come, are found as documents are read.</p>
        </Empty>
      ) : (
        <section className="losses scroll fill" aria-label="Wages and care" tabIndex={0}>
          {wages.length + statedWages.length > 0 && (
            <>
              <h2>Wage loss</h2>
              <table className="grid">
                <Head of="Working" />
                <tbody>
                  {wages.map(({ documentName, working, cents, needs, sources }) => (
                    <tr key={`${documentName} ${working}`}>
                      <td>
                        {working}
                        {needs !== null && <div className="fact-problem">No page says {needs}: the amount cannot be worked out.</div>}
                      </td>
                      <td className="number">
                        <MoneyText cents={cents} />
                      </td>
                      <td>
                        <span className="row wrap">
                          {sources.map((source) => (
                            <SourceLink key={`${source.documentId} ${String(source.page)} ${String(source.start)}`} source={source} />
                          ))}
                        </span>
                      </td>
                    </tr>
                  ))}
                  {statedWages.map((stated) => (
                    <Stated key={`${stated.source.documentId} ${String(stated.source.start)}`} stated={stated} ours="the working above" />
                  ))}
                </tbody>
              </table>
            </>
          )}
          {future.length + statedFuture.length > 0 && (
            <>
              <h2>Future care</h2>
              <table className="grid">
                <Head of="Item" />
                <tbody>
                  {future.map(({ item, lowCents, highCents, per, isDisputed, source }) => (
                    <tr key={`${source.documentId} ${String(source.start)}`}>
                      <td>
                        {item}
                        {isDisputed && (
                          <div className="fact-problem">The documents give it several prices: reject those that do not hold.</div>
                        )}
                        {per !== null && (
                          <div className="quiet">A price per {per}; how many there will be no page says, so it is in no sum.</div>
                        )}
                      </td>
                      <td className="number">
                        {range(lowCents, highCents)}
                        {per !== null && ` per ${per}`}
                      </td>
                      <td>
                        <SourceLink source={source} />
                      </td>
                    </tr>
                  ))}
                  {statedFuture.map((stated) => (
                    <Stated key={`${stated.source.documentId} ${String(stated.source.start)}`} stated={stated} ours="the items" />
                  ))}
                </tbody>
                <tfoot>
                  <tr>
                    <td>
                      The items together
                      {uncounted.length > 0 && <span className="quiet">, without those that have a price for each or several prices</span>}
                    </td>
                    <td className="number">{range(futureLowCents, futureHighCents)}</td>
                    <td />
                  </tr>
                </tfoot>
              </table>
            </>
          )}
        </section>
      )}
    </div>
  );
}

function Head({ of }: { of: string }) {
  return (
    <thead>
      <tr>
        <th>{of}</th>
        <th className="number">Amount</th>
        <th>Found on</th>
      </tr>
    </thead>
  );
}

function Stated({ stated: { label, lowCents, highCents, agrees, source }, ours }: { stated: StatedLoss; ours: string }) {
  return (
    <tr>
      <td>
        <span className={agrees === null ? 'tag' : agrees ? 'tag tag-done' : 'tag tag-ask'}>
          {label}, as the document says{agrees === null ? '' : agrees ? `: agrees with ${ours}` : `: not what ${ours} come to`}
        </span>
      </td>
      <td className="number quiet">{range(lowCents, highCents)}</td>
      <td>
        <SourceLink source={source} />
      </td>
    </tr>
  );
}
