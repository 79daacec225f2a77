/** The command line within this process, its terminal in memory. */
import { plain } from "../../src/base/paint.js";
import { runProgram } from "../../src/cli/program.js";
import type { Terminal } from "../../src/cli/terminal.js";

export interface Kept {
  out: string;
  err: string;
}

/** A terminal of 100 columns without colours, that is no screen; what it is told is kept. */
export function terminal(kept: Kept, changes: Partial<Terminal> = {}): Terminal {
  return {
    out: (text) => {
      kept.out += text;
    },
    err: (text) => {
      kept.err += text;
    },
    paint: plain,
    paintErr: plain,
    width: 100,
    widthErr: 100,
    interactive: false,
    screen: false,
    ...changes,
  };
}

export async function blo(...args: readonly string[]): Promise<Kept & { code: number }> {
  const kept: Kept = { out: "", err: "" };
  const code = await runProgram(args, terminal(kept));
  return { code, ...kept };
}
