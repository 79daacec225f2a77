/** What a command is: its usage as data, and where its code is found. Code is loaded only for the command that runs. */
import type { ExitCode } from "./exit.js";
import type { Terminal } from "./terminal.js";

export interface Flag {
  /** As in commander: `-o, --out <path>`. A flag whose value is in `<>` needs one. */
  readonly flags: string;
  readonly doc: string;
  /** Reads the text of a value; `previous` is what an earlier occurrence gave. Throws UsageError. */
  readonly read?: (text: string, previous: unknown) => unknown;
}

/** Values of flags by their long name in camel case. */
export type FlagValues = Readonly<Record<string, unknown>>;

export type Action = (args: readonly string[], flags: FlagValues, terminal: Terminal) => Promise<ExitCode>;

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** `<file>` is needed, `[file]` may be left out, `…` takes several. */
  readonly arguments: readonly { readonly name: string; readonly doc: string }[];
  readonly flags: readonly Flag[];
  /** Lines for the end of the help: command and what it does. */
  readonly examples: readonly (readonly [string, string])[];
  readonly load: () => Promise<Action>;
}
