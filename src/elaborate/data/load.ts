/** Bytes of a data file to a data set: finds the format, unfolds gzip, reads, and turns what is wrong into diagnostics. */
import { BloError, type Diagnostic, fail } from "../../base/diagnostic.js";
import { closest } from "../../base/suggest.js";
import type { DataSet } from "../dataset.js";
import { gunzip, isGzip } from "./gzip.js";
import { defaultLimits, type Input, type Limits, type Reader } from "./reader.js";

interface Format {
  /** Readers bring parsers along: each is loaded when a file needs it. */
  readonly reader: () => Promise<Reader>;
  /** Endings of file names that mean the format. */
  readonly endings: readonly string[];
}

const formats: ReadonlyMap<string, Format> = new Map([
  ["csv", { reader: async () => (await import("./delimited.js")).readCsv, endings: [".csv"] }],
  ["tsv", { reader: async () => (await import("./delimited.js")).readTsv, endings: [".tsv", ".tab"] }],
  ["json", { reader: async () => (await import("./json.js")).readJson, endings: [".json"] }],
  ["npy", { reader: async () => (await import("./npy.js")).readNpy, endings: [".npy"] }],
  ["npz", { reader: async () => (await import("./npz.js")).readNpz, endings: [".npz"] }],
  ["idx", { reader: async () => (await import("./idx.js")).readIdx, endings: [".idx", "-ubyte"] }],
  [
    "libsvm",
    { reader: async () => (await import("./libsvm.js")).readLibsvm, endings: [".libsvm", ".svm", ".svmlight"] },
  ],
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
    const read = await formats.get(name)!.reader();
    return { data: read(input), diagnostics: warnings };
  } catch (error) {
    if (error instanceof BloError) return { diagnostics: [...warnings, ...error.diagnostics] };
    throw error;
  }
}
