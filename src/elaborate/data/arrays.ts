/** Checks that the readers of binary array formats share. */
import { fail } from "../../base/diagnostic.js";
import type { Input } from "./reader.js";

/** Number of entries of a shape, refused where it is none or too many. */
export function entriesOf(shape: readonly number[], input: Input): number {
  const size = shape.reduce((product, n) => product * n, 1);
  const { file, limits } = input;
  if (size === 0) fail("BLO0703", { file, what: `holds an array of shape [${shape.join(", ")}]` }, { at: { file } });
  if (size > limits.values) fail("BLO0704", { file, size, most: limits.values, unit: "numbers" }, { at: { file } });
  return size;
}

/** Refuses a file with fewer bytes of data than its header promises. */
export function expectBytes(expected: number, found: number, format: string, file: string): void {
  if (found < expected) fail("BLO0705", { file, format, expected, found, unit: "bytes" }, { at: { file } });
}
