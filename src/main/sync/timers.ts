/** How sync waits; a simulation passes its own and lets days go by at once. */
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

export interface Nap {
  /** True where `wake` ended it before its time. */
  sleep(ms: number): Promise<boolean>;
  /** Ends the sleep under way; where there is none it is lost, so what it is about must be noted first. */
  wake(): void;
}

export function createNap(timers: Timers): Nap {
  let end = (): void => undefined;
  return {
    sleep(ms) {
      const timer = timers.after(ms);
      return new Promise((resolve) => {
        const over = (isWoken: boolean): void => {
          timer.cancel();
          end = () => undefined;
          resolve(isWoken);
        };
        end = () => over(true);
        void timer.wait.then(() => over(false));
      });
    },
    wake: () => end(),
  };
}
