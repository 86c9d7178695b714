/** Characters [start, end) of a block's text. */
export interface Span {
  start: number;
  end: number;
}

/** A stretch that stands for a variable or cites one; what lies between chips is typed. One without length is the citation of a footnote at the end of its word. */
export interface Chip extends Span {
  is: 'variable' | 'citation';
  /** The variable it shows or cites. */
  name: string;
  /** It shows a mark, since nothing is known yet: what keeps the letter from being finalized says so, the linter does not. */
  isMissing: boolean;
  /** A person entered what it shows: it is typed, only elsewhere. */
  isEntered: boolean;
}

/** One paragraph, heading, list item, or row of a table. */
export interface LintBlock {
  /** The way to it, see `LintPlace`. */
  path: number[];
  kind: 'heading' | 'paragraph' | 'item' | 'row';
  /** As a reader sees it, chips resolved; a row's cells are parted by tabs. */
  text: string;
  chips: Chip[];
  /** Steno computed it: a row of the specials table, a line of the exhibit list. */
  isComputed: boolean;
  page: number | null;
}

/** A letter as the rules see it, whether it is one of Steno's or came from outside. */
export interface LintLetter {
  isOurs: boolean;
  blocks: LintBlock[];
  /** ISO day; null where it has none that can be read. */
  letterDate: string | null;
  /** Integer cents; null where the letter only says it in its text. */
  demandCents: number | null;
  /** "A", "B": the marks of the exhibit list; null where it has no list. */
  exhibits: string[] | null;
}

/** Of one block no more is looked at: a paragraph is no book, and rules must stay fast. */
export const mostBlockChars = 20_000;
export const mostBlocks = 20_000;
