import { diffArrays } from 'diff';

/** Beyond this many differences two texts count as rewritten: the search would take seconds and its answer would help nobody. */
const mostDifferences = 1_000;

/** Items that stay, go or come, one after the other. */
export interface Step {
  kind: 'same' | 'removed' | 'added';
  items: string[];
}

/**
 * The shortest way from one list to another (Myers): runs of items that stay, go and come, removals before additions. Where it takes more than `most`
 * differences (the search costs their square), all between the ends that are alike goes, and all of the other comes.
 */
export function compare(before: readonly string[], after: readonly string[], most = mostDifferences): Step[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const [a, b] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  const steps: Step[] = [];
  add(steps, 'same', before.slice(0, start));
  // between two runs that stay, what goes is read before what comes
  let [removed, added]: [string[], string[]] = [[], []];
  const endRun = (): void => {
    add(steps, 'removed', removed);
    add(steps, 'added', added);
    [removed, added] = [[], []];
  };
  for (const part of diffArrays(a, b, { maxEditLength: most }) ?? [
    { removed: true, added: false, value: a },
    { removed: false, added: true, value: b },
  ]) {
    if (part.removed) removed = removed.concat(part.value);
    else if (part.added) added = added.concat(part.value);
    else {
      endRun();
      add(steps, 'same', part.value);
    }
  }
  endRun();
  add(steps, 'same', before.slice(before.length - end));
  return steps;
}

function add(steps: Step[], kind: Step['kind'], items: readonly string[]): void {
  if (items.length === 0) return;
  const last = steps.at(-1);
  if (last?.kind === kind) for (const item of items) last.items.push(item);
  else steps.push({ kind, items: [...items] });
}

/**
 * A space between two changed words belongs to the change: a sentence that was rewritten reads as one. And of two spaces that are alike, before and within
 * words that came (or went), the one before them stays: a sentence that was put in reads as one.
 */
export function inRuns(steps: Step[]): Step[] {
  const runs: Step[] = [];
  let [removed, added]: [string[], string[]] = [[], []];
  const endRun = (): void => {
    add(runs, 'removed', removed);
    add(runs, 'added', added);
    [removed, added] = [[], []];
  };
  const moved = (run: string[], items: readonly string[]): string[] => {
    add(runs, 'same', items);
    return run.slice(1).concat(items);
  };
  for (const [at, { kind, items }] of steps.entries()) {
    const next = steps[at + 1]?.kind;
    const isBlank = kind === 'same' && items.length === 1 && items[0]?.trim() === '';
    if (isBlank && removed.length === 0 && added[0] === items[0] && next === 'added') {
      added = moved(added, items);
      continue;
    }
    if (isBlank && added.length === 0 && removed[0] === items[0] && next === 'removed' && steps[at + 2]?.kind !== 'added') {
      removed = moved(removed, items);
      continue;
    }
    const isSpace =
      kind === 'same' && removed.length > 0 && added.length > 0 && at < steps.length - 1 && items.every((item) => item.trim() === '');
    if (kind !== 'added' && (kind === 'removed' || isSpace)) removed = removed.concat(items);
    if (kind !== 'removed' && (kind === 'added' || isSpace)) added = added.concat(items);
    if (kind === 'same' && !isSpace) {
      endRun();
      add(runs, 'same', items);
    }
  }
  endRun();
  return runs;
}
