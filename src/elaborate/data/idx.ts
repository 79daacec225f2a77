/**
 * IDX, the format of MNIST: two zero bytes, a type, the number of dimensions, the sizes (u32), the entries; everything
 * big-endian (http://yann.lecun.com/exdb/mnist, "The IDX file format").
 */
import { fail } from "../../base/diagnostic.js";
import type { ArrayData } from "../dataset.js";
import { entriesOf, expectBytes } from "./arrays.js";
import type { Input } from "./reader.js";

type Get = (view: DataView, at: number) => number;

/** Bytes and reader of each type code. */
const types: ReadonlyMap<number, readonly [number, Get]> = new Map<number, readonly [number, Get]>([
  [0x08, [1, (v, at) => v.getUint8(at)]],
  [0x09, [1, (v, at) => v.getInt8(at)]],
  [0x0b, [2, (v, at) => v.getInt16(at)]],
  [0x0c, [4, (v, at) => v.getInt32(at)]],
  [0x0d, [4, (v, at) => v.getFloat32(at)]],
  [0x0e, [8, (v, at) => v.getFloat64(at)]],
]);

export function readIdx(input: Input): ArrayData {
  const { bytes, file } = input;
  const at = { file };
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) {
    fail("BLO0706", { file, format: "IDX", why: "it does not begin with two zero bytes" }, { at });
  }
  const known = types.get(bytes[2]);
  if (known === undefined) {
    const what = `the type code 0x${bytes[2].toString(16).padStart(2, "0")}`;
    return fail("BLO0707", { file, format: "IDX", what }, { at });
  }
  const [width, get] = known;
  const rank = bytes[3];
  const start = 4 + 4 * rank;
  expectBytes(start, bytes.length, "IDX", file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, k) => view.getUint32(4 + 4 * k));
  const size = entriesOf(shape, input);
  expectBytes(size * width, bytes.length - start, "IDX", file);
  const values = new Float64Array(size);
  for (let i = 0; i < size; i++) values[i] = get(view, start + i * width);
  return { kind: "array", shape, values };
}
