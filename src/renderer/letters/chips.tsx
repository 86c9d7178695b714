import { NodeViewWrapper, type ReactNodeViewProps } from '@tiptap/react';
import { chipText, citationText } from '../../shared/citations.ts';
import { formatService } from '../../shared/days.ts';
import { MoneyText } from '../ui/values.tsx';
import { useLetterValues, variableStateWords } from './values.ts';

function attributeOf(node: ReactNodeViewProps['node'], name: string): string {
  const value: unknown = node.attrs[name];
  return typeof value === 'string' ? value : '';
}

/** A value in the running text. Its words come from facts; only its name is in the letter. */
export function VariableChip({ node, selected }: ReactNodeViewProps) {
  const name = attributeOf(node, 'name');
  const values = useLetterValues();
  const variable = values.variables[name];
  const state = variable?.state ?? 'missing';
  const label = variable?.label ?? name;
  return (
    <NodeViewWrapper
      as="span"
      className={`chip chip-${state}`}
      data-selected={selected || undefined}
      data-chip={name}
      title={`${label}: ${variableStateWords[state]}`}
    >
      {chipText(values, { type: 'variable', name })}
    </NodeViewWrapper>
  );
}

/** Where the sentence before it is proved. */
export function CitationChip({ node, selected }: ReactNodeViewProps) {
  const of = attributeOf(node, 'of');
  const values = useLetterValues();
  const quote = values.variables[of]?.sources[0]?.quote;
  return (
    <NodeViewWrapper
      as="span"
      className={`chip citation${citationText(values, of) === '' ? ' chip-missing' : ''}`}
      data-selected={selected || undefined}
      data-chip={of}
      title={quote === undefined ? 'Nothing supports this yet' : `“${quote}”`}
    >
      {chipText(values, { type: 'citation', name: of })}
    </NodeViewWrapper>
  );
}

export function SpecialsTableView({ selected }: ReactNodeViewProps) {
  const { providers, totals } = useLetterValues().specials;
  return (
    <NodeViewWrapper className="letter-block" data-selected={selected || undefined} data-block="specialsTable">
      <table className="specials">
        <caption className="sr-only">Medical specials</caption>
        <thead>
          <tr>
            <th>Provider</th>
            <th>Dates of service</th>
            <th>Billed</th>
            <th>Adjusted</th>
            <th>Paid</th>
            <th>Owed</th>
          </tr>
        </thead>
        <tbody>
          {providers.map((provider) => (
            <tr key={provider.provider}>
              <td>{provider.provider}</td>
              <td>{formatService(provider.serviceFrom, provider.serviceTo)}</td>
              <td>
                <MoneyText cents={provider.billedCents} />
              </td>
              <td>
                <MoneyText cents={provider.adjustedCents} />
              </td>
              <td>
                <MoneyText cents={provider.paidCents} />
              </td>
              <td>
                <MoneyText cents={provider.owedCents} />
              </td>
            </tr>
          ))}
          {providers.length === 0 && (
            <tr>
              <td colSpan={6}>No bill lines yet.</td>
            </tr>
          )}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={2}>Total</td>
            <td>
              <MoneyText cents={totals.billedCents} />
            </td>
            <td>
              <MoneyText cents={totals.adjustedCents} />
            </td>
            <td>
              <MoneyText cents={totals.paidCents} />
            </td>
            <td>
              <MoneyText cents={totals.owedCents} />
            </td>
          </tr>
        </tfoot>
      </table>
    </NodeViewWrapper>
  );
}

export function ExhibitListView({ selected }: ReactNodeViewProps) {
  const { exhibits } = useLetterValues();
  return (
    <NodeViewWrapper className="letter-block" data-selected={selected || undefined} data-block="exhibitList">
      {exhibits.length === 0 ? (
        <p className="quiet">Exhibits appear here once the letter cites a document.</p>
      ) : (
        <ul className="exhibits">
          {exhibits.map((exhibit) => (
            <li key={exhibit.documentId}>
              <strong>Exhibit {exhibit.mark}</strong> {exhibit.name}
            </li>
          ))}
        </ul>
      )}
    </NodeViewWrapper>
  );
}
