/** What only Node can do: compile a problem file with the data files it names, found beside it. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type Compiled, type CompileOptions, compile } from "./api.js";
import { reasonOf } from "./base/fileReasons.js";
import type { DataResolver } from "./elaborate/elaborate.js";

export interface CompileFileOptions extends Omit<CompileOptions, "data" | "name"> {
  /** Paths that stand in for those of the source, by the name of the data declaration; relative to the working folder. */
  readonly data?: Readonly<Record<string, string>> | undefined;
}

export interface CompiledFile extends Compiled {
  /** The text that was compiled. */
  readonly text: string;
  /** SHA-256 of the file's bytes, in hexadecimal. */
  readonly sha256: string;
}

/** Compiles a file. Rejects with the system's error if it cannot be read; what is wrong inside comes as diagnostics. */
export async function compileFile(path: string, options: CompileFileOptions = {}): Promise<CompiledFile> {
  const bytes = await readFile(path);
  const text = new TextDecoder().decode(bytes);
  const compiled = await compile(text, {
    name: path,
    params: options.params,
    data: fileResolver(dirname(path), options.data),
  });
  return { ...compiled, text, sha256: sha256(bytes) };
}

/** Reads data files: the paths of the source relative to `folder`, those of `replaced` to the working folder. */
export function fileResolver(folder: string, replaced: Readonly<Record<string, string>> = {}): DataResolver {
  return async (path, declared) => {
    const own = Object.hasOwn(replaced, declared.name) ? replaced[declared.name] : undefined;
    try {
      return await readFile(own === undefined ? resolve(folder, path) : resolve(own));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") return undefined;
      throw new Error(reasonOf(error), { cause: error });
    }
  };
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
