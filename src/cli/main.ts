#!/usr/bin/env node
/** The command `blo`: runs the program and turns its answer into an exit code. Code 1 is kept for bugs of our own. */
import { version } from "../base/version.js";
import { runProgram } from "./program.js";
import { openTerminal } from "./terminal.js";

function bug(error: unknown): void {
  const stack = error instanceof Error ? error.stack : undefined;
  const what = process.env.BLO_DEBUG
    ? (stack ?? String(error))
    : error instanceof Error
      ? error.message
      : String(error);
  process.stderr.write(`blo ${version} met a bug of its own: ${what}\n`);
  process.stderr.write("Please report it, with the problem file and the command.");
  process.stderr.write(process.env.BLO_DEBUG ? "\n" : " BLO_DEBUG=1 shows where it happened.\n");
  process.exitCode = 1;
}

process.on("uncaughtException", (error) => {
  bug(error);
  process.exit(1);
});

try {
  process.exitCode = await runProgram(process.argv.slice(2), openTerminal());
} catch (error) {
  bug(error);
}
