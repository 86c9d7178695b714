/** How the loop waits; a simulation passes its own and lets days go by at once. */
export interface Timers {
  after(ms: number): Timer;
}

export interface Timer {
  /** Resolves once the time has passed; never after `cancel`. */
  wait: Promise<void>;
  cancel(): void;
}

export const systemTimers: Timers = {
  after(ms) {
    let timer: NodeJS.Timeout | undefined;
    const wait = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    return { wait, cancel: () => clearTimeout(timer) };
  },
};
