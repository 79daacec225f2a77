/** Bytes of a data file to a data set: finds the format, unfolds gzip, reads, and turns what is wrong into diagnostics. */
import { BloError, type Diagnostic, fail } from "../../base/diagnostic.js";
import { closest } from "../../base/suggest.js";
import type { DataSet } from "../dataset.js";
import { readCsv, readTsv } from "./delimited.js";
import { gunzip, isGzip } from "./gzip.js";
import { readIdx } from "./idx.js";
import { readJson } from "./json.js";
import { readLibsvm } from "./libsvm.js";
import { readNpy } from "./npy.js";
import { readNpz } from "./npz.js";
import { defaultLimits, type Input, type Limits, type Reader } from "./reader.js";

/** Each format: its reader and the endings of file names that mean it. */
const formats: ReadonlyMap<string, { readonly read: Reader; readonly endings: readonly string[] }> = new Map([
  ["csv", { read: readCsv, endings: [".csv"] }],
  ["tsv", { read: readTsv, endings: [".tsv", ".tab"] }],
  ["json", { read: readJson, endings: [".json"] }],
  ["npy", { read: readNpy, endings: [".npy"] }],
  ["npz", { read: readNpz, endings: [".npz"] }],
  ["idx", { read: readIdx, endings: [".idx", "-ubyte"] }],
  ["libsvm", { read: readLibsvm, endings: [".libsvm", ".svm", ".svmlight"] }],
]);

/** The names that may follow `as`. */
export const formatNames: readonly string[] = [...formats.keys()];

function formatOf(given: string | undefined, path: string): string {
  const at = { file: path };
  if (given !== undefined) {
    const name = given.toLowerCase();
    if (formats.has(name)) return name;
    const near = closest(name, formatNames);
    const hint = near === undefined ? undefined : `did you mean ${near}?`;
    return fail("BLO0702", { file: path, format: given, known: formatNames }, { at, hint });
  }
  const lower = path.toLowerCase().replace(/\.gz$/, "");
  for (const [name, { endings }] of formats) if (endings.some((e) => lower.endsWith(e))) return name;
  // MNIST's own names: train-images-idx3-ubyte, also written train-images.idx3-ubyte.
  const ending = /[^/\\]*$/.exec(lower)?.[0] ?? lower;
  const shown = ending.includes(".") ? ending.slice(ending.lastIndexOf(".")) : ending;
  const hint = `say the format after the path, as in: data d = ${JSON.stringify(path)} as csv`;
  return fail("BLO0702", { file: path, format: shown, known: formatNames }, { at, hint });
}

export interface LoadOptions {
  /** True where the first row of a table names its columns. */
  readonly header: boolean;
  /** The name the problem gives to the data. */
  readonly name: string;
  readonly limits?: Limits;
}

/** Reads a file's bytes. `data` is absent exactly if one of the diagnostics is an error. Never throws for bad input. */
export async function loadData(
  bytes: Uint8Array,
  format: string | undefined,
  path: string,
  options: LoadOptions,
): Promise<{ data?: DataSet; diagnostics: Diagnostic[] }> {
  const limits = options.limits ?? defaultLimits;
  const at = { file: path };
  const warnings: Diagnostic[] = [];
  try {
    const name = formatOf(format, path);
    if (bytes.length === 0) fail("BLO0703", { file: path, what: "is empty" }, { at });
    const unfolded = isGzip(bytes) ? await gunzip(bytes, path, limits.bytes) : bytes;
    if (unfolded.length === 0) fail("BLO0703", { file: path, what: "is empty once unpacked" }, { at });
    if (unfolded.length > limits.bytes) {
      fail("BLO0704", { file: path, size: unfolded.length, most: limits.bytes, unit: "bytes" }, { at });
    }
    const input: Input = { bytes: unfolded, file: path, header: options.header, limits, warnings };
    return { data: formats.get(name)!.read(input), diagnostics: warnings };
  } catch (error) {
    if (error instanceof BloError) return { diagnostics: [...warnings, ...error.diagnostics] };
    throw error;
  }
}
