const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The runner kills 7.5 s after its first signal: by then everything must be closed and said. */
const LATEST_EXIT_MS = 6800;

/**
 * Turns the first signal into an abort, so that the gate stops in order, and ends the process in any case before the
 * runner would; a second signal ends it at once.
 */
export function onCancel(say: (text: string) => void): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const listener = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(2);
    say(`Received ${signal}: stopping.`);
    controller.abort();
    setTimeout(() => process.exit(2), LATEST_EXIT_MS).unref();
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const signal of SIGNALS) process.removeListener(signal, listener);
    },
  };
}
