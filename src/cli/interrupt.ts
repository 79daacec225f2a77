/** Ctrl-C: the first ends the run with the best point so far, the second ends the process at once. */
import { exit } from "./exit.js";
import type { Terminal } from "./terminal.js";

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives Ctrl-C back its usual meaning. */
  readonly release: () => void;
}

export function listen(terminal: Terminal): Interrupt {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(exit.interrupted);
    controller.abort();
    if (terminal.interactive) terminal.err("\ninterrupted: ending with the best point so far (again: end at once)\n");
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    release: () => {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}
