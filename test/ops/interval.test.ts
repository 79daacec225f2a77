/**
 * The contract of interval extensions, for every operator: values at points of a box lie within the bounds, boxes within
 * boxes have bounds within bounds, points have narrow bounds, and undefined values and jumps are flagged.
 */
import { describe, expect, it } from "vitest";
import type { Node } from "../../src/expr/node.js";
import { topological } from "../../src/expr/walk.js";
import { JUMP, UNDEFINED } from "../../src/num/interval.js";
import { Builder } from "../../src/ops/build.js";
import type { Intervals } from "../../src/ops/operator.js";
import { operatorOf, operators } from "../../src/ops/registry.js";
import { cases } from "./cases.js";
import { generator, type Point, valueAt } from "./numeric.js";

type Box = ReadonlyMap<string, readonly [Float64Array, Float64Array]>;

/** Bounds of a node by the operators' rules. */
function boundsOf(node: Node, box: Box): Intervals {
  const known = new Map<Node, Intervals>();
  for (const n of topological([node])) {
    const size = n.shape.reduce((p, d) => p * d, 1);
    const out = { lo: new Float64Array(size), hi: new Float64Array(size), flags: new Float64Array(size) };
    const { input } = n.attributes;
    if (input) {
      const [lo, hi] = box.get(input.name)!;
      out.lo.set(lo);
      out.hi.set(hi);
    } else {
      const args = n.args.map((a) => known.get(a)!);
      operatorOf(n).intervalInto(
        out,
        { lo: args.map((a) => a.lo), hi: args.map((a) => a.hi), flags: args.map((a) => a.flags) },
        n,
      );
    }
    known.set(n, out);
  }
  return known.get(node)!;
}

/** Ends that boxes favour: signs, zeros, integers, infinity. */
const ends = [0, 0, 1, -1, 2, -2, 0.5, -0.5, 3, -7, 1e-3, 40, -40, 1e3, 1e-300, 1e200, -1e200, 1e18];

function drawEnd(random: () => number): number {
  return random() < 0.4 ? ends[Math.floor(random() * ends.length)] : 6 * random() - 3;
}

function drawBox(random: () => number, center: Float64Array | undefined): [Float64Array, Float64Array] {
  const size = center!.length;
  const lo = new Float64Array(size);
  const hi = new Float64Array(size);
  const wide = random();
  for (let i = 0; i < size; i++) {
    const a = wide < 0.4 ? center![i] : drawEnd(random);
    const b = wide < 0.2 ? a : wide < 0.4 ? a + 0.3 * random() : random() < 0.2 ? a : drawEnd(random);
    lo[i] = random() < 0.03 ? -Infinity : Math.min(a, b);
    hi[i] = random() < 0.03 ? Infinity : Math.max(a, b);
  }
  return [lo, hi];
}

/** A number of [lo, hi], often an end. */
function within(random: () => number, lo: number, hi: number): number {
  const where = random();
  const least = Math.max(lo, -1e250);
  const most = Math.min(hi, 1e250);
  if (where < 0.25) return least;
  if (where < 0.5) return most;
  if (where < 0.6 && least <= 0 && most >= 0) return 0;
  if (where < 0.7) return Math.min(most, Math.max(least, Math.round(least / 2 + most / 2)));
  return Math.min(most, Math.max(least, least + random() * (most - least)));
}

describe.each(cases)("$name", ({ inputs, make, point: draw, name }) => {
  const random = generator(name.length * 104729 + name.charCodeAt(0));
  const b = new Builder();
  const node = make(b);
  const box = (): Box => {
    const centers = draw(random);
    return new Map(inputs.map((block, i) => [block.name, drawBox(random, centers[i])]));
  };
  const pointOf = (of: Box): Point =>
    new Map(
      inputs.map((block) => {
        const [lo, hi] = of.get(block.name)!;
        return [block, lo.map((l, i) => within(random, l, hi[i]))];
      }),
    );

  it("contains the values at points of the box, and says where there may be none", () => {
    for (let trial = 0; trial < 150; trial++) {
      const of = box();
      const { lo, hi, flags } = boundsOf(node, of);
      for (let i = 0; i < lo.length; i++)
        if (!(lo[i] <= hi[i])) expect({ of, i, lo: lo[i], hi: hi[i] }).toBe("ordered");
      for (let draws = 0; draws < 12; draws++) {
        const at = pointOf(of);
        valueAt(node, at).forEach((v, i) => {
          const good = Number.isNaN(v)
            ? (flags[i] & UNDEFINED) !== 0
            : !Number.isFinite(v) || (v >= lo[i] && v <= hi[i]);
          if (!good && !infiniteInside(v, of)) expect({ of, at, v, i, lo: lo[i], hi: hi[i] }).toBe("contained");
        });
      }
    }
  });

  it("gives smaller bounds on smaller boxes", () => {
    for (let trial = 0; trial < 60; trial++) {
      const outer = box();
      const [p, q] = [pointOf(outer), pointOf(outer)];
      const inner: Box = new Map(
        inputs.map((block) => {
          const [s, t] = [p.get(block)!, q.get(block)!];
          return [block.name, [s.map((v, i) => Math.min(v, t[i])), s.map((v, i) => Math.max(v, t[i]))]];
        }),
      );
      const [large, small] = [boundsOf(node, outer), boundsOf(node, inner)];
      small.lo.forEach((v, i) => {
        // Where nothing is defined any bounds are right.
        if (v === -Infinity && small.hi[i] === Infinity && (small.flags[i] & UNDEFINED) !== 0) return;
        const isotone = v >= large.lo[i] && small.hi[i] <= large.hi[i];
        if (!isotone) expect({ outer, inner, i, small, large }).toBe("nested");
        if ((small.flags[i] & ~large.flags[i]) !== 0) expect({ outer, inner, i }).toBe("flagged");
      });
    }
  });

  it("has bounds at points that are as narrow as rounding", () => {
    const at = new Map(draw(random).map((values, i) => [inputs[i], values]));
    const { lo, hi, flags } = boundsOf(node, new Map(inputs.map((k) => [k.name, [at.get(k)!, at.get(k)!]])));
    if (node.op === "solve") return;
    valueAt(node, at).forEach((v, i) => {
      expect(flags[i]).toBe(0);
      expect(hi[i] - lo[i]).toBeLessThan(1e-13 * (1 + Math.abs(v)));
    });
  });
});

/** Overflow on the way (infinity minus infinity) says nothing about the function. */
function infiniteInside(v: number, box: Box): boolean {
  return Number.isNaN(v) && [...box.values()].some(([lo, hi]) => lo.some((l, i) => l < -1e100 || hi[i] > 1e100));
}

const flagged: readonly (readonly [string, readonly number[], number])[] = [
  ["log", [-1, 1], UNDEFINED],
  ["sqrt", [-1, 1], UNDEFINED],
  ["sqrt", [0, 1], 0],
  ["div", [1, 2, -1, 1], UNDEFINED],
  ["safediv", [1, 2, -1, 1], JUMP],
  ["step", [-1, 1], JUMP],
  ["step", [0.1, 1], 0],
  ["lt", [0, 1, 0.5, 2], JUMP],
  ["tan", [1, 2], UNDEFINED],
  ["asin", [0.5, 1.5], UNDEFINED],
  ["atan2", [-1, 1, -2, -1], JUMP],
  ["atan2", [-1, 1, 1, 2], 0],
  ["pow", [-1, 1, 0.5, 0.5], UNDEFINED],
  ["pow", [-1, 1, 4, 4], 0],
  ["abs", [-1, 1], 0],
];

it.each(flagged)("%s over %j has flags %i", (op, ends, flags) => {
  const size = ends.length / 2;
  const pairs = Array.from({ length: size }, (_, k) => ends.slice(2 * k, 2 * k + 2));
  const out = { lo: new Float64Array(1), hi: new Float64Array(1), flags: new Float64Array(1) };
  const one = (v: number): Float64Array => Float64Array.of(v);
  const args = { lo: pairs.map((p) => one(p[0])), hi: pairs.map((p) => one(p[1])), flags: pairs.map(() => one(0)) };
  operators.get(op)!.intervalInto(out, args, new Builder().constant(0));
  expect(out.flags[0]).toBe(flags);
});
