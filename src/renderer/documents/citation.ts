/** Pages from and to, the same where a quote does not cross an edge. */
export interface Cited {
  quote: string;
  fileName: string;
  from: number;
  to: number;
}

/**
 * What a page says as one line of prose: lines and cells joined, a word that the line's end broke made whole again. Quotation marks inside
 * become single ones, as they stand within a quotation.
 */
export function tidyQuote(text: string): string {
  return text
    .replace(/\u00ad/g, '')
    .replace(/(\p{L})[-\u2010]\s*\n\s*(?=\p{Ll})/gu, '$1')
    .replace(/\s+/g, ' ')
    .replace(/“/g, '‘')
    .replace(/”/g, '’')
    .replace(/"([^"]*)"/g, '‘$1’')
    .replace(/"/g, '’')
    .trim();
}

/** “quote” (File name, p. 3) */
export function citationText({ quote, fileName, from, to }: Cited): string {
  const pages = from === to ? `p. ${String(from)}` : `pp. ${String(from)}–${String(to)}`;
  return `“${tidyQuote(quote)}” (${fileName}, ${pages})`;
}
