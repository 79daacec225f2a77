/**
 * Bounds of variables that the constraints imply: activities of affine rows (Andersen and Andersen, Presolving in linear
 * programming, Mathematical Programming 71, 1995, section 3.2; Achterberg, Bixby, Gu, Rothberg and Weninger, Presolve reductions in mixed
 * integer programming, INFORMS Journal on Computing 32, 2020, section 3.2), and intervals forwards and backwards through the graph of
 * others (narrowing.ts). Everything is rounded outward.
 *
 * What holds where, in a bilevel problem:
 *   x, jointY   at every point that keeps the constraints of BOTH levels: all rows narrow all variables
 *   y           at every y that keeps the LOWER constraints, for any x within the bounds `x`: only lower rows narrow it. An upper
 *               constraint on y is no constraint of the lower level; as a bound of y there it would change the lower solutions.
 */
import type { InputBlock, Node } from "../expr/node.js";
import { sizeOf } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import type { Constraint, Problem } from "../model/problem.js";
import { down, mul, type Range, up } from "../num/interval.js";
import type { Intervals } from "../ops/operator.js";
import { operatorOf } from "../ops/registry.js";
import { affineBounds } from "./affineRows.js";
import { domainBoxes } from "./boxes.js";
import { meet, narrow } from "./narrowing.js";
import { Rooms } from "./rooms.js";

export interface ImpliedBoxes {
  readonly x: Intervals;
  readonly y: Intervals;
  readonly jointY: Intervals;
  /** The constraint at which nothing was left: a proof that no point keeps all constraints. The boxes are the domains then. */
  readonly empty: Constraint | undefined;
}

/** Rows to be left out of account, by constraint; `true`: all. */
export type Without = ReadonlyMap<Constraint, true | ReadonlySet<number>>;

/** Passes over all rows; bounds that creep are left after them. */
const PASSES = 12;
/** A bound that moves by less than this share of the box is no news. */
const NEWS = 1e-3;
/** Bounds that cross by less than this, relative to 1 + |bound|, hold one point: constraints are kept to tolerances. */
const CROSS = 1e-9;
/** Entries of a constraint's graph, and products of a contraction in it, beyond which it is not looked through. */
const MOST = 20_000;

const known = new WeakMap<Problem, ImpliedBoxes>();

export function impliedBoxes(problem: Problem): ImpliedBoxes {
  let found = known.get(problem);
  if (found === undefined) {
    found = impliedWithout(problem, new Map());
    known.set(problem, found);
  }
  return found;
}

/** The same where some rows are left out of account; `fixedX`: the bounds of x are those of the domains. */
export function impliedWithout(problem: Problem, without: Without, fixedX = false): ImpliedBoxes {
  const plain = domainBoxes(problem);
  const { upper, lowers } = problem;
  // rows with prices of rows in them are conditions on a price, not on the variables of one level
  if (lowers.some((l) => l.priceOf !== undefined)) return { ...plain, jointY: plain.y, empty: undefined };
  const below = lowers.flatMap((l) => l.constraints);
  const joint = { x: copy(plain.x), y: copy(plain.y) };
  const failed = new Propagation(problem, joint, { x: !fixedX, y: true }, without).run([
    ...upper.constraints,
    ...below,
  ]);
  if (failed !== undefined) return { ...plain, jointY: plain.y, empty: failed };
  const own = { x: joint.x, y: copy(plain.y) };
  const empty = new Propagation(problem, own, { x: false, y: true }, without).run(below);
  if (empty !== undefined) return { ...plain, jointY: plain.y, empty };
  return { x: joint.x, y: own.y, jointY: joint.y, empty: undefined };
}

function copy({ lo, hi, flags }: Intervals): Intervals {
  return { lo: lo.slice(), hi: hi.slice(), flags: flags.slice() };
}

interface Pair<T> {
  readonly x: T;
  readonly y: T;
}

class Propagation {
  private readonly rooms = new Rooms();
  private readonly product: Range = { lo: 0, hi: 0, flags: 0 };

  /** `moves`: the blocks that are narrowed; the others' boxes are given. */
  constructor(
    private readonly problem: Problem,
    private readonly boxes: Pair<Intervals>,
    private readonly moves: Pair<boolean>,
    private readonly without: Without,
  ) {}

  /** Narrows until nothing moves much; the constraint at which nothing is left. */
  run(constraints: readonly Constraint[]): Constraint | undefined {
    const { x, y } = this.boxes;
    for (let pass = 0; pass < PASSES; pass++) {
      const before = [x, y].map(copy);
      for (const c of constraints) {
        if (this.without.get(c) === true) continue;
        if (!this.through(c)) return c;
      }
      if (![x, y].some((box, i) => news(before[i], box))) break;
    }
    return undefined;
  }

  private through(c: Constraint): boolean {
    const affine = affineBounds(this.problem, c);
    if (affine === undefined) return this.backwards(c);
    const { x, y } = this.problem;
    const gone = this.without.get(c);
    for (let row = 0; row < c.rows; row++) {
      if (gone instanceof Set && gone.has(row)) continue;
      this.rooms.reset();
      this.rooms.add(affine.c.lo[row], affine.c.hi[row]);
      this.terms(affine.a, this.boxes.x, row * x.size);
      this.terms(affine.b, this.boxes.y, row * y.size);
      const fits =
        (!this.moves.x || this.solved(affine.a, this.boxes.x, row * x.size, c.kind)) &&
        (!this.moves.y || this.solved(affine.b, this.boxes.y, row * y.size, c.kind));
      if (!fits || this.rooms.inf > CROSS * (1 + Math.abs(affine.c.lo[row]))) return false;
      if (c.kind === "eq" && this.rooms.sup < -CROSS * (1 + Math.abs(affine.c.lo[row]))) return false;
    }
    return true;
  }

  private terms(a: Intervals, box: Intervals, from: number): void {
    for (let k = 0; k < box.lo.length; k++) {
      if (a.lo[from + k] === 0 && a.hi[from + k] === 0) continue;
      mul(this.product, a.lo[from + k], a.hi[from + k], box.lo[k], box.hi[k]);
      this.rooms.add(this.product.lo, this.product.hi);
    }
  }

  /** Each variable of the row from the room that the others leave it. */
  private solved(a: Intervals, box: Intervals, from: number, kind: "le" | "eq"): boolean {
    const { product: r, rooms } = this;
    for (let k = 0; k < box.lo.length; k++) {
      const [low, high] = [a.lo[from + k], a.hi[from + k]];
      if (low <= 0 && high >= 0) continue;
      mul(r, low, high, box.lo[k], box.hi[k]);
      const most = rooms.most(0, r.lo);
      const least = kind === "eq" ? rooms.least(0, r.hi) : Number.NEGATIVE_INFINITY;
      divided(r, least, most, low, high);
      if (!settle(box, k, r.lo, r.hi)) return false;
    }
    return true;
  }

  /** Intervals of all nodes of a constraint's graph, then backwards from the rows to the variables. */
  private backwards(c: Constraint): boolean {
    const { x, y } = this.problem;
    const nodes = topological([c.body]);
    if (nodes.reduce((sum, node) => sum + workOf(node), 0) > MOST) return true;
    const found = new Map<Node, Intervals>();
    const boxOf = (input: InputBlock): Intervals | undefined =>
      input === x ? this.boxes.x : input === y ? this.boxes.y : undefined;
    for (const node of nodes) {
      const given = node.attributes.input && boxOf(node.attributes.input);
      found.set(node, given ? copy(given) : forwards(node, found));
    }
    const rows = found.get(c.body)!;
    const gone = this.without.get(c);
    for (let row = 0; row < c.rows; row++) {
      if (gone instanceof Set && gone.has(row)) continue;
      const low = c.kind === "eq" ? 0 : Number.NEGATIVE_INFINITY;
      if (!settle(rows, row, low, 0)) return false;
    }
    for (let k = nodes.length - 1; k >= 0; k--) {
      const node = nodes[k];
      const args = node.args.map((a) => found.get(a)!);
      if (args.length > 0 && !narrow(node, found.get(node)!, args)) return !this.surelyEmpty(args);
    }
    for (const node of nodes) {
      const { input } = node.attributes;
      const box = input && boxOf(input);
      if (box === undefined || !(input === x ? this.moves.x : this.moves.y)) continue;
      const { lo, hi } = found.get(node)!;
      for (let k = 0; k < lo.length; k++) if (!settle(box, k, lo[k], hi[k])) return false;
    }
    return true;
  }

  /** Whether some bounds cross by more than tolerances. */
  private surelyEmpty(boxes: readonly Intervals[]): boolean {
    return boxes.some(({ lo, hi }) => lo.some((v, k) => v - hi[k] > CROSS * (1 + Math.abs(v))));
  }
}

/** Bounds of an entry meet others; where these cross it by no more than rounding, the point between stays. */
function settle(box: Intervals, k: number, lo: number, hi: number): boolean {
  const [from, to] = [box.lo[k], box.hi[k]];
  if (meet(box, k, lo, hi)) return true;
  const [l, h] = [box.lo[k], box.hi[k]];
  if (l - h > CROSS * (1 + Math.abs(l))) return false;
  box.lo[k] = Math.max(from, h);
  box.hi[k] = Math.min(to, l);
  return true;
}

/** [least, most] over a divisor of one sign. */
function divided(out: Range, least: number, most: number, low: number, high: number): void {
  const [near, far] = low > 0 ? [low, high] : [-high, -low];
  const [from, to] = low > 0 ? [least, most] : [-most, -least];
  const [by, against] = [from > 0 ? far : near, to > 0 ? near : far];
  out.lo = from === 0 || !Number.isFinite(from) ? from : outward(from / by, from, by, -1);
  out.hi = to === 0 || !Number.isFinite(to) ? to : outward(to / against, to, against, 1);
}

/** A quotient moved outward by an ulp, unless it is surely exact: products of two numbers of 24 bits are. */
function outward(q: number, a: number, divisor: number, side: 1 | -1): number {
  const exact = Math.fround(q) === q && Math.fround(divisor) === divisor && q * divisor === a;
  return exact ? q : side < 0 ? down(q) : up(q);
}

function forwards(node: Node, found: ReadonlyMap<Node, Intervals>): Intervals {
  const size = sizeOf(node.shape);
  const out = { lo: new Float64Array(size), hi: new Float64Array(size), flags: new Float64Array(size) };
  if (node.attributes.input) {
    out.lo.fill(Number.NEGATIVE_INFINITY);
    out.hi.fill(Number.POSITIVE_INFINITY);
    return out;
  }
  const args = node.args.map((a) => found.get(a)!);
  const parts = { lo: args.map((a) => a.lo), hi: args.map((a) => a.hi), flags: args.map((a) => a.flags) };
  operatorOf(node).intervalInto(out, parts, node);
  return out;
}

/** Entries of a node, or the products that it adds up. */
function workOf(node: Node): number {
  const size = Math.max(sizeOf(node.shape), ...node.args.map((a) => sizeOf(a.shape)));
  if (node.op !== "contract") return size;
  const { left, right } = node.attributes.labels!;
  return right.reduce(
    (n, label, k) => (left.includes(label) ? n : n * node.args[1].shape[k]),
    sizeOf(node.args[0].shape),
  );
}

function news(before: Intervals, now: Intervals): boolean {
  for (let k = 0; k < now.lo.length; k++) {
    const [oldLo, oldHi, lo, hi] = [before.lo[k], before.hi[k], now.lo[k], now.hi[k]];
    if (oldLo === lo && oldHi === hi) continue;
    if (Number.isFinite(lo) !== Number.isFinite(oldLo) || Number.isFinite(hi) !== Number.isFinite(oldHi)) return true;
    if (oldHi - oldLo - (hi - lo) > NEWS * (oldHi - oldLo)) return true;
  }
  return false;
}
