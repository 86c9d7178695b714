/** What a scan over markup meets; nothing is nested, so nothing can be nested too deep. */
export interface MarkupReader {
  open(name: string, attributes: string, isEmpty: boolean): void;
  close(name: string): void;
  text(text: string): void;
}

/** As browsers end a comment. */
const commentEnd = /--!?>/g;

/** Goes over XML or HTML once from front to back. Comments, declarations and DTDs are passed over, so that no entity can be declared. */
export function scanMarkup(markup: string, reader: MarkupReader): void {
  let at = 0;
  while (at < markup.length) {
    const open = markup.indexOf('<', at);
    if (open < 0) break;
    if (open > at) reader.text(markup.slice(at, open));
    if (markup.startsWith('<!--', open)) {
      // an empty comment may lack its beginning or end, and browsers close it at once
      const isEmpty = /^-?>/.test(markup.slice(open + 4, open + 6));
      commentEnd.lastIndex = open + 4;
      if (isEmpty) at = markup.indexOf('>', open) + 1;
      else at = commentEnd.test(markup) ? commentEnd.lastIndex : markup.length;
      continue;
    }
    if (!/[A-Za-z_:/!?\u0080-\uffff]/.test(markup[open + 1] ?? '')) {
      reader.text('&lt;'); // "less than 100"
      at = open + 1;
      continue;
    }
    if (markup.startsWith('<![CDATA[', open)) {
      const end = markup.indexOf(']]>', open + 9);
      reader.text(markup.slice(open + 9, end < 0 ? markup.length : end).replaceAll('&', '&amp;'));
      at = end < 0 ? markup.length : end + 3;
      continue;
    }
    const close = markup.indexOf('>', open);
    if (close < 0) return;
    const tag = markup.slice(open + 1, close);
    at = close + 1;
    const name = /^\/?([A-Za-z][^\s/>]{0,60})/.exec(tag);
    if (!name?.[1]) continue;
    if (tag.startsWith('/')) reader.close(name[1]);
    else reader.open(name[1], tag.slice(name[0].length), tag.endsWith('/'));
  }
  if (at < markup.length) reader.text(markup.slice(at));
}

/** The value of one attribute. */
export function attributeOf(attributes: string, name: string): string | null {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*("[^"]*"|'[^']*')`).exec(attributes)?.[1];
  return found === undefined ? null : decodeEntities(found.slice(1, -1));
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

export function decodeEntities(text: string): string {
  return text.replace(/&(#x?[0-9a-f]{1,8}|[a-z]{1,8});/gi, (all, name: string) => {
    if (!name.startsWith('#')) return entities[name.toLowerCase()] ?? all;
    const code = name[1]?.toLowerCase() === 'x' ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : all;
  });
}

const silent = new Set(['script', 'style', 'head', 'title', 'template']);
const breaking = /^(p|div|br|tr|li|h[1-6]|table|ul|ol|blockquote|pre|hr|section|article)$/;

/** The words of an HTML mail, a line per paragraph, a line per table row with tabs between its cells. */
export function htmlToLines(html: string): string {
  let out = '';
  let silentIn: string | null = null;
  scanMarkup(html, {
    open(name, _attributes, isEmpty) {
      const tag = name.toLowerCase();
      // a head needs no end: what is shown ends it
      if (silentIn === 'head' && (tag === 'body' || breaking.test(tag))) silentIn = null;
      if (silent.has(tag) && silentIn === null && !isEmpty) silentIn = tag;
      else if (/^t[dh]$/.test(tag) && !/(^|\n)$/.test(out.slice(-1))) out += '\t';
      else if (breaking.test(tag)) out += '\n';
    },
    close(name) {
      const tag = name.toLowerCase();
      if (tag === silentIn) silentIn = null;
      else if (/^(p|h[1-6]|tr|li|div)$/.test(tag)) out += '\n';
    },
    text(text) {
      if (silentIn === null) out += decodeEntities(text).replace(/[\s\u00a0]+/g, ' ');
    },
  });
  return tidyLines(out);
}

/** No spaces at the ends of lines, no more than one empty line. */
export function tidyLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '');
}
