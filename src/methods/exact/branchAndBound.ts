/**
 * branch-and-bound: the global optimistic solution where first-order conditions are affine but for the complementarity
 * (linear or convex quadratic levels, affine constraints). See reform/affineComplementarity.ts and lp/branchAndBound.ts.
 */
import { interpreted } from "../../codegen/backend.js";
import { BranchAndBound } from "../../lp/branchAndBound.js";
import { loadLinearSolver } from "../../lp/linearModel.js";
import { affineComplementarity } from "../../reform/affineComplementarity.js";
import { LowerResponse } from "../../reform/lowerResponse.js";
import type { BilevelPoint } from "../../reform/steps/bilevelPoint.js";
import { type Running, running, StateFields } from "../kit/running.js";
import type { Method, MethodContext, MethodState } from "../method.js";

class ExactSearch extends StateFields implements Running {
  readonly multipliers: Float64Array;
  private readonly invert: ((u: Float64Array) => BilevelPoint) | undefined;
  private readonly search: BranchAndBound | undefined;
  private readonly response: LowerResponse | undefined;
  private best: Float64Array | undefined;
  ray: MethodState["ray"];

  constructor(context: MethodContext) {
    super(context.oracle);
    const { oracle } = context;
    this.multipliers = new Float64Array(oracle.lower.constraints.rows);
    const found = affineComplementarity(oracle.problem, interpreted);
    if (typeof found === "string") this.finish("stalled", `Branch and bound does not apply: ${found}.`);
    else {
      this.invert = found.invert;
      // a game has no lower program whose answer could be a candidate
      const response = oracle.problem.independentFollowers ? new LowerResponse(found) : undefined;
      this.response = response;
      this.search = new BranchAndBound(found.program, found, (u) => response?.answer(u));
    }
  }

  step(): void {
    const { search, invert } = this;
    if (search === undefined || invert === undefined) return;
    search.step();
    if (search.u !== undefined && search.u !== this.best) {
      this.best = search.u;
      const { x, y, multipliers } = invert(search.u);
      this.x.set(x);
      this.y.set(y);
      this.multipliers.set(multipliers);
      this.value = search.objective;
    }
    this.extra.nodes = search.nodes;
    this.extra.bound = search.bound;
    this.extra.gap = search.gap;
    this.stationarity = search.gap;
    if (search.status === "searching") return;
    search.dispose();
    this.response?.dispose();
    const { nodes } = search;
    const looked = `${nodes} node${nodes === 1 ? "" : "s"} of the search tree`;
    if (search.status === "optimal") {
      this.remark = `No point of the upper level is better: proved by ${looked}.`;
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

export const branchAndBound: Method<Running> = {
  id: "branch-and-bound",
  title: "Branch and bound on the complementarities of the lower level",
  reference:
    "Fortuny-Amat and McCarl, J. Oper. Res. Soc. 32, 1981 (first-order conditions); Bard and Moore, SIAM J. Sci. Stat. Comput. 11, 1990 (branching without bounds on multipliers)",
  formulas: [
    "min f(x, y)  subject to  ∇y g + h_yᵀ z = 0,  h(x, y) <= 0,  z >= 0,  z_j h_j(x, y) = 0,  upper constraints",
    "relaxation: z_j h_j = 0 left out; child nodes: h_j = 0 or z_j = 0 for the largest min(z_j, -h_j)",
    "best bound first, dives; every point with all pairs decided is solved again; linear and quadratic programs by HiGHS",
  ],
  assumptions:
    "Lower objectives linear or convex quadratic in their own variables, all constraints affine, upper objective linear or convex quadratic. Followers may depend on each other: then over all their Nash equilibria (of shared constraints: with multipliers of their own).",
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
  prepare: loadLinearSolver,
  init: (context) => new ExactSearch(context),
  ...running,
};
