/**
 * NPY arrays, versions 1 to 3 (NumPy Enhancement Proposal 1 and numpy.lib.format): the magic bytes \x93NUMPY, a version,
 * the length of a header, the header (a Python dictionary with descr, fortran_order and shape), the entries.
 */
import { diagnostic, fail } from "../../base/diagnostic.js";
import type { ArrayData } from "../dataset.js";
import { entriesOf, expectBytes } from "./arrays.js";
import type { Input } from "./reader.js";

type Get = (view: DataView, at: number, little: boolean) => number;

/** IEEE 754 half precision: 1 sign, 5 exponent and 10 fraction bits. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Bytes and reader of each type. */
const types: ReadonlyMap<string, readonly [number, Get]> = new Map<string, readonly [number, Get]>([
  ["b1", [1, (v, at) => (v.getUint8(at) === 0 ? 0 : 1)]],
  ["i1", [1, (v, at) => v.getInt8(at)]],
  ["u1", [1, (v, at) => v.getUint8(at)]],
  ["i2", [2, (v, at, little) => v.getInt16(at, little)]],
  ["u2", [2, (v, at, little) => v.getUint16(at, little)]],
  ["i4", [4, (v, at, little) => v.getInt32(at, little)]],
  ["u4", [4, (v, at, little) => v.getUint32(at, little)]],
  ["i8", [8, (v, at, little) => Number(v.getBigInt64(at, little))]],
  ["u8", [8, (v, at, little) => Number(v.getBigUint64(at, little))]],
  ["f2", [2, (v, at, little) => half(v.getUint16(at, little))]],
  ["f4", [4, (v, at, little) => v.getFloat32(at, little)]],
  ["f8", [8, (v, at, little) => v.getFloat64(at, little)]],
]);

interface Header {
  readonly type: string;
  readonly little: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Offset of the first entry. */
  readonly start: number;
}

function readHeader(input: Input, view: DataView): Header {
  const { bytes, file } = input;
  const refuse = (why: string): never => fail("BLO0706", { file, format: "NPY", why }, { at: { file } });
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (bytes.length < 10 || magic.some((b, i) => bytes[i] !== b)) return refuse("it does not begin with \\x93NUMPY");
  const major = bytes[6];
  if (major < 1 || major > 3) return refuse(`version ${major} of the format is not known`);
  const wide = major > 1;
  if (wide) expectBytes(12, bytes.length, "NPY", file);
  const start = wide ? 12 + view.getUint32(8, true) : 10 + view.getUint16(8, true);
  expectBytes(start, bytes.length, "NPY", file);
  const text = new TextDecoder("utf-8").decode(bytes.subarray(wide ? 12 : 10, Math.min(start, 100_000)));
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const dims = /'shape'\s*:\s*\(([\d\sL,]*)\)/.exec(text)?.[1];
  if (descr === undefined && /'descr'\s*:\s*\[/.test(text)) {
    return fail("BLO0707", { file, format: "NPY", what: "records with named fields" }, { at: { file } });
  }
  if (descr === undefined || order === undefined || dims === undefined) return refuse("its header cannot be read");
  const shape = dims
    .split(",")
    .map((d) => d.replace("L", "").trim())
    .filter((d) => d !== "")
    .map(Number);
  return {
    type: descr.replace(/^[<>=|]/, ""),
    little: !descr.startsWith(">"),
    fortran: order === "True",
    shape,
    start,
  };
}

/** Row-major order from column-major order, in place of a copy of the index arithmetic in every reader. */
export function fromFortran(values: Float64Array, shape: readonly number[]): Float64Array {
  const out = new Float64Array(values.length);
  const rank = shape.length;
  const stride = new Array<number>(rank).fill(1);
  for (let k = rank - 2; k >= 0; k--) stride[k] = stride[k + 1] * shape[k + 1];
  const index = new Array<number>(rank).fill(0);
  let to = 0;
  for (let from = 0; from < values.length; from++) {
    out[to] = values[from];
    for (let k = 0; k < rank; k++) {
      to += stride[k];
      if (++index[k] < shape[k]) break;
      to -= stride[k] * shape[k];
      index[k] = 0;
    }
  }
  return out;
}

export function readNpy(input: Input): ArrayData {
  const { bytes, file } = input;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { type, little, fortran, shape, start } = readHeader(input, view);
  const known = types.get(type);
  if (known === undefined) {
    return fail("BLO0707", { file, format: "NPY", what: `the type ${JSON.stringify(type)}` }, { at: { file } });
  }
  const [width, get] = known;
  const size = entriesOf(shape, input);
  expectBytes(size * width, bytes.length - start, "NPY", file);
  const values = new Float64Array(size);
  let rounded = -1;
  for (let i = 0; i < size; i++) {
    values[i] = get(view, start + i * width, little);
    if (rounded < 0 && width === 8 && type !== "f8" && Math.abs(values[i]) > Number.MAX_SAFE_INTEGER) rounded = i;
  }
  if (rounded >= 0) {
    const at = start + rounded * 8;
    const exact = type === "u8" ? view.getBigUint64(at, little) : view.getBigInt64(at, little);
    const parameters = { file, where: `, entry ${rounded + 1} in file order`, text: String(exact) };
    input.warnings.push(diagnostic("BLO0724", parameters, { at: { file } }));
  }
  return {
    kind: "array",
    shape: [...shape],
    values: fortran && shape.length > 1 ? fromFortran(values, shape) : values,
  };
}
