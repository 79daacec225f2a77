/**
 * The inner loop of a dense simplex pivot, T_i += T_iq T_p for all rows i but p, two numbers at a time: a WebAssembly function
 * (SIMD) over memory that tableaus are taken from. Written as its bytes, so that nothing is to be loaded; the same operations
 * in the same order as the loop in JavaScript, which takes over where WebAssembly or SIMD is not there.
 */
type Vector = Float64Array;

/** T (row by row, n columns): row p is that of the pivot, scaled and with 0 in column q; column q becomes T_iq · inverse. */
export type Eliminate = (T: Vector, rows: number, n: number, p: number, q: number, inverse: number) => void;

/** Numbers whose tableaus `eliminate` works on. Release it when they are no longer used; others may then get them. */
export interface PivotMemory {
  readonly eliminate: Eliminate;
  allocate(size: number): Vector;
  release(): void;
}

export const eliminateRows: Eliminate = (T, rows, n, p, q, inverse) => {
  const from = p * n;
  for (let i = 0, at = 0; i < rows; i++, at += n) {
    if (i === p) continue;
    const f = T[at + q];
    if (f === 0) continue;
    for (let j = 0; j < n; j++) T[at + j] += f * T[from + j];
    T[at + q] = f * inverse;
  }
};

const PAGE = 65536;
/** Released memories that are kept. */
const KEPT = 4;
const free: WasmMemory[] = [];
let module: WebAssembly.Module | undefined | null = null;

/** Memory for so many numbers in all, of WebAssembly where that is possible. */
export function pivotMemory(size: number): PivotMemory {
  const at = free.findIndex((m) => m.size >= size);
  if (at >= 0) return free.splice(at, 1)[0].restart();
  try {
    module = module === null ? compiled() : module;
    if (module !== undefined) return new WasmMemory(module, size);
  } catch {
    // no memory of this kind is left
  }
  return { eliminate: eliminateRows, allocate: (n) => new Float64Array(n), release: () => {} };
}

class WasmMemory implements PivotMemory {
  readonly size: number;
  readonly eliminate: Eliminate;
  private readonly buffer: ArrayBuffer;
  private used = 0;

  constructor(code: WebAssembly.Module, size: number) {
    const pages = Math.ceil((8 * size) / PAGE);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const { exports } = new WebAssembly.Instance(code, { m: { m: memory } });
    const run = exports.e as (T: number, rows: number, n: number, p: number, q: number, inverse: number) => void;
    this.buffer = memory.buffer;
    this.size = (pages * PAGE) / 8;
    this.eliminate = (T, rows, n, p, q, inverse) => run(T.byteOffset, rows, n, p, q, inverse);
  }

  restart(): this {
    this.used = 0;
    return this;
  }

  allocate(n: number): Vector {
    const out = new Float64Array(this.buffer, 8 * this.used, n);
    this.used += n;
    return out.fill(0);
  }

  release(): void {
    if (free.length < KEPT && !free.includes(this)) free.push(this);
  }
}

function compiled(): WebAssembly.Module | undefined {
  if (typeof WebAssembly === "undefined") return undefined;
  const bytes = program();
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : undefined;
}

type Code = readonly number[];

/** Types and instructions by their bytes (WebAssembly Core Specification 2.0, 5.3 and 5.4). */
const [I32, F64, V128] = [0x7f, 0x7c, 0x7b];
const [END, ADD, MUL, AND, EQ, GE, F_EQ, F_ADD, F_MUL] = [0x0b, 0x6a, 0x6c, 0x71, 0x46, 0x4f, 0x61, 0xa0, 0xa2];
const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const int = (value: number): Code => [0x41, value & 0x7f];
const load = [0x2b, 3, 0];
const store = [0x39, 3, 0];
const load2 = (offset: number): Code => [0xfd, 0x00, 3, offset];
const store2 = (offset: number): Code => [0xfd, 0x0b, 3, offset];
const [splat, add2, mul2] = [
  [0xfd, 0x14],
  [0xfd, 0xf0, 0x01],
  [0xfd, 0xf2, 0x01],
];
/** block { loop { if condition leave; body } } */
const until = (condition: Code, body: Code): Code => [
  ...[0x02, 0x40, 0x03, 0x40],
  ...condition,
  ...[0x0d, 1],
  ...body,
  ...[0x0c, 0, END, END],
];
const leaveIf = (condition: Code): Code => [...condition, 0x0d, 0];
const section = (id: number, content: Code): Code => [id, ...size(content.length), ...content];
const size = (n: number): Code => (n < 128 ? [n] : [(n & 0x7f) | 0x80, n >> 7]);
const name = (text: string): Code => [text.length, ...text].map((c) => (typeof c === "string" ? c.charCodeAt(0) : c));

function program(): Uint8Array<ArrayBuffer> {
  const [T, rows, n, p, q, inverse, pivot, stride, i, at, a, b, end, f, ff] = Array.from({ length: 15 }, (_, k) => k);
  const entry = [...get(at), ...get(q), ...int(8), MUL, ADD];
  const step = (local: number, by: Code): Code => [...get(local), ...by, ADD, ...set(local)];
  const two = (offset: number): Code => [
    ...[...get(a), ...get(a), ...load2(offset), ...get(b), ...load2(offset), ...get(ff), ...mul2],
    ...[...add2, ...store2(offset)],
  ];
  const one = [...get(a), ...get(a), ...load, ...get(b), ...load, ...get(f), F_MUL, F_ADD, ...store];
  const row: Code = [
    ...leaveIf([...get(i), ...get(p), EQ]),
    ...[...entry, ...load, ...set(f)],
    ...leaveIf([...get(f), 0x44, 0, 0, 0, 0, 0, 0, 0, 0, F_EQ]),
    ...[...get(f), ...splat, ...set(ff)],
    ...[...get(at), ...set(a), ...get(pivot), ...set(b)],
    // four at a time, then the rest
    ...[...get(at), ...get(n), ...int(-4), AND, ...int(8), MUL, ADD, ...set(end)],
    ...until([...get(a), ...get(end), GE], [...two(0), ...two(16), ...step(a, int(32)), ...step(b, int(32))]),
    ...[...get(at), ...get(stride), ADD, ...set(end)],
    ...until([...get(a), ...get(end), GE], [...one, ...step(a, int(8)), ...step(b, int(8))]),
    ...[...entry, ...get(f), ...get(inverse), F_MUL, ...store],
  ];
  const body: Code = [
    ...[3, 7, I32, 1, F64, 1, V128],
    ...[...get(n), ...int(8), MUL, ...set(stride)],
    ...[...get(T), ...get(p), ...get(stride), MUL, ADD, ...set(pivot)],
    ...[...get(T), ...set(at)],
    ...until(
      [...get(i), ...get(rows), GE],
      [...[0x02, 0x40], ...row, END, ...step(at, get(stride)), ...step(i, int(1))],
    ),
    END,
  ];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 6, I32, I32, I32, I32, I32, F64, 0]),
    ...section(2, [1, ...name("m"), ...name("m"), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name("e"), 0, 0]),
    ...section(10, [1, ...size(body.length), ...body]),
  ]);
}
