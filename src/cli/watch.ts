/** Runs something again whenever a file changes. A run that is under way is cancelled and its end awaited. */
import { watch } from "node:fs";
import { basename, dirname } from "node:path";
import { reasonOf } from "../base/fileReasons.js";
import { UsageError } from "./exit.js";
import type { Terminal } from "./terminal.js";

/** Editors write a file in several steps: wait until it is quiet. */
const quietMilliseconds = 100;

/** Ends when `stop` is aborted. */
export async function watching(
  path: string,
  stop: AbortSignal,
  terminal: Terminal,
  action: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  let changed: () => void = () => {};
  let timer: NodeJS.Timeout | undefined;
  let current = new AbortController();
  const name = basename(path);
  // The folder is watched, because many editors replace the file by another one of its name.
  const watcher = await open(dirname(path), (file) => {
    if (file !== null && file !== name) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      current.abort();
      changed();
    }, quietMilliseconds);
  });
  stop.addEventListener("abort", () => {
    current.abort();
    changed();
  });
  try {
    while (!stop.aborted) {
      const next = new Promise<void>((resolve) => {
        changed = resolve;
      });
      current = new AbortController();
      if (terminal.screen) terminal.out("\u001b[2J\u001b[3J\u001b[H");
      await action(current.signal);
      if (stop.aborted) break;
      terminal.err(`watching ${path}; Ctrl-C ends\n`);
      await next;
    }
  } finally {
    clearTimeout(timer);
    watcher.close();
  }
}

async function open(folder: string, onChange: (file: string | null) => void) {
  try {
    return watch(folder, (_, file) => onChange(file));
  } catch (error) {
    throw new UsageError(`${folder} cannot be watched: ${reasonOf(error)}`);
  }
}
