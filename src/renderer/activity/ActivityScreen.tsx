import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { ActivityDays, type ActivityView, type CostOf } from '../../shared/activity.ts';
import { useCall } from '../client.ts';
import { costText } from '../settings/words.ts';
import { Empty, Loaded } from '../ui/states.tsx';
import { count } from '../ui/values.tsx';
import { DayChart } from './DayChart.tsx';
import './activity.css';

const periods: { value: string; label: string }[] = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
];

/** How right what was read was, what was done each day, and what the assistant cost, by matter and by person. */
export function ActivityScreen() {
  const [days, setDays] = useState<ActivityDays>(30);
  const activity = useCall('activity.view', { days });
  return (
    <>
      <header className="bar">
        <h1>Activity</h1>
        <SegmentedControl
          className="push"
          size="xs"
          aria-label="Period"
          value={String(days)}
          onChange={(value) => {
            setDays(ActivityDays.parse(Number(value)));
          }}
          data={periods}
        />
      </header>
      <div className="scroll fill" tabIndex={0} role="region" aria-label="Activity figures">
        <Loaded answer={activity} text="Counting what was done">
          {(view) => <Figures view={view} />}
        </Loaded>
      </div>
    </>
  );
}

function Figures({ view: { accuracy, days, costByMatter, costByUser } }: { view: ActivityView }) {
  const isQuiet = days.every((day) => day.documentsRead + day.decided + day.calls === 0);
  if (isQuiet && accuracy.length === 0)
    return (
      <Empty title="Nothing was done in this time">
        <p>Documents that are read, facts that are decided and calls of the assistant are counted here, from the matters on this laptop.</p>
      </Empty>
    );
  return (
    <div className="activity">
      <p className="quiet">Counted from the matters on this laptop.</p>
      <section aria-labelledby="activity-days">
        <h2 id="activity-days">Day by day</h2>
        <div className="activity-charts">
          <DayChart days={days} label="Documents read" valueOf={(day) => day.documentsRead} textOf={(n) => count(n, 'document')} />
          <DayChart
            days={days}
            label="Facts and bill lines decided"
            valueOf={(day) => day.decided}
            textOf={(n, day) => `${count(n, 'decision')}, ${count(day.corrected, 'correction')}`}
          />
          <DayChart
            days={days}
            label="Cost of the assistant"
            valueOf={(day) => day.costMicrodollars}
            textOf={(n, day) => `${costText(n)}, ${count(day.calls, 'call')}`}
            totalOf={costText}
          />
        </div>
      </section>
      <Accuracy rows={accuracy} />
      <section aria-labelledby="activity-cost">
        <h2 id="activity-cost">Cost of the assistant</h2>
        {costByMatter.length === 0 ? (
          <p className="quiet">The assistant was not asked in this time.</p>
        ) : (
          <div className="activity-costs">
            <Costs caption="By matter" rows={costByMatter} />
            <Costs caption="By person" rows={costByUser} />
          </div>
        )}
      </section>
    </div>
  );
}

function Accuracy({ rows }: { rows: ActivityView['accuracy'] }) {
  return (
    <section aria-labelledby="activity-accuracy">
      <h2 id="activity-accuracy">How right what was read is</h2>
      {rows.length === 0 ? (
        <p className="quiet">Nobody decided about a fact or a bill line in this time.</p>
      ) : (
        <table className="grid">
          <thead>
            <tr>
              <th>Field</th>
              <th>Right as read</th>
              <th className="number">Approved</th>
              <th className="number">Corrected</th>
              <th className="number">Rejected</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ field, label, approved, corrected, rejected, accuracyPercent }) => (
              <tr key={field}>
                <td>{label}</td>
                <td>
                  <span className="share">
                    <i style={{ width: `${String(accuracyPercent)}%` }} />
                  </span>
                  <span className="share-text">{accuracyPercent.toFixed(accuracyPercent % 1 === 0 ? 0 : 1)}%</span>
                </td>
                <td className="number">{approved}</td>
                <td className="number">{corrected}</td>
                <td className="number">{rejected}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Costs({ caption, rows }: { caption: string; rows: (Omit<CostOf, 'id'> & { id: string | null })[] }) {
  return (
    <table className="grid">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th>{caption === 'By matter' ? 'Matter' : 'Person'}</th>
          <th className="number">Calls</th>
          <th className="number">Cost</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, name, calls, costMicrodollars, unknownCost }) => (
          <tr key={id ?? 'none'}>
            <td>{name}</td>
            <td className="number">{calls}</td>
            <td className="number">
              {unknownCost === calls ? 'not known' : costText(costMicrodollars)}
              {unknownCost > 0 && unknownCost < calls && <span className="quiet"> and {count(unknownCost, 'call')} of unknown cost</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
