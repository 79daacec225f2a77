/**
 * Value-function cuts for lower levels that are not convex: the complementarity program (or the constraints alone) is solved,
 * the lower level is solved globally at its x, and where that is lower than what the program claimed, its solution makes a cut
 * (reform/valueCuts.ts) that holds at every x. Ends where a point passes the filter or nothing better than the best is left.
 *
 * Where the lower constraints do not depend on x a cut is one plain row. Many of them are affordable then, and points of the
 * box make the first ones: with f free of y and an upper constraint on the lower value alone, this is the method of exchanges
 * for semi-infinite programs (Blankenship and Falk, J. Optim. Theory Appl. 19, 1976), in which the first few cuts bound x.
 */
import { type CompiledProgram, compileProgram } from "../../../reform/compile.js";
import { type CutProgram, cutProgram, lowerConditionsMove } from "../../../reform/valueCuts.js";
import { feasible } from "../programSolver.js";
import { FEASIBLE, type Search } from "./search.js";
import { EvenSequence } from "./sequence.js";

type Vector = Float64Array;

const ROUNDS = 10;
/** Cuts kept; the oldest goes. */
const MOST = 6;
/** The same for plain rows. */
const PLAIN_ROUNDS = 16;
const PLAIN_MOST = 24;
/** Corners make first cuts up to this many lower variables; others of an even sequence follow. */
const CORNERS = 3;
const EVEN = 4;
/** First cuts keep the lower constraints to this. */
const KEEPS = 1e-9;
/** Lower values this near, over 1 + |g|, are the same. */
const EXACT = 1e-9;
const RELAXATIONS = [1e-4, 1e-8];
const OPTIONS = { maxIterations: 200 } as const;

interface Compiled {
  readonly program: CutProgram;
  readonly compiled: CompiledProgram;
}

export function* valueCuts(search: Search): Generator<void> {
  const { oracle, model } = search;
  const starts: Vector[] = [
    ...(search.best === undefined ? [] : [search.best.u]),
    model.start(oracle.startX, oracle.startY),
    middle(search),
  ];
  const plain = !lowerConditionsMove(oracle.problem);
  for (const stationary of [true, false]) {
    const points: Vector[] = plain ? firstPoints(search) : [];
    const programs = new Map<number, Compiled>();
    // plain rows may stand twice: few programs serve for all counts
    const programOf = (needed: number): Compiled => {
      const count = plain && needed > 0 ? 2 ** Math.ceil(Math.log2(needed)) : needed;
      let found = programs.get(count);
      if (found === undefined) {
        const program = cutProgram(oracle.problem, count, stationary);
        found = { program, compiled: compileProgram(program, search.backend) };
        programs.set(count, found);
      }
      return found;
    };
    const limits = plain ? { rounds: PLAIN_ROUNDS, most: PLAIN_MOST } : { rounds: ROUNDS, most: MOST };
    for (const start of starts) yield* tighten(search, start, stationary, points, programOf, limits);
  }
}

/** Corners and some more points of the sampling box that keep the lower constraints. */
function firstPoints({ oracle, box }: Search): Vector[] {
  const { n, m, domainY, lower } = oracle;
  const low = box.lower.subarray(n);
  const high = box.upper.subarray(n);
  const rows = new Float64Array(lower.constraints.rows);
  const keeps = (y: Vector): boolean => {
    if (rows.length > 0) lower.constraints.value(oracle.startX, y, rows);
    return rows.every((c, r) => (lower.constraints.equality[r] === 1 ? Math.abs(c) : c) <= KEEPS);
  };
  const points: Vector[] = [];
  for (let corner = 0; m <= CORNERS && corner < 2 ** m; corner++) {
    points.push(Float64Array.from({ length: m }, (_, j) => (((corner >> j) & 1) === 1 ? high[j] : low[j])));
  }
  const sequence = new EvenSequence(m);
  for (let k = 0; k < EVEN; k++) {
    const y = new Float64Array(m);
    sequence.into(k, low, high, y);
    points.push(y);
  }
  for (const y of points) domainY.project(y);
  return points.filter(keeps);
}

function middle({ box, model, lower, oracle }: Search): Vector {
  const at = box.lower.map((l, j) => 0.5 * (l + box.upper[j]));
  const x = at.slice(0, oracle.n);
  const y = at.slice(oracle.n);
  return model.start(x, lower.local(x, y)?.y ?? y);
}

function* tighten(
  search: Search,
  start: Vector,
  stationary: boolean,
  points: Vector[],
  programOf: (count: number) => Compiled,
  { rounds, most }: { readonly rounds: number; readonly most: number },
): Generator<void> {
  const { oracle, model } = search;
  let x = model.x(start);
  let y = model.y(start);
  const add = (point: Vector): boolean => {
    const size = 1 + Math.hypot(...point);
    if (points.some((p) => Math.hypot(...p.map((v, j) => v - point[j])) <= 1e-7 * size)) return false;
    points.push(point.slice());
    if (points.length > most) points.shift();
    return true;
  };
  if (points.length === 0) {
    const lowest = search.lowest(x, y);
    if (lowest !== undefined) add(lowest.y);
  }
  for (let round = 0; round < rounds; round++) {
    if (search.solver.exhausted()) return;
    const u = solveWith(search, programOf(points.length), stationary ? model.start(x, y) : join(x, y), points);
    yield;
    if (u === undefined) return;
    x = model.x(u);
    y = model.y(u);
    const f = oracle.upper.value(x, y);
    if (!search.promising(f)) return;
    const lowest = search.lowest(x, y);
    if (lowest === undefined) return;
    const gap = (oracle.lower.value(x, y) - lowest.g) / (1 + Math.abs(lowest.g));
    // points within tolerance owe it something: with another cut they come closer
    const last = gap <= EXACT || round + 1 === rounds;
    if ((last || gap > FEASIBLE) && search.offer(x, y)) return;
    search.offerLower(x, lowest);
    if (gap <= EXACT) return;
    if (!add(lowest.y)) {
      search.offer(x, y);
      return;
    }
  }
}

/** The solution from `base`, undefined where none is found. */
function solveWith(search: Search, { program, compiled }: Compiled, base: Vector, points: readonly Vector[]) {
  const { solver } = search;
  let u = new Float64Array(compiled.n);
  u.set(base);
  u.fill(0.5, compiled.n - program.weights);
  const size = search.oracle.m;
  for (let k = 0; 1 + k * size < compiled.parameters.length; k++) {
    compiled.parameters.set(points[Math.min(k, points.length - 1)], 1 + k * size);
  }
  let met = false;
  for (const t of RELAXATIONS) {
    compiled.parameters[0] = t;
    const result = solver.solve(compiled, u, "single-level", OPTIONS);
    met = feasible(result);
    if (met) u = Float64Array.from(result.u);
  }
  return met ? u : undefined;
}

function join(x: Vector, y: Vector): Vector {
  return Float64Array.of(...x, ...y);
}
