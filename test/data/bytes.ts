/** Small writers of the data formats, for round trips. */
import { gzipSync, zipSync } from "fflate";
import { loadData } from "../../src/elaborate/data/load.js";
import type { DataSet } from "../../src/elaborate/dataset.js";

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const gz = (bytes: Uint8Array): Uint8Array => gzipSync(bytes);
export const zip = (files: Record<string, Uint8Array>): Uint8Array => zipSync(files);

export function join(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

const setters: Record<string, [number, (v: DataView, at: number, x: number, little: boolean) => void]> = {
  b1: [1, (v, at, x) => v.setUint8(at, x)],
  i1: [1, (v, at, x) => v.setInt8(at, x)],
  u1: [1, (v, at, x) => v.setUint8(at, x)],
  i2: [2, (v, at, x, l) => v.setInt16(at, x, l)],
  u2: [2, (v, at, x, l) => v.setUint16(at, x, l)],
  i4: [4, (v, at, x, l) => v.setInt32(at, x, l)],
  u4: [4, (v, at, x, l) => v.setUint32(at, x, l)],
  i8: [8, (v, at, x, l) => v.setBigInt64(at, BigInt(x), l)],
  u8: [8, (v, at, x, l) => v.setBigUint64(at, BigInt(x), l)],
  f4: [4, (v, at, x, l) => v.setFloat32(at, x, l)],
  f8: [8, (v, at, x, l) => v.setFloat64(at, x, l)],
};

export function packed(type: string, values: readonly number[], little: boolean): Uint8Array {
  const [width, set] = setters[type];
  const out = new Uint8Array(width * values.length);
  const view = new DataView(out.buffer);
  values.forEach((x, i) => {
    set(view, i * width, x, little);
  });
  return out;
}

export interface NpyOptions {
  readonly type?: string;
  readonly little?: boolean;
  readonly fortran?: boolean;
  readonly version?: 1 | 2 | 3;
}

/** An NPY file of entries in file order. */
export function npy(shape: readonly number[], values: readonly number[], options: NpyOptions = {}): Uint8Array {
  const { type = "f8", little = true, fortran = false, version = 1 } = options;
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const order = fortran ? "True" : "False";
  const dict = `{'descr': '${little ? "<" : ">"}${type}', 'fortran_order': ${order}, 'shape': (${dims}), }`;
  const lead = version === 1 ? 10 : 12;
  const text = `${dict}${" ".repeat(63 - ((lead + dict.length) % 64))}\n`;
  const head = new Uint8Array(lead);
  head.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  const view = new DataView(head.buffer);
  if (version === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  return join(head, utf8(text), packed(type, values, little));
}

export function idx(code: number, type: string, shape: readonly number[], values: readonly number[]): Uint8Array {
  return join(Uint8Array.from([0, 0, code, shape.length]), packed("u4", shape, false), packed(type, values, false));
}

/** The row-major entries put in column-major order, by the definition of both. */
export function columnMajor(shape: readonly number[], values: readonly number[]): number[] {
  const out = new Array<number>(values.length);
  values.forEach((x, i) => {
    let rest = i;
    const index = shape.map(() => 0);
    for (let k = shape.length - 1; k >= 0; k--) {
      index[k] = rest % shape[k];
      rest = Math.floor(rest / shape[k]);
    }
    let at = 0;
    for (let k = shape.length - 1; k >= 0; k--) at = at * shape[k] + index[k];
    out[at] = x;
  });
  return out;
}

/** A data set as plain values, for comparisons. */
export function plainly(data: DataSet): unknown {
  switch (data.kind) {
    case "table":
      return Object.fromEntries([...data.columns].map(([k, c]) => [k, c.kind === "text" ? c.cells : [...c.values]]));
    case "array":
      return { shape: data.shape, values: [...data.values] };
    case "members":
      return Object.fromEntries([...data.members].map(([k, d]) => [k, plainly(d)]));
  }
}

interface Given {
  readonly as?: string;
  readonly header?: boolean;
  readonly limits?: { readonly bytes: number; readonly values: number };
}

export function load(bytes: Uint8Array | string, path: string, given: Given = {}) {
  const { as, header = true, limits } = given;
  return loadData(typeof bytes === "string" ? utf8(bytes) : bytes, as, path, {
    header,
    name: "d",
    ...(limits ? { limits } : {}),
  });
}

/** The plain values of a file that must be readable without a word. */
export async function read(bytes: Uint8Array | string, path: string, given: Given = {}): Promise<unknown> {
  const { data, diagnostics } = await load(bytes, path, given);
  if (!data || diagnostics.length > 0) throw new Error(diagnostics.map((d) => `${d.code} ${d.message}`).join("\n"));
  return plainly(data);
}
