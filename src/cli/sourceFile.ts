/** Reads a problem file, or standard input for `-`. What is wrong with the path becomes a diagnostic. */
import { open } from "node:fs/promises";
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import { reasonOf } from "../base/fileReasons.js";
import { Source } from "../base/source.js";

/** More than any source the parser accepts; a device or a huge file is read no further than this. */
const mostBytes = 64 * 2 ** 20;

/** The same for a file that was to be written: it need not be there, its folder must. */
export function writingReasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such folder" : reasonOf(error);
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size > mostBytes) break;
  }
  return Buffer.concat(parts);
}

/** Bytes of a file; `-` is standard input. Throws what the system throws. */
export async function readBytes(path: string): Promise<Uint8Array> {
  if (path === "-") return readAll(process.stdin);
  const file = await open(path);
  try {
    return await readAll(file.createReadStream({ autoClose: false }));
  } finally {
    await file.close();
  }
}

export interface ReadSource {
  readonly source?: Source;
  readonly diagnostics: readonly Diagnostic[];
}

/** UTF-8; damaged characters become U+FFFD, a byte order mark is dropped. */
export async function readSource(path: string): Promise<ReadSource> {
  const name = path === "-" ? "<stdin>" : path;
  if (path.includes("\0")) {
    return { diagnostics: [diagnostic("BLO0010", { file: name, why: "the path holds a NUL character" })] };
  }
  try {
    return { source: new Source(name, new TextDecoder().decode(await readBytes(path))), diagnostics: [] };
  } catch (error) {
    return { diagnostics: [diagnostic("BLO0010", { file: name, why: reasonOf(error) })] };
  }
}
