/**
 * The innermost loops of matrix products as text, one shape per storage order:
 *   dot     s = sum a[k] b[k]                     four accumulators
 *   rows    o[i] = sum a[i, k] b[k]               four rows at a time (k is the near axis of a)
 *   columns o[i] += a[i, k] b[k]                  four k at a time over i (i is the near axis of a)
 *   tiles   o[i, j] = sum a[i, k] b[k, j]         register tiles of 4 x 2 or 2 x 5
 *   update  o[i, j] += a[i, k] b[k, j]            four k at a time (a is stored transposed)
 */
export interface Axis {
  readonly stride: number;
  /** Name of a table that maps the counter to positions. */
  readonly table?: string;
}

interface Operand {
  readonly array: string;
  /** Text of the position of its first entry. */
  readonly base: string;
  readonly m: Axis | undefined;
  readonly n: Axis | undefined;
  readonly k: Axis | undefined;
}

export interface ProductSpec {
  readonly a: Operand;
  readonly b: Operand;
  readonly out: Operand;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Add to what is there. */
  readonly accumulate: boolean;
  /** The local that takes the result (added to) where it is one number. */
  readonly scalar: string | undefined;
}

type Fresh = () => string;

export function emitKernel(spec: ProductSpec, fresh: Fresh): string[] {
  if (spec.m === 1 && spec.n === 1) return dot(spec, fresh);
  const near = Math.abs(spec.a.k?.stride ?? 0) <= Math.abs(spec.a.m?.stride ?? 0);
  if (spec.n === 1) return near ? rows(spec, fresh) : columns(spec, fresh);
  return near || spec.k < 4 ? tiles(spec, fresh) : update(spec, fresh);
}

/** base + steps along axes at given counters, as a position. */
function at(base: string, ...steps: readonly (readonly [Axis | undefined, string])[]): string {
  let text = base === "0" ? "" : base;
  for (const [axis, counter] of steps) {
    if (!axis || axis.stride === 0) continue;
    const index = axis.table ? `${axis.table}[${counter}]` : counter;
    const plain = axis.table !== undefined || /^\w+$/.test(counter);
    const scaled = axis.stride === 1 ? index : `${plain ? index : `(${index})`} * ${axis.stride}`;
    text = text === "" ? scaled : `${text} + ${scaled}`;
  }
  return text === "" ? "0" : text;
}

function loop(counter: string, from: string, below: number, step: number, body: readonly string[]): string[] {
  const next = step === 1 ? `${counter}++` : `${counter} += ${step}`;
  return [`for (let ${counter} = ${from}; ${counter} < ${below}; ${next}) {`, ...body, "}"];
}

/** The same body for blocks of `width` and, if it does not divide `total`, for the remainder one by one. */
function blocks(total: number, width: number, counter: string, body: (width: number) => string[]): string[] {
  const whole = total - (total % width);
  const lines: string[] = [];
  if (whole > 0) lines.push(...loop(counter, "0", whole, width, body(width)));
  if (whole < total) lines.push(...loop(counter, String(whole), total, 1, body(1)));
  return lines;
}

function offsets(width: number): number[] {
  return Array.from({ length: width }, (_, k) => k);
}

function plus(counter: string, k: number): string {
  return k === 0 ? counter : `${counter} + ${k}`;
}

function dot(spec: ProductSpec, fresh: Fresh): string[] {
  const { a, b, out } = spec;
  const [p, q, k] = [fresh(), fresh(), fresh()];
  const sums = offsets(Math.min(4, spec.k)).map(() => fresh());
  const body = (width: number) =>
    offsets(width).map((w) => {
      const left = `${a.array}[${at(p, [a.k, plus(k, w)])}]`;
      return `${sums[w]} += ${left} * ${b.array}[${at(q, [b.k, plus(k, w)])}];`;
    });
  const total = sums.length === 4 ? `(${sums[0]} + ${sums[1]}) + (${sums[2]} + ${sums[3]})` : sums.join(" + ");
  const target = spec.scalar ?? `${out.array}[${out.base}]`;
  const add = spec.accumulate || spec.scalar !== undefined;
  return [
    `const ${p} = ${a.base}, ${q} = ${b.base};`,
    `let ${sums.map((s) => `${s} = 0`).join(", ")};`,
    ...blocks(spec.k, sums.length, k, body),
    `${target} ${add ? "+=" : "="} ${total};`,
  ];
}

function rows(spec: ProductSpec, fresh: Fresh): string[] {
  const { a, b, out } = spec;
  const [i, k, v, q, o] = [fresh(), fresh(), fresh(), fresh(), fresh()];
  const body = (width: number) => {
    const starts = offsets(width).map(() => fresh());
    const sums = offsets(width).map(() => fresh());
    return [
      `const ${starts.map((r, w) => `${r} = ${at(a.base, [a.m, plus(i, w)])}`).join(", ")};`,
      `let ${sums.map((s) => `${s} = 0`).join(", ")};`,
      ...loop(k, "0", spec.k, 1, [
        `const ${v} = ${b.array}[${at(q, [b.k, k])}];`,
        ...sums.map((s, w) => `${s} += ${a.array}[${at(starts[w], [a.k, k])}] * ${v};`),
      ]),
      ...sums.map((s, w) => `${out.array}[${at(o, [out.m, plus(i, w)])}] ${spec.accumulate ? "+=" : "="} ${s};`),
    ];
  };
  return [`const ${q} = ${b.base}, ${o} = ${out.base};`, ...blocks(spec.m, 4, i, body)];
}

function columns(spec: ProductSpec, fresh: Fresh): string[] {
  const { a, b, out } = spec;
  const [i, k, q, o] = [fresh(), fresh(), fresh(), fresh()];
  const body = (width: number) => {
    const starts = offsets(width).map(() => fresh());
    const factors = offsets(width).map(() => fresh());
    const terms = factors.map((f, w) => `${a.array}[${at(starts[w], [a.m, i])}] * ${f}`);
    return [
      `const ${starts.map((r, w) => `${r} = ${at(a.base, [a.k, plus(k, w)])}`).join(", ")};`,
      `const ${factors.map((f, w) => `${f} = ${b.array}[${at(q, [b.k, plus(k, w)])}]`).join(", ")};`,
      ...loop(i, "0", spec.m, 1, [`${out.array}[${at(o, [out.m, i])}] += ${terms.join(" + ")};`]),
    ];
  };
  const clear = spec.accumulate ? [] : loop(i, "0", spec.m, 1, [`${out.array}[${at(o, [out.m, i])}] = 0;`]);
  return [`const ${q} = ${b.base}, ${o} = ${out.base};`, ...clear, ...blocks(spec.k, 4, k, body)];
}

function tiles(spec: ProductSpec, fresh: Fresh): string[] {
  const { a, b, out } = spec;
  const [i, j, k] = [fresh(), fresh(), fresh()];
  const [tall, wide] = spec.n % 5 === 0 ? [2, 5] : [4, 2];
  const tile = (height: number, width: number) => {
    const lefts = offsets(height).map(() => fresh());
    const rights = offsets(width).map(() => fresh());
    const values = offsets(width).map(() => fresh());
    const sums = offsets(height).map(() => offsets(width).map(() => fresh()));
    const lines = [
      `const ${rights.map((r, w) => `${r} = ${at(b.base, [b.n, plus(j, w)])}`).join(", ")};`,
      `let ${sums
        .flat()
        .map((s) => `${s} = 0`)
        .join(", ")};`,
    ];
    const inner = [`const ${values.map((v, w) => `${v} = ${b.array}[${at(rights[w], [b.k, k])}]`).join(", ")};`];
    lefts.forEach((left, h) => {
      lines.push(`const ${left} = ${at(a.base, [a.m, plus(i, h)])};`);
      const entry = fresh();
      inner.push(`const ${entry} = ${a.array}[${at(left, [a.k, k])}];`);
      values.forEach((v, w) => {
        inner.push(`${sums[h][w]} += ${entry} * ${v};`);
      });
    });
    lines.push(...loop(k, "0", spec.k, 1, inner));
    sums.forEach((list, h) => {
      list.forEach((s, w) => {
        const place = at(out.base, [out.m, plus(i, h)], [out.n, plus(j, w)]);
        lines.push(`${out.array}[${place}] ${spec.accumulate ? "+=" : "="} ${s};`);
      });
    });
    return lines;
  };
  return blocks(spec.m, tall, i, (height) => blocks(spec.n, wide, j, (width) => tile(height, width)));
}

function update(spec: ProductSpec, fresh: Fresh): string[] {
  const { a, b, out } = spec;
  const [i, j, k] = [fresh(), fresh(), fresh()];
  const body = (width: number) => {
    const lefts = offsets(width).map(() => fresh());
    const rights = offsets(width).map(() => fresh());
    const factors = offsets(width).map(() => fresh());
    const row = fresh();
    const terms = factors.map((f, w) => `${f} * ${b.array}[${at(rights[w], [b.n, j])}]`);
    return [
      `const ${lefts.map((l, w) => `${l} = ${at(a.base, [a.k, plus(k, w)])}`).join(", ")};`,
      `const ${rights.map((r, w) => `${r} = ${at(b.base, [b.k, plus(k, w)])}`).join(", ")};`,
      ...loop(i, "0", spec.m, 1, [
        `const ${factors.map((f, w) => `${f} = ${a.array}[${at(lefts[w], [a.m, i])}]`).join(", ")};`,
        `const ${row} = ${at(out.base, [out.m, i])};`,
        ...loop(j, "0", spec.n, 1, [`${out.array}[${at(row, [out.n, j])}] += ${terms.join(" + ")};`]),
      ]),
    ];
  };
  const clear = loop(
    i,
    "0",
    spec.m,
    1,
    loop(j, "0", spec.n, 1, [`${out.array}[${at(out.base, [out.m, i], [out.n, j])}] = 0;`]),
  );
  return [...(spec.accumulate ? [] : clear), ...blocks(spec.k, 4, k, body)];
}
