/** The search for linear lower levels against enumeration over the lower level's bases, and against the general search. */
import { beforeAll, describe, expect, test } from "vitest";
import { BranchAndBound } from "../../src/lp/branchAndBound.js";
import { linearModel, loadLinearSolver } from "../../src/lp/linearModel.js";
import type { QuadraticProgram } from "../../src/lp/quadratic.js";
import type { Search } from "../../src/lp/search.js";
import { SeparableSearch } from "../../src/lp/separableSearch.js";
import { createRandom } from "../../src/num/random.js";

const inf = Number.POSITIVE_INFINITY;
beforeAll(loadLinearSolver);

interface Made {
  readonly program: QuadraticProgram;
  readonly slackRow: Int32Array;
  readonly multiplier: Int32Array;
}

interface Kind {
  readonly n: number;
  readonly m: number;
  readonly rows: number;
  /** Small integers: ties and degenerate vertices. */
  readonly integer?: boolean;
  readonly equality?: boolean;
  /** An upper constraint that holds y. */
  readonly coupling?: boolean;
  /** No upper limits of y: multipliers and lower levels may be unbounded. */
  readonly open?: boolean;
  readonly lowerBounds?: boolean;
}

/** min c·x + d·y, x in [0, 4], y in argmin { e·y : A x + B y <= b, y >= 0 (<= 3) }: its first-order conditions. */
function made(seed: number, kind: Kind): Made {
  const random = createRandom(seed);
  const number = (): number => (kind.integer ? random.integer(7) - 3 : 6 * random.uniform() - 3);
  const { n, m, rows } = kind;
  const slacks: { readonly a: number[]; readonly b: number }[] = [];
  for (let i = 0; i < rows; i++) {
    slacks.push({ a: Array.from({ length: n + m }, number), b: number() + (kind.integer ? 4 : 4.5) });
  }
  const unit = (j: number, value: number): number[] =>
    Array.from({ length: n + m }, (_, k) => (k === n + j ? value : 0));
  const floor = kind.lowerBounds ? -1 : 0;
  for (let j = 0; j < m; j++) {
    slacks.push({ a: unit(j, -1), b: -floor });
    if (!kind.open) slacks.push({ a: unit(j, 1), b: 3 });
  }
  const equalities = kind.equality ? [{ a: Array.from({ length: n + m }, number), b: number() }] : [];
  const upperRows = kind.coupling ? [{ a: Array.from({ length: n + m }, number), b: 2 }] : [];
  const pairs = slacks.length;
  const size = n + m + pairs + equalities.length;
  const entries: [number, number, number][] = [];
  const rowLower: number[] = [];
  const rowUpper: number[] = [];
  const add = (row: readonly number[], low: number, high: number): void => {
    row.forEach((a, j) => {
      if (a !== 0) entries.push([rowLower.length, j, a]);
    });
    rowLower.push(low);
    rowUpper.push(high);
  };
  for (const { a, b } of upperRows) add(a, -inf, b);
  for (const { a, b } of equalities) add(a, b, b);
  for (let j = 0; j < m; j++) {
    const e = number();
    const own = [...slacks, ...equalities].map(({ a }) => a[n + j]);
    add([...new Array<number>(n + m).fill(0), ...own], -e, -e);
  }
  const slackFrom = rowLower.length;
  for (const { a, b } of slacks) add(a, -inf, b);
  return {
    program: {
      n: size,
      rows: rowLower.length,
      cost: Float64Array.from({ length: size }, (_, j) => (j < n + m ? number() : 0)),
      offset: 0.5,
      hessian: undefined,
      matrix: {
        rows: Int32Array.from(entries, (e) => e[0]),
        columns: Int32Array.from(entries, (e) => e[1]),
        values: Float64Array.from(entries, (e) => e[2]),
      },
      lower: Float64Array.from({ length: size }, (_, j) =>
        j < n ? 0 : j < n + m ? floor : j < n + m + pairs ? 0 : -inf,
      ),
      upper: Float64Array.from({ length: size }, (_, j) => (j < n ? 4 : j < n + m && !kind.open ? 3 : inf)),
      rowLower: Float64Array.from(rowLower),
      rowUpper: Float64Array.from(rowUpper),
    },
    slackRow: Int32Array.from({ length: pairs }, (_, j) => slackFrom + j),
    multiplier: Int32Array.from({ length: pairs }, (_, j) => n + m + j),
  };
}

/**
 * Multipliers may be taken at a vertex: at most m of them (with the equalities') are not zero. The best over all such sets of
 * tight pairs, each one linear program; Infinity where there is no point, -Infinity where one of them is unbounded.
 */
function enumerated({ program, slackRow, multiplier }: Made, most: number): number {
  let best = inf;
  const model = linearModel(program);
  const pairs = slackRow.length;
  const fix = (j: number, tight: boolean): void => {
    const limit = program.rowUpper[slackRow[j]];
    model.setRow(slackRow[j], tight ? limit : -inf, limit);
    model.setColumn(multiplier[j], 0, tight ? inf : 0);
  };
  for (let j = 0; j < pairs; j++) fix(j, false);
  const visit = (from: number, left: number): void => {
    const status = model.solve();
    if (status === "optimal") best = Math.min(best, model.objective);
    else if (status === "unbounded") best = -inf;
    for (let j = from; left > 0 && j < pairs; j++) {
      fix(j, true);
      visit(j + 1, left - 1);
      fix(j, false);
    }
  };
  visit(0, most);
  model.dispose();
  return best;
}

function run(search: Search): Search {
  while (search.status === "searching") search.step();
  search.dispose();
  return search;
}

/** The point satisfies all of the program and its pairs. */
function check({ program, slackRow, multiplier }: Made, u: Float64Array, objective: number): void {
  const rows = new Float64Array(program.rows);
  program.matrix.rows.forEach((i, e) => {
    rows[i] += program.matrix.values[e] * u[program.matrix.columns[e]];
  });
  const least = (values: Float64Array): number => values.reduce((a, b) => Math.min(a, b), inf);
  expect(least(rows.map((v, i) => Math.min(v - program.rowLower[i], program.rowUpper[i] - v)))).toBeGreaterThan(-1e-7);
  expect(least(u.map((v, j) => Math.min(v - program.lower[j], program.upper[j] - v)))).toBeGreaterThan(-1e-7);
  slackRow.forEach((row, j) => {
    expect(Math.min(program.rowUpper[row] - rows[row], u[multiplier[j]])).toBeLessThan(1e-7);
  });
  expect(u.reduce((sum, v, j) => sum + v * program.cost[j], program.offset)).toBeCloseTo(objective, 7);
}

const kinds: readonly (readonly [string, Kind, number, number])[] = [
  ["general", { n: 2, m: 2, rows: 4 }, 40, 25],
  ["degenerate", { n: 2, m: 2, rows: 4, integer: true }, 40, 25],
  ["equality rows", { n: 2, m: 3, rows: 2, equality: true }, 25, 8],
  [
    "degenerate, equality rows, lower bounds",
    { n: 2, m: 2, rows: 3, equality: true, integer: true, lowerBounds: true },
    30,
    10,
  ],
  ["coupling constraints", { n: 2, m: 2, rows: 4, coupling: true }, 30, 12],
  ["multipliers without bound", { n: 2, m: 2, rows: 3, open: true, integer: true }, 40, 8],
  ["three lower variables", { n: 3, m: 3, rows: 2, lowerBounds: true }, 12, 8],
];

describe("linear lower levels", () => {
  test.each(kinds)("the best of all vertices of the multipliers: %s", (_, kind, count, least) => {
    let proved = 0;
    for (let seed = 1; seed <= count; seed++) {
      const problem = made(seed, kind);
      const wanted = enumerated(problem, kind.m);
      const search = SeparableSearch.of(problem.program, problem);
      if (search === undefined) continue;
      const found = run(search);
      if (wanted === -inf) continue;
      if (wanted === inf) expect(found.status, `seed ${seed}`).toBe("infeasible");
      else {
        proved++;
        expect(found.status, `seed ${seed}`).toBe("optimal");
        expect(found.objective, `seed ${seed}`).toBeCloseTo(wanted, 6);
        expect(found.gap).toBeLessThan(2e-7);
        check(problem, found.u!, found.objective);
      }
    }
    expect(proved).toBeGreaterThanOrEqual(least);
  });

  test("the answers of the general search at larger sizes, in fewer nodes", () => {
    let nodes = 0;
    let general = 0;
    for (let seed = 1; seed <= 6; seed++) {
      const problem = made(seed, { n: 6, m: 6, rows: 8, coupling: seed % 2 === 0, integer: seed > 3 });
      const found = run(SeparableSearch.of(problem.program, problem)!);
      const other = run(new BranchAndBound(problem.program, problem));
      expect(found.status).toBe(other.status);
      if (found.status !== "optimal") continue;
      expect(found.objective).toBeCloseTo(other.objective, 6);
      check(problem, found.u!, found.objective);
      nodes += found.nodes;
      general += other.nodes;
    }
    expect(nodes).toBeGreaterThan(0);
    expect(nodes).toBeLessThan(general);
  });

  test("a bound below the best point at every step", () => {
    const problem = made(3, { n: 8, m: 8, rows: 10 });
    const { objective } = run(SeparableSearch.of(problem.program, problem)!);
    const search = SeparableSearch.of(problem.program, problem)!;
    let last = -inf;
    while (search.status === "searching") {
      expect(search.bound).toBeLessThanOrEqual(objective + 1e-9);
      expect(search.bound).toBeGreaterThanOrEqual(last - 1e-7);
      last = search.bound;
      search.step();
    }
    expect(search.gap).toBeLessThan(2e-7);
  });

  test("programs whose multipliers share rows with other variables are left to the general search", () => {
    const problem = made(1, { n: 2, m: 2, rows: 3 });
    const { matrix } = problem.program;
    // the lower objective depends on x: an entry of x in a stationarity row
    const mixed = {
      rows: Int32Array.from([...matrix.rows, 0]),
      columns: Int32Array.from([...matrix.columns, 0]),
      values: Float64Array.from([...matrix.values, 1]),
    };
    expect(SeparableSearch.of({ ...problem.program, matrix: mixed }, problem)).toBeUndefined();
  });
});
