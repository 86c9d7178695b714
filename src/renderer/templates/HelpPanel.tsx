const examples: [words: string, what: string][] = [
  ['{{client_name}}', 'A value from facts, bills or your firm; it changes with them.'],
  ['{{cite:date_of_loss}}', 'Where that value is proved: “(Ex. A at 2)”.'],
  ['{{#if claim_number}} … {{else}} … {{/if}}', 'Only where the value is known; otherwise what stands after else.'],
  ['{{#if wage_loss is empty}} … {{/if}}', 'Only where it is not known.'],
  ['{{#if total_billed > $10,000.00}} … {{/if}}', 'Compares an amount: >, <, >=, <=, =. An amount nobody knows is neither.'],
  [
    '{{#each providers}} … {{/each}}',
    'Once for each: providers, bill_lines, visits, diagnoses and more. What each has is in the Repeat menu.',
  ],
  ['{{#if providers > 1}} … {{/if}}', 'How many a list has.'],
  ['- one', 'A list; “1. ” counts, “> ” sets off a quote.'],
  ['**bold** and *italic*', 'An empty line ends a paragraph.'],
  ['{{specials_table}}, {{exhibit_list}}', 'The damages table and the list of exhibits, computed.'],
];

/** How a template is written, on one page. */
export function HelpPanel() {
  return (
    <dl className="template-help">
      {examples.map(([words, what]) => (
        <div key={words}>
          <dt>
            <code>{words}</code>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
      <div>
        <dt>Keys</dt>
        <dd>Alt with ↑ or ↓ moves the section you are in.</dd>
      </div>
    </dl>
  );
}
