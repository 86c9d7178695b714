import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { LaptopOrder } from './laptop-order.ts';

const copyWords = ['progress', 'fetched', 'staged', 'copied'] as const;
type CopyWord = (typeof copyWords)[number];

export interface TypingLaptop {
  /** Ids of the changes it said are kept, oldest first. */
  kept: string[];
  /** What integrity_check said of the store it found. */
  integrity: Promise<string>;
  /** Asks for change n; it may die before it answers. */
  ask(n: number): void;
  /** Resolves when this many more changes were said to be kept, or when it is dead or met a bug. */
  keeps(more: number): Promise<void>;
  /** How many rows of a copy were there when it began, or went on; null until it did. */
  firstProgress(): number | null;
  /** Resolves when it has said a word about its copy so often (progress, fetched, staged, copied), or when it is dead or met a bug. */
  says(word: CopyWord, times: number): Promise<void>;
  /** Resolves when a round of sync ended with nothing left to send, or when it is dead or met a bug. */
  drained(): Promise<void>;
  /** No more is to be asked of it: it is dead, or met a bug, which `kill` tells. */
  isOver(): boolean;
  /** kill -9; resolves when it is gone. Throws where it had ended otherwise, or had met a bug. */
  kill(): Promise<void>;
}

const program = fileURLToPath(new URL('laptop-process.ts', import.meta.url));
const running = new Set<TypingLaptop>();

/** None is left behind, whatever its test did. */
export async function killAll(): Promise<void> {
  for (const laptop of running) await laptop.kill().catch(() => undefined);
}

export function startTypingLaptop(order: LaptopOrder): TypingLaptop {
  const env = { ...process.env, STENO_TEST_LAPTOP: JSON.stringify(order) };
  const child = spawn(process.execPath, [program], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const gone = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  let isDead = false;
  let complaint = '';
  let waiting: { isOver(): boolean; resolve(): void }[] = [];
  let isDrained = false;
  let firstProgress: number | null = null;
  const said = new Map<string, number>(copyWords.map((word) => [word, 0]));
  const look = (): void => {
    for (const one of waiting.filter(({ isOver }) => isDead || isOver())) one.resolve();
    waiting = waiting.filter(({ isOver }) => !isDead && !isOver());
  };
  const until = (isOver: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      waiting.push({ isOver, resolve });
      look();
    });

  const kept: string[] = [];
  const integrity = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [word = '', first = '', second] = line.split(' ');
      if (word === 'progress') firstProgress ??= Number(first);
      if (word === 'integrity') resolve(first);
      else if (word === 'kept') kept.push(first);
      else if (word === 'status') isDrained = first === 'synced' && second === '0';
      else if (said.has(word)) said.set(word, (said.get(word) ?? 0) + 1);
      else complaint += `${line}\n`;
      look();
    });
    child.on('close', () => reject(new Error(`the laptop ended: ${complaint}`)));
  });
  integrity.catch(() => undefined);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
    look();
  });
  child.stdin.on('error', () => undefined); // it died while it was asked

  const laptop: TypingLaptop = {
    kept,
    integrity,
    ask(n) {
      isDrained = false;
      child.stdin.write(`${String(n)}\n`);
    },
    keeps(more) {
      const due = kept.length + more;
      return until(() => complaint !== '' || kept.length >= due);
    },
    firstProgress: () => firstProgress,
    says: (word, times) => until(() => complaint !== '' || (said.get(word) ?? 0) >= times),
    drained: () => until(() => complaint !== '' || isDrained),
    isOver: () => isDead || complaint !== '',
    async kill() {
      child.kill('SIGKILL');
      const [, signal] = await gone;
      if (signal !== 'SIGKILL' || complaint !== '') throw new Error(`the laptop did not die by the test alone: ${complaint}`);
    },
  };
  running.add(laptop);
  child.on('close', () => {
    isDead = true;
    running.delete(laptop);
    look();
  });
  return laptop;
}
