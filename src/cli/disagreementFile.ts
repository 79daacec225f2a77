/**
 * The file that a disagreement between proof and samples leaves (see explain/disagreement.ts): the report with the data files that
 * the source reads. Where a problem file is expected such a file stands for its problem, so that one command shows the mistake again.
 */
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CompileOptions } from "../api.js";
import { Source } from "../base/source.js";
import type { DataResolver } from "../elaborate/elaborate.js";
import { type DisagreementReport, isDisagreementReport } from "../explain/disagreement.js";
import { fileResolver, sha256 } from "../node.js";
import { plain } from "../report/json.js";
import type { FlagValues } from "./command.js";
import type { Terminal } from "./terminal.js";
import { wrap } from "./words.js";

/** A data file in the report. Larger ones are named by their hash and have to lie beside the report. */
interface DataFile {
  readonly name: string;
  readonly path: string;
  readonly bytes?: number;
  readonly sha256?: string;
  readonly base64?: string;
}

/** Bytes of data that a report holds in all. */
const mostData = 4 * 2 ** 20;

/** The resolver of the data files of a problem file, as `compileInput` uses it. */
export function resolverOf(path: string, flags: FlagValues): DataResolver {
  const files = (flags.data ?? new Map()) as ReadonlyMap<string, string>;
  return fileResolver(path === "-" ? "." : dirname(path), Object.fromEntries(files));
}

async function dataOf(report: DisagreementReport, resolver: DataResolver): Promise<readonly DataFile[]> {
  let left = mostData;
  const found: DataFile[] = [];
  for (const { name, path } of report.data) {
    const bytes = await resolver(path, { name, format: undefined });
    if (bytes === undefined) {
      found.push({ name, path });
      continue;
    }
    const fits = bytes.length <= left;
    if (fits) left -= bytes.length;
    const whole = fits ? { base64: Buffer.from(bytes).toString("base64") } : {};
    found.push({ name, path, bytes: bytes.length, sha256: sha256(bytes), ...whole });
  }
  return found;
}

/** Writes the report into the working folder (or, where that cannot be written, the one for temporary files) and says so. */
export async function keepReport(
  report: DisagreementReport,
  path: string,
  flags: FlagValues,
  terminal: Terminal,
): Promise<void> {
  const data = await dataOf(report, resolverOf(path, flags));
  const { kind, code, ...rest } = report;
  const facts = { ...rest, data };
  const hash = sha256(new TextEncoder().encode(JSON.stringify(plain(facts)))).slice(0, 12);
  const name = `blo-disagreement-${hash}.json`;
  const reproduce = (file: string): string => `blo explain ${file} --only classes`;
  const text = (file: string): string =>
    `${JSON.stringify(plain({ kind, code, reproduce: reproduce(file), ...facts }), null, 2)}\n`;
  const written = (await kept(process.cwd(), name, text)) ?? (await kept(tmpdir(), name, text));
  if (written === undefined) {
    terminal.err("\nNo file could be written to reproduce this: please report the problem file with its data.\n");
    return;
  }
  const shown = written.folder === process.cwd() ? written.file : join(written.folder, written.file);
  const missing = data.filter((d) => d.base64 === undefined).map((d) => d.path);
  const sentences = [
    `${shown} holds what it takes to see this again: the problem${data.length > 0 ? ", its data" : ""}, the proof and the points. Please send it to the authors of Blo (it holds all that the problem file says). To see it again:`,
    ...(missing.length > 0 ? [`The report does not hold ${missing.join(", ")}: send it, too.`] : []),
  ];
  terminal.err(`\n${sentences.map((s) => wrap(s, terminal.widthErr)).join("\n")}\n  ${reproduce(shown)}\n`);
}

/** The file with the text, or one beside it where another text has its name; undefined where the folder cannot be written. */
async function kept(
  folder: string,
  name: string,
  text: (file: string) => string,
): Promise<{ readonly folder: string; readonly file: string } | undefined> {
  for (let copy = 1; copy <= 100; copy++) {
    const file = copy === 1 ? name : name.replace(/\.json$/, `-${copy}.json`);
    const path = join(folder, file);
    try {
      await writeFile(path, text(file), { flag: "wx" });
      return { folder, file };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return undefined;
      if ((await readFile(path, "utf8").catch(() => undefined)) === text(file)) return { folder, file };
    }
  }
  return undefined;
}

/** The problem in a report: its source, parameters and data. Undefined where the text is no report. */
export function reportedProblem(
  text: string,
): { readonly source: Source; readonly params: CompileOptions["params"]; readonly data: DataResolver } | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isDisagreementReport(read)) return undefined;
  const files = read.data as readonly DataFile[];
  return {
    source: new Source(read.source.name, read.source.text),
    params: read.params,
    data: async (path, { name }) => {
      const base64 = files.find((f) => f.name === name && f.path === path)?.base64;
      return base64 === undefined ? undefined : Buffer.from(base64, "base64");
    },
  };
}
