/** What core may ask of the machine it runs on. Four hosts build one: Electron, the browser host, the command line, tests. */
export interface Host {
  kind: 'electron' | 'browser' | 'cli' | 'test';
  paths: HostPaths;
  secrets: Secrets;
  clock: Clock;
  workers: Workers;
  dialogs: Dialogs;
  log: Log;
}

/** Absolute folders; each exists when createApp is called. */
export interface HostPaths {
  /** Stores and settings. Only this user may read it (mode 0700). */
  data: string;
  /** Can be deleted at any time. */
  cache: string;
  /** Where exported letters go, by default a "Steno" folder in the user's documents. */
  exports: string;
  /** Where work is put that the firm never had, sealed to its recovery key: beside the exports, where a person finds it. Made when needed. */
  rescue: string;
}

/** A keychain, or the file that stands in for one. */
export interface Secrets {
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
  /** A sentence for the user where secrets are not in a real keychain; null otherwise. */
  warning: string | null;
}

/** Milliseconds since 1970. Only for display, leases and timeouts: no merge decision uses a client's clock (S11). */
export interface Clock {
  now(): number;
}

/** Runs one task of a worker module away from core's thread; killed when it takes too long or too much. */
export interface Workers {
  /**
   * Bytes in, values out. Rejects with WorkerKilled when the time or memory budget is spent, the worker crashed,
   * or `signal` fired; other errors of the task reject as they are.
   */
  run<I, O>(module: URL, task: string, input: I, budget: WorkerBudget): Promise<O>;
  stop(): Promise<void>;
}

export interface WorkerBudget {
  timeoutMs: number;
  /** Of V8's heap: a task that needs more is killed. What it holds outside (bytes, PDFium's memory) V8 does not count. */
  memoryMb: number;
  signal?: AbortSignal;
  /** What this task shares with others of that name; what they take together is looked at while they run (worker-memory.ts). */
  purse?: Purse;
}

export interface Purse {
  name: string;
  /** For all tasks of it that run at the same time, inside V8's heap and out of it. */
  holdsMb: number;
  /** Nothing of this purse runs beside it. It waits until it can, and those after it wait for it. */
  isAlone?: boolean;
}

/** Tasks of one purse took too much together; this one began last and may be run again, alone. */
export class WorkerCrowdedOut extends Error {
  override readonly name = 'WorkerCrowdedOut';
}

export class WorkerKilled extends Error {
  override readonly cause: 'timeout' | 'memory' | 'crash' | 'aborted';
  constructor(cause: 'timeout' | 'memory' | 'crash' | 'aborted') {
    super(`worker ended: ${cause}`);
    this.name = 'WorkerKilled';
    this.cause = cause;
  }
}

export interface Dialogs {
  /** null: this host has no folder dialog. Otherwise resolves to a folder or null when cancelled. */
  chooseFolder: (() => Promise<string | null>) | null;
  /** Shows a file in the system's file browser; false where the host cannot. */
  reveal(path: string): Promise<boolean>;
}

/** Never given client text, file contents, tokens or passwords: ids, codes and counts only. */
export interface Log {
  info(event: string, fields?: Record<string, string | number | boolean | null>): void;
  /** Returns a short reference that `internal` errors show to the user. */
  bug(event: string, error: unknown): string;
}
