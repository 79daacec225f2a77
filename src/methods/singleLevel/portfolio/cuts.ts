/**
 * Value-function cuts for lower levels that are not convex: the complementarity program (or the constraints alone) is solved,
 * the lower level is solved globally at its x, and where that is lower than what the program claimed, its solution makes a cut
 * (reform/valueCuts.ts) that holds at every x. Ends where a point passes the filter or nothing better than the best is left.
 */
import { type CompiledProgram, compileProgram } from "../../../reform/compile.js";
import { type CutProgram, cutProgram } from "../../../reform/valueCuts.js";
import { feasible } from "../programSolver.js";
import { FEASIBLE, type Search } from "./search.js";

type Vector = Float64Array;

const ROUNDS = 10;
/** Cuts kept; the oldest goes. */
const MOST = 6;
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
  for (const stationary of [true, false]) {
    const points: Vector[] = [];
    const programs = new Map<number, Compiled>();
    const programOf = (count: number): Compiled => {
      let found = programs.get(count);
      if (found === undefined) {
        const program = cutProgram(oracle.problem, count, stationary);
        found = { program, compiled: compileProgram(program, search.backend) };
        programs.set(count, found);
      }
      return found;
    };
    for (const start of starts) yield* tighten(search, start, stationary, points, programOf);
  }
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
): Generator<void> {
  const { oracle, model } = search;
  let x = model.x(start);
  let y = model.y(start);
  const add = (point: Vector): boolean => {
    const size = 1 + Math.hypot(...point);
    if (points.some((p) => Math.hypot(...p.map((v, j) => v - point[j])) <= 1e-7 * size)) return false;
    points.push(point.slice());
    if (points.length > MOST) points.shift();
    return true;
  };
  if (points.length === 0) {
    const lowest = search.lowest(x, y);
    if (lowest !== undefined) add(lowest.y);
  }
  for (let round = 0; round < ROUNDS; round++) {
    if (search.solver.exhausted()) return;
    const u = solveWith(search, programOf(points.length), stationary ? model.start(x, y) : join(x, y), points);
    yield;
    if (u === undefined) return;
    x = model.x(u);
    y = model.y(u);
    const f = oracle.upper.value(x, y);
    if (!search.promising(f)) return;
    if (search.offer(x, y)) return;
    const lowest = search.lowest(x, y);
    if (lowest === undefined) return;
    search.offerLower(x, lowest);
    const g = oracle.lower.value(x, y);
    if (g <= lowest.g + FEASIBLE * (1 + Math.abs(g)) || !add(lowest.y)) return;
  }
}

/** The solution from `base`, undefined where none is found. */
function solveWith(search: Search, { program, compiled }: Compiled, base: Vector, points: readonly Vector[]) {
  const { solver } = search;
  let u = new Float64Array(compiled.n);
  u.set(base);
  u.fill(0.5, compiled.n - program.weights);
  points.forEach((p, k) => {
    compiled.parameters.set(p, 1 + k * p.length);
  });
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
