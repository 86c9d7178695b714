import { attributeOf, scanMarkup } from './markup.ts';

/** What a Word document says of its looks; null where it says nothing. Points. */
export interface DocxStyle {
  font: string | null;
  size: number | null;
  lines: number | null;
  after: number | null;
  justified: boolean | null;
  margins: { top: number; right: number; bottom: number; left: number } | null;
  /** Of levels 1 to 3; null where it has no heading of that level. */
  headings: (DocxHeading | null)[];
}
export interface DocxHeading {
  size: number | null;
  bold: boolean;
  italic: boolean;
  underline: boolean;
  caps: boolean;
  centred: boolean;
}

/** What one style, paragraph or run says by itself. */
interface Look {
  font?: string;
  size?: number;
  lines?: number;
  after?: number;
  align?: string;
  bold?: boolean;
  italic?: boolean;
  underline?: boolean;
  caps?: boolean;
}
interface Style {
  basedOn: string | null;
  isDefault: boolean;
  look: Look;
}

/** Styles may build on each other; a circle ends somewhere. */
const mostSteps = 20;

/**
 * How a Word document looks where most of its words stand, and its headings: what the words themselves carry goes before what their style says, and that before the document's
 * own. `headings`: which styles are headings, by id. Pure, in one pass over each part.
 */
export function readDocxStyle(parts: { body: string; styles: string; theme: string }, headings: ReadonlyMap<string, number>): DocxStyle {
  const themed = themeFonts(parts.theme);
  const { styles, defaults } = readStyles(parts.styles, themed);
  const fallback = [...styles.entries()].find(([, { isDefault }]) => isDefault)?.[0] ?? null;
  const known = new Map<string, Look>();
  const lookOf = (id: string | null): Look => {
    const key = id ?? '';
    const before = known.get(key);
    if (before) return before;
    const chain: Look[] = [];
    for (let at: string | null = id ?? fallback, steps = 0; at !== null && steps < mostSteps; steps += 1) {
      const style: Style | undefined = styles.get(at);
      if (style) chain.unshift(style.look);
      at = style?.basedOn ?? null;
    }
    const look: Look = Object.assign({}, defaults, ...chain) as Look;
    known.set(key, look);
    return look;
  };
  const { words, margins } = readWords(parts.body, themed, lookOf);
  const text = words.filter(({ style }) => !headings.has(style ?? ''));
  const most = <T>(of: (look: Look) => T | undefined, among = text): T | null => mostOf(among, ({ look }) => of(look));
  const heading = (level: number): DocxHeading | null => {
    const styled = words.filter(({ style }) => headings.get(style ?? '') === level);
    // many letters have none but lines in bold
    const own = level === 1 && styled.length === 0 ? text.filter(({ look }) => look.bold === true) : styled;
    if (own.length === 0) return null;
    return {
      size: most(({ size }) => size, own),
      bold: most(({ bold }) => bold ?? false, own) ?? false,
      italic: most(({ italic }) => italic ?? false, own) ?? false,
      underline: most(({ underline }) => underline ?? false, own) ?? false,
      caps: most(({ caps }) => caps ?? false, own) ?? false,
      centred: most(({ align }) => align === 'center', own) ?? false,
    };
  };
  return {
    font: most(({ font }) => font),
    size: most(({ size }) => size),
    lines: most(({ lines }) => lines),
    after: most(({ after }) => after),
    justified: most(({ align }) => align === 'both' || align === 'distribute'),
    margins,
    headings: [heading(1), heading(2), heading(3)],
  };
}

/** Words of one look, and how many letters they are. */
interface Words {
  style: string | null;
  look: Look;
  length: number;
}

/** What the most letters have. */
function mostOf<T>(words: readonly Words[], of: (words: Words) => T | undefined): T | null {
  const counts = new Map<T, number>();
  for (const some of words) {
    const value = of(some);
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + some.length);
  }
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}

function readStyles(xml: string, themed: ThemeFonts): { styles: Map<string, Style>; defaults: Look } {
  const styles = new Map<string, Style>();
  const defaults: Look = {};
  let [style, isDefaults]: [Style | null, boolean] = [null, false];
  scanMarkup(xml, {
    open(name, attributes) {
      if (name === 'w:docDefaults') isDefaults = true;
      else if (name === 'w:style') {
        style = null;
        if ((attributeOf(attributes, 'w:type') ?? 'paragraph') !== 'paragraph') return;
        style = { basedOn: null, isDefault: isOn(attributeOf(attributes, 'w:default') ?? '0'), look: {} };
        styles.set(attributeOf(attributes, 'w:styleId') ?? '', style);
      } else if (name === 'w:basedOn' && style) style.basedOn = attributeOf(attributes, 'w:val');
      else if (style) say(style.look, name, attributes, themed);
      else if (isDefaults) say(defaults, name, attributes, themed);
    },
    close(name) {
      if (name === 'w:docDefaults') isDefaults = false;
      else if (name === 'w:style') style = null;
    },
    text: () => undefined,
  });
  return { styles, defaults };
}

/** Words of the body outside of tables, each with its look; and the margins of its last section, which is the letter's. */
function readWords(
  xml: string,
  themed: ThemeFonts,
  lookOf: (id: string | null) => Look,
): { words: Words[]; margins: DocxStyle['margins'] } {
  const words: Words[] = [];
  let margins: DocxStyle['margins'] = null;
  let [style, own, run]: [string | null, Look, Look | null] = [null, {}, null];
  let [tables, isText, isMark] = [0, false, false];
  scanMarkup(xml, {
    open(name, attributes, isEmpty) {
      if (name === 'w:tbl') tables += isEmpty ? 0 : 1;
      else if (name === 'w:p') [style, own, run] = [null, {}, null];
      else if (name === 'w:pStyle') style = attributeOf(attributes, 'w:val');
      else if (name === 'w:r') run = isEmpty ? null : {};
      else if (name === 'w:t') isText = !isEmpty;
      else if (name === 'w:rPr' && run === null) isMark = !isEmpty;
      else if (name === 'w:pgMar') margins = marginsOf(attributes);
      else if (run) say(run, name, attributes, themed);
      // how the mark at its end looks is not how its words do
      else if (!isMark) say(own, name, attributes, themed);
    },
    close(name) {
      if (name === 'w:tbl') tables = Math.max(0, tables - 1);
      else if (name === 'w:r') run = null;
      else if (name === 'w:t') isText = false;
      else if (name === 'w:rPr') isMark = false;
    },
    text(text) {
      if (!isText || tables > 0) return;
      const look = { ...lookOf(style), ...own, ...run };
      if (/\p{L}/u.test(text) && text === text.toUpperCase()) look.caps = true;
      words.push({ style, look, length: text.length });
    },
  });
  return { words, margins };
}

/** Notes what one element says about looks. Twentieths of a point and half points become points. */
function say(look: Look, name: string, attributes: string, themed: ThemeFonts): void {
  const value = attributeOf(attributes, 'w:val');
  const isOnHere = (): boolean => isOn(value ?? '1');
  if (name === 'w:rFonts') {
    const theme = attributeOf(attributes, 'w:asciiTheme');
    const font = (theme === null ? null : theme.startsWith('major') ? themed.major : themed.minor) ?? attributeOf(attributes, 'w:ascii');
    if (font !== null && font !== '') look.font = font;
  } else if (name === 'w:sz') {
    if (Number(value) > 0) look.size = Number(value) / 2;
  } else if (name === 'w:jc' && value !== null) look.align = value;
  else if (name === 'w:b') look.bold = isOnHere();
  else if (name === 'w:i') look.italic = isOnHere();
  else if (name === 'w:u') look.underline = value !== 'none';
  else if (name === 'w:caps') look.caps = isOnHere();
  else if (name === 'w:spacing') {
    const [after, line] = [attributeOf(attributes, 'w:after'), attributeOf(attributes, 'w:line')];
    if (after !== null) look.after = Number(after) / 20;
    // exact heights are of one size only, and say nothing of lines
    if (line !== null && (attributeOf(attributes, 'w:lineRule') ?? 'auto') === 'auto') look.lines = Number(line) / 240;
  }
}

const isOn = (value: string): boolean => !/^(?:0|false|off|none)$/.test(value);

function marginsOf(attributes: string): NonNullable<DocxStyle['margins']> {
  const points = (side: string): number => Math.abs(Number(attributeOf(attributes, `w:${side}`) ?? '1440')) / 20;
  return { top: points('top'), right: points('right'), bottom: points('bottom'), left: points('left') };
}

interface ThemeFonts {
  major: string | null;
  minor: string | null;
}

function themeFonts(xml: string): ThemeFonts {
  const fonts: ThemeFonts = { major: null, minor: null };
  let of: keyof ThemeFonts | null = null;
  scanMarkup(xml, {
    open(name, attributes) {
      if (name === 'a:majorFont') of = 'major';
      else if (name === 'a:minorFont') of = 'minor';
      else if (name === 'a:latin' && of) fonts[of] ??= attributeOf(attributes, 'typeface');
    },
    close(name) {
      if (name === 'a:majorFont' || name === 'a:minorFont') of = null;
    },
    text: () => undefined,
  });
  return fonts;
}
