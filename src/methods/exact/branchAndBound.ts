/**
 * branch-and-bound: the global optimistic solution where first-order conditions are affine but for the complementarity
 * (linear or convex quadratic levels, affine constraints). See reform/affineComplementarity.ts; linear levels whose lower
 * objective does not depend on x go to lp/separableSearch.ts, all others to lp/branchAndBound.ts.
 */
import { interpreted } from "../../codegen/backend.js";
import { BranchAndBound } from "../../lp/branchAndBound.js";
import { loadLinearSolver } from "../../lp/linearModel.js";
import type { Search } from "../../lp/search.js";
import { SeparableSearch } from "../../lp/separableSearch.js";
import { isSmall } from "../../lp/smallModel.js";
import type { Counts } from "../../oracle/oracle.js";
import { type AffineComplementarity, affineComplementarity } from "../../reform/affineComplementarity.js";
import { hasLinearFollowers, LowerResponse } from "../../reform/lowerResponse.js";
import { type Running, running, StateFields } from "../kit/running.js";
import type { Method, MethodContext, MethodState } from "../method.js";

class ExactSearch extends StateFields implements Running {
  readonly multipliers: Float64Array;
  private readonly found: AffineComplementarity | undefined;
  private readonly response: LowerResponse | undefined;
  private search: Search | undefined;
  private separable = false;
  private best: Float64Array | undefined;
  private readonly sign: number;
  ray: MethodState["ray"];
  proof: MethodState["proof"];

  constructor(context: MethodContext) {
    super(context.oracle);
    const { problem, lower } = context.oracle;
    this.sign = problem.upper.sense === "maximize" ? -1 : 1;
    this.multipliers = new Float64Array(lower.constraints.rows);
    const found = affineComplementarity(problem, interpreted);
    if (typeof found === "string") this.finish("stalled", `Branch and bound does not apply: ${found}.`);
    else {
      this.found = found;
      // a game has no lower program whose answer could be a candidate
      this.response = problem.independentFollowers ? new LowerResponse(found) : undefined;
      const search = SeparableSearch.of(found.program, found);
      this.separable = search !== undefined;
      this.search = search ?? this.general(found);
    }
  }

  private general(found: AffineComplementarity): Search {
    return new BranchAndBound(found.program, found, (u) => this.response?.answer(u));
  }

  step({ oracle }: MethodContext): void {
    const { search, found } = this;
    if (search === undefined || found === undefined) return;
    const { invert } = found;
    const before = search.programs;
    search.step();
    charge(oracle.counts, search.programs - before);
    if (search.status === "failed" && this.separable) {
      // rounding errors that its own tableaus could not settle
      this.separable = false;
      search.dispose();
      this.search = this.general(found);
      return;
    }
    if (search.u !== undefined && search.u !== this.best) {
      this.best = search.u;
      const { x, y, multipliers } = invert(search.u);
      this.x.set(x);
      this.y.set(y);
      this.multipliers.set(multipliers);
      this.value = search.objective;
    }
    this.extra.nodes = search.nodes;
    this.extra.programs = search.programs;
    this.extra.bound = search.bound;
    this.extra.gap = search.gap;
    this.stationarity = search.gap;
    if (search.status === "searching") {
      this.remark = openRemark(search, this.sign);
      return;
    }
    search.dispose();
    this.response?.dispose();
    const looked = effort(search);
    if (search.status === "optimal") {
      const gap = search.gap > 1e-12 ? ` by more than ${search.gap.toExponential(1)}, relatively` : "";
      this.remark = `No point of the upper level is better${gap}: proved by ${looked}.`;
      this.proof = { bound: search.bound, words: `a search tree that is exhausted (${looked})` };
      this.finish("converged", "The search tree is exhausted.");
    } else if (search.status === "infeasible") {
      this.finish("infeasible", `No x has a lower solution within all constraints: proved by ${looked}.`);
    } else if (search.status === "unbounded") {
      this.ray = search.ray && invert(search.ray);
      this.value = Number.NaN;
      this.finish("unbounded", "The upper objective falls without bound along lower solutions: proved.");
    } else this.finish("stalled", "A relaxation could not be solved; nothing is proved.");
  }

  backOff(): boolean {
    return false;
  }
}

/**
 * What a search works with is data, read off the problem once. So that its work is comparable all the same, each linear or quadratic
 * program counts as a gradient of each level and a Jacobian of the constraints.
 */
function charge(counts: Counts, programs: number): void {
  counts.upperGradient += programs;
  counts.lowerGradient += programs;
  counts.constraintJacobian += programs;
}

function effort({ nodes, programs }: Search): string {
  const some = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
  return `${some(nodes, "node")} of the search tree and ${some(programs, "linear or quadratic program")}`;
}

/** What holds where the search ends before its time. */
function openRemark(search: Search, sign: number): string {
  const { bound, gap, u } = search;
  const known = Number.isFinite(bound)
    ? `no point of the upper level is better than ${(sign * bound).toPrecision(8)}`
    : "no bound is known";
  const looked = `after ${effort(search)}`;
  return u === undefined
    ? `No feasible point was found yet; ${known}, ${looked}.`
    : `Not proved to be the best: ${known}, a gap of ${(100 * gap).toPrecision(2)} %, ${looked}.`;
}

export const branchAndBound: Method<Running> = {
  id: "branch-and-bound",
  title: "Branch and bound on the complementarities of the lower level",
  reference:
    "Fortuny-Amat and McCarl, J. Oper. Res. Soc. 32, 1981 (first-order conditions); Bard and Moore, SIAM J. Sci. Stat. Comput. 11, 1990 (branching without bounds on multipliers); Hansen, Jaumard and Savard, SIAM J. Sci. Stat. Comput. 13, 1992 (linear levels: lower constraints of which one must be tight); Labbé, Marcotte and Savard, Management Sci. 44, 1998 (income from prices that followers pay is linear by duality)",
  formulas: [
    "min f(x, y)  subject to  ∇y g + h_yᵀ z = 0,  h(x, y) <= 0,  z >= 0,  z_j h_j(x, y) = 0,  upper constraints",
    "relaxation: z_j h_j = 0 left out; child nodes: h_j = 0 or z_j = 0 for the largest min(z_j, -h_j)",
    "f with products of both levels' variables: f + Σ w_i y_i (∇y L)_i + Σ w_j z_j h_j + Σ w_k v_k e_k, the same at every lower solution, with weights that make it convex",
    "linear levels, g = eᵀy: a direction r with eᵀr < 0 proves that one of the lower constraints with ∇h_jᵀr > 0 is tight; the bound is the least of their relaxations, over the directions for which it is largest",
    "best bound first, dives; every point with all pairs decided is solved again; linear and quadratic programs by HiGHS, small linear ones by a dense simplex method",
  ],
  assumptions:
    "Lower objectives linear or convex quadratic in their own variables, all constraints affine, upper objective linear or convex quadratic, or made so by products that vanish at lower solutions (income from prices that followers pay, or that a market makes). Followers may depend on each other: then over all their Nash equilibria (of shared constraints: with multipliers of their own).",
  failures: "The tree grows exponentially with the number of lower inequalities in the worst case.",
  requirements: {
    order: 2,
    class: "linear and convex quadratic levels with affine constraints",
    upperDomain: true,
    lowerDomain: true,
    upperConstraints: true,
    lowerConstraints: true,
    minimaxOnly: false,
    dependentFollowers: true,
    structure: (problem) => {
      const found = affineComplementarity(problem, interpreted);
      return typeof found === "string" ? found : undefined;
    },
  },
  parameters: [],
  prepare: async (problem) => {
    const found = affineComplementarity(problem, interpreted);
    if (typeof found === "string" || !isSmall(found.program) || !hasLinearFollowers(found)) await loadLinearSolver();
  },
  init: (context) => new ExactSearch(context),
  ...running,
};
