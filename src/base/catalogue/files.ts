/** BLO001x: files the command line is asked to read or write. */
import { entry } from "./entry.js";

export const files = {
  BLO0010: entry<{ file: string; why: string }>({
    severity: "error",
    title: "Problem file cannot be read",
    message: ({ file, why }) => `${file} cannot be read: ${why}`,
    page: `The path given to the command names no file that can be read. Paths are relative to the directory the command
runs in; \`-\` reads the problem from standard input.

    blo run examples/seed/quadratic.blo
    cat quadratic.blo | blo run -`,
  }),
} as const;
