export interface Gathering {
  /** So long nothing more has to come before it is done. */
  quietMs: number;
  /** Done at last, however much comes. */
  atLastMs: number;
}

/** Does something once for a burst of reasons: when they pause, or have lasted. The function returned says that there is one more; its `stop` forgets those that wait. */
export function gathered(act: () => void, { quietMs, atLastMs }: Gathering): (() => void) & { stop: () => void } {
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let last: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    clearTimeout(quiet);
    clearTimeout(last);
    last = undefined;
  };
  const done = (): void => {
    stop();
    act();
  };
  const more = (): void => {
    clearTimeout(quiet);
    quiet = setTimeout(done, quietMs);
    last ??= setTimeout(done, atLastMs);
  };
  return Object.assign(more, { stop });
}
