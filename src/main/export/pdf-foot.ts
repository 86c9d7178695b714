/** The footnotes of the page being filled. They stand on its last lines, so the letter's text ends above them. */
export interface Foot<FootLine> {
  /** Points. */
  leading: number;
  /** Above the first of them, with the rule. */
  gap: number;
  /** Whether a page with `room` points left takes footnotes of that many lines; of a very long one, its beginning. */
  fits(room: number, noteLines: number): boolean;
  /** Takes what has room, keeps the rest for the next page. */
  add(lines: readonly FootLine[], room: number): void;
  /** Whether lines wait for the next page. */
  isBehind(): boolean;
  page(): { lines: readonly FootLine[]; height: number };
  /** A new page: what waits stands on it, as far as some text has room above. */
  turn(): void;
}

const [leading, gap] = [12, 12];
/** Lines of a very long footnote that stand with its number, and points of a page that are left to the text where such a one goes on. */
const [firstLines, leftToText] = [3, 120];
/** Of what is added up of fractions. */
const rounding = 0.01;

/** `height`: of a page's text, points. */
export function createFoot<FootLine>(height: number): Foot<FootLine> {
  let lines: FootLine[] = [];
  let waiting: FootLine[] = [];
  const heightOf = (count: number): number => (count === 0 ? 0 : gap + count * leading);
  const most = Math.floor((height - leftToText - gap) / leading);
  return {
    leading,
    gap,
    fits(room, noteLines) {
      if (noteLines > 0 && waiting.length > 0) return false;
      // one that no page could take whole with its line is begun here
      const asked = noteLines > most ? firstLines : noteLines;
      return heightOf(lines.length + asked) <= room + rounding;
    },
    add(added, room) {
      const free = waiting.length > 0 ? 0 : Math.max(0, Math.floor((room - gap + rounding) / leading) - lines.length);
      lines.push(...added.slice(0, free));
      waiting.push(...added.slice(free));
    },
    isBehind: () => waiting.length > 0,
    page: () => ({ lines, height: heightOf(lines.length) }),
    turn() {
      lines = waiting.slice(0, most);
      waiting = waiting.slice(most);
    },
  };
}
