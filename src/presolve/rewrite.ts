/**
 * A problem without some of its variables' entries and constraints' rows. Removed entries of x are numbers, those of y numbers
 * or expressions in x; what remains keeps its order, names and places in the source. Followers without variables vanish, but for the
 * first where all do: its level stays, empty. Rows that are left of a follower without variables say for which x it has a solution
 * at all: they become upper constraints.
 */
import { type InputBlock, type Node, sizeOf } from "../expr/node.js";
import type { Constraint, Domain, ExpectationModel, LevelModel, Problem, Variable } from "../model/problem.js";
import type { Builder } from "../ops/build.js";
import { rebuilt } from "./rebuild.js";

/** What to remove or change; what is not named stays. */
export interface Cut {
  /** Values of removed entries of x. */
  readonly x?: ReadonlyMap<number, number>;
  /** Values of removed entries of y: numbers, or scalar nodes over the problem's x. */
  readonly y?: ReadonlyMap<number, number | Node>;
  /** Rows that stay, of constraints that lose some. */
  readonly rows?: ReadonlyMap<Constraint, readonly number[]>;
  readonly domains?: ReadonlyMap<Variable, Domain>;
  /** Objectives of followers without the terms of variables that go. */
  readonly objectives?: ReadonlyMap<LevelModel, Node>;
}

export interface Rewritten {
  readonly problem: Problem;
  /** Positions of what stays in x and y, and of the lower rows that stay among all lower rows. */
  readonly keptX: Int32Array;
  readonly keptY: Int32Array;
  readonly keptRows: Int32Array;
}

export function rewritten(problem: Problem, cut: Cut): Rewritten {
  const { builder: b, upper, lowers } = problem;
  const keptX = others(problem.x.size, cut.x);
  const keptY = others(problem.y.size, cut.y);
  const x: InputBlock = keptX.length === problem.x.size ? problem.x : { name: problem.x.name, size: keptX.length };
  const y: InputBlock = keptY.length === problem.y.size ? problem.y : { name: problem.y.name, size: keptY.length };
  const byX = x === problem.x ? new Map<InputBlock, Node>() : new Map([[problem.x, spread(b, problem.x, x, cut.x!)]]);
  const inX = (node: Node): Node => rebuilt(b, [node], byX)[0];
  const by = new Map(byX);
  if (y !== problem.y) {
    const values = new Map([...cut.y!].map(([k, v]) => [k, typeof v === "number" ? v : inX(v)] as const));
    by.set(problem.y, spread(b, problem.y, y, values));
  }
  const moved = (node: Node): Node => rebuilt(b, [node], by)[0];
  const busy = lowers.filter((l) => l.variables.some((v) => entriesOf(v, keptY).length > 0));
  const stay = busy.length > 0 ? busy : lowers.slice(0, 1);
  const level = (l: LevelModel, kept: Int32Array, follower: number | undefined): LevelModel => ({
    ...l,
    variables: l.variables.flatMap((v) => remaining({ ...v, domain: cut.domains?.get(v) ?? v.domain }, kept, follower)),
    objective: moved(cut.objectives?.get(l) ?? l.objective),
    constraints: l.constraints.flatMap((c) => withRows(b, c, cut.rows?.get(c), moved)),
  });
  const newLowers = stay.map((l, i) =>
    busy.includes(l) ? level(l, keptY, i) : { ...level(l, keptY, i), constraints: [] },
  );
  const left = lowers
    .filter((l) => !busy.includes(l))
    .flatMap((l) => l.constraints.flatMap((c) => withRows(b, c, cut.rows?.get(c), moved)));
  const above = level(upper, keptX, undefined);
  const newUpper = left.length === 0 ? above : { ...above, constraints: [...above.constraints, ...left] };
  const lowerObjective =
    newLowers.length === 0 ? b.constant(0) : newLowers.map((l) => l.objective).reduce((p, q) => b.add(p, q));
  return {
    problem: {
      ...problem,
      x,
      y,
      upper: newUpper,
      lowers: newLowers,
      minimax: problem.minimax && y === problem.y && cut.objectives === undefined,
      lowerObjective:
        newLowers.length === lowers.length && by.size === 0 && cut.objectives === undefined
          ? problem.lowerObjective
          : lowerObjective,
      expect: problem.expect.flatMap((e) => expectation(e, lowers, stay, moved)),
    },
    keptX,
    keptY,
    keptRows: rowsThatStay(lowers, busy, cut),
  };
}

function others(size: number, removed: ReadonlyMap<number, unknown> | undefined): Int32Array {
  return Int32Array.from({ length: size }, (_, k) => k).filter((k) => removed?.has(k) !== true);
}

/** The old vector over the new one: runs of entries that stay, and the values of those that went. */
function spread(b: Builder, old: InputBlock, now: InputBlock, values: ReadonlyMap<number, number | Node>): Node {
  const parts: Node[] = [];
  let next = 0;
  for (let k = 0; k < old.size; ) {
    const start = k;
    const value = values.get(k);
    if (value === undefined) {
      while (k < old.size && !values.has(k)) k++;
      parts.push(b.take(b.input(now), 0, b.graph.range(next, k - start)));
      next += k - start;
    } else if (typeof value === "number") {
      while (k < old.size && typeof values.get(k) === "number") k++;
      const run = Float64Array.from({ length: k - start }, (_, i) => values.get(start + i) as number);
      parts.push(b.tensor({ shape: [run.length], values: run }));
    } else {
      parts.push(b.reshape(value, [1]));
      k++;
    }
  }
  return parts.length === 0 ? b.zeros([0]) : b.concat(parts, 0);
}

/** Positions in `kept` of the entries of a variable that stay. */
function entriesOf(v: Variable, kept: Int32Array): Int32Array {
  const found: number[] = [];
  kept.forEach((k, at) => {
    if (k >= v.offset && k < v.offset + v.size) found.push(at);
  });
  return Int32Array.from(found);
}

function remaining(v: Variable, kept: Int32Array, follower: number | undefined): Variable[] {
  const at = entriesOf(v, kept);
  if (at.length === 0) return [];
  const [offset] = at;
  if (at.length === v.size) return [{ ...v, follower, offset }];
  const own = Int32Array.from(at, (p) => kept[p] - v.offset);
  const pick = (values: Float64Array): Float64Array => Float64Array.from(own, (k) => values[k]);
  if (v.domain.kind === "ball" || v.domain.kind === "simplex") throw new Error(`${v.name}: part of a ${v.domain.kind}`);
  const domain: Domain =
    v.domain.kind === "box" ? { kind: "box", lower: pick(v.domain.lower), upper: pick(v.domain.upper) } : v.domain;
  return [{ ...v, follower, offset, shape: [at.length], size: at.length, domain, init: pick(v.init) }];
}

function withRows(
  b: Builder,
  c: Constraint,
  kept: readonly number[] | undefined,
  moved: (node: Node) => Node,
): Constraint[] {
  if (kept === undefined || kept.length === c.rows) return [{ ...c, body: moved(c.body) }];
  if (kept.length === 0) return [];
  const flat = b.reshape(moved(c.body), [sizeOf(c.body.shape)]);
  return [{ ...c, body: b.take(flat, 0, b.graph.positions(kept)), rows: kept.length }];
}

function rowsThatStay(lowers: readonly LevelModel[], busy: readonly LevelModel[], cut: Cut): Int32Array {
  const found: number[] = [];
  let row = 0;
  for (const l of lowers) {
    for (const c of l.constraints) {
      const kept = cut.rows?.get(c);
      for (let r = 0; r < c.rows; r++)
        if (busy.includes(l) && (kept === undefined || kept.includes(r))) found.push(row + r);
      row += c.rows;
    }
  }
  return Int32Array.from(found);
}

function expectation(
  e: ExpectationModel,
  lowers: readonly LevelModel[],
  stay: readonly LevelModel[],
  moved: (node: Node) => Node,
): readonly ExpectationModel[] {
  if (e.kind !== "value") return [e];
  if ("op" in e.target) return [{ ...e, target: moved(e.target) }];
  if (e.target.objective === "upper") return [e];
  // the objective of a follower that lost terms is another number
  const follower = stay.indexOf(lowers[e.target.follower]);
  return follower < 0 || stay.length < lowers.length ? [] : [{ ...e, target: { objective: "lower", follower } }];
}
