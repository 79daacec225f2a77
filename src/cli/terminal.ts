/** Where output goes: results to standard output, all else to standard error; colours and widths of both. */
import pc from "picocolors";
import { reasonOf } from "../base/fileReasons.js";
import { type Paint, plain } from "../base/paint.js";
import { exit } from "./exit.js";

export interface Terminal {
  /** Writes to standard output, as it is. */
  readonly out: (text: string) => void;
  /** Writes to standard error. */
  readonly err: (text: string) => void;
  readonly paint: Paint;
  readonly paintErr: Paint;
  /** Columns a line may take on each stream. */
  readonly width: number;
  readonly widthErr: number;
  /** True where a line of standard error can be rewritten. */
  readonly interactive: boolean;
  /** True where standard output is a screen that can be cleared. */
  readonly screen: boolean;
}

function colours(on: boolean): Paint {
  if (!on) return plain;
  const c = pc.createColors(true);
  return {
    error: (t) => c.bold(c.red(t)),
    warning: (t) => c.bold(c.yellow(t)),
    info: c.cyan,
    strong: c.bold,
    dim: c.dim,
    good: c.green,
    bad: c.red,
  };
}

/** NO_COLOR (any value that is not empty) turns colours off, FORCE_COLOR on, otherwise a terminal decides. */
function wantsColour(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== "0";
  return stream.isTTY === true && TERM !== "dumb";
}

const defaultWidth = 100;

/** COLUMNS counts where it is exported, then the terminal itself; 100 where there is none. */
function widthOf(stream: NodeJS.WriteStream): number {
  const asked = Number(process.env.COLUMNS);
  const columns = Number.isInteger(asked) && asked > 0 ? asked : stream.isTTY ? stream.columns || 80 : defaultWidth;
  return Math.max(20, Math.min(columns, 160));
}

export function openTerminal(): Terminal {
  const { stdout, stderr } = process;
  // The reader of a pipe may go away (`| head -1`): then there is nobody left to write for.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
    // A full disk, a closed stream: no bug of ours, and nothing that could be printed there would arrive.
    process.stderr.write(`error: standard output cannot be written: ${reasonOf(error)}\n`, () =>
      process.exit(exit.usage),
    );
  });
  stderr.on("error", () => {});
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    paint: colours(wantsColour(stdout)),
    paintErr: colours(wantsColour(stderr)),
    width: widthOf(stdout),
    widthErr: widthOf(stderr),
    interactive: stderr.isTTY === true && process.env.TERM !== "dumb",
    screen: stdout.isTTY === true && process.env.TERM !== "dumb",
  };
}
