/** Paragraphs of the letter that is measured: with what stands in each about thirty pages. */
const paragraphs = 300;
const citations = 200;

const sentences = [
  'The client was walking through the produce section when her foot slid on a wet spot that nobody had marked.',
  'Two employees stood within sight of the spill for several minutes and did not put out a cone.',
  'She was taken to the emergency department, where imaging showed a strain of the cervical spine.',
  'Physical therapy followed over the next weeks, and she was unable to lift more than ten pounds.',
  'The store manager wrote in his report that the floor had been mopped an hour before.',
  'Her physicians expect that she will need further treatment, and that some of the pain will stay.',
];
/** What the linter finds something in. */
const slips = ['The the store knew of it.', 'This is told on [PAGE].', 'It happened on February 30, 2024.', 'It came to $1,20,0.'];

/** The text of one paragraph, and whether it ends with a citation. */
export function deskParagraph(n: number): { text: string; cites: boolean } {
  const of = (shift: number): string => sentences[(n + shift) % sentences.length] ?? '';
  const slip = n % 12 === 5 ? ` ${slips[Math.floor(n / 12) % slips.length] ?? ''}` : '';
  return {
    text: `Paragraph ${String(n)}. ${of(0)} ${of(1)}${n % 2 === 0 ? ` ${of(2)}` : ''}${slip}`,
    cites: Math.floor((n * citations) / paragraphs) !== Math.floor(((n + 1) * citations) / paragraphs),
  };
}

export const deskParagraphs = Array.from({ length: paragraphs }, (_, n) => deskParagraph(n));

/** The letter as the editor copies it: what a person gets who copies thirty pages from one letter into another. */
export function pastedLetter(names: readonly string[]): string {
  const body = deskParagraphs.map(({ text, cites }, n) => {
    const chip = cites ? ` <span data-of="${names[n % names.length] ?? ''}" data-steno="citation"></span>` : '';
    return `${n % 30 === 0 ? `<h2>Section ${String(n / 30 + 1)}</h2>` : ''}<p>${text}${chip}</p>`;
  });
  return `<div data-pm-slice="0 0 []">${body.join('')}</div>`;
}

/** A record from which rules read two hundred facts. */
export function factsText(): string {
  const visit = (n: number): string =>
    `Date of service: ${String(3 + Math.floor(n / 28)).padStart(2, '0')}/${String(1 + (n % 28)).padStart(2, '0')}/2024\nProvider: Northgate Physical Therapy\nDiagnosis: M54.${String(n % 10)} S13.4XXA\nProcedure: 97110, 97140\nPain ${String(n % 10)}/10.`;
  return `Patient: Adaeze Okafor\n\n${Array.from({ length: 125 }, (_, n) => visit(n)).join('\n\n')}\n`;
}
