/**
 * kkt-auto: a portfolio of single-level programs, searches and filters for problems with constraints at either level and lower
 * levels that need not be convex. The stages are in portfolio/order.ts, what they share in portfolio/search.ts.
 */
import { type Running, running, StateFields } from "../kit/running.js";
import type { Method, MethodContext } from "../method.js";
import { stages } from "./portfolio/order.js";
import { type Incumbent, Search } from "./portfolio/search.js";

const NOTHING = "No start led to a point that keeps all constraints and solves the lower level.";
const ATTAINED = "No point of the domains has a lower upper objective, by interval arithmetic.";
const AWAY = "Better points were met very far from the start only: the upper objective may fall without bound.";

class Portfolio extends StateFields implements Running {
  readonly multipliers: Float64Array;
  readonly search: Search;
  private readonly work: Generator<void>;
  private readonly quick: boolean;
  private published: Incumbent | undefined;

  constructor(context: MethodContext) {
    super(context.oracle);
    this.multipliers = new Float64Array(context.oracle.lower.constraints.rows);
    this.search = new Search(context.oracle, context.exhausted);
    this.quick = context.parameters.quick === true;
    this.work = this.pieces();
  }

  private *pieces(): Generator<void> {
    const { search, extra } = this;
    for (const [k, stage] of stages.entries()) {
      if (!stage.when(search)) continue;
      if (this.quick && search.best !== undefined) return;
      search.stage = stage.name;
      extra.stage = k + 1;
      for (const _ of stage.run(search)) {
        if (search.attained) return;
        yield;
      }
    }
  }

  step(): void {
    const { search, extra } = this;
    const { done } = this.work.next();
    const { best } = search;
    extra.rejected = search.rejected;
    if (best !== undefined && best !== this.published) this.publish(best);
    if (search.far > 0) this.remark = AWAY;
    if (done !== true || search.solver.exhausted()) return;
    if (best === undefined) this.finish("stalled", NOTHING);
    else {
      const end = search.attained ? ATTAINED : "No proof of global optimality.";
      const how = search.lower.convex ? "one lower solve each" : "lower solves from several starts";
      this.finish("converged", `Best of all stages, found by ${best.stage}; candidates were checked by ${how}. ${end}`);
    }
  }

  private publish(best: Incumbent): void {
    this.published = best;
    this.x.set(best.x);
    this.y.set(best.y);
    this.value = best.f;
    this.multipliers.set(this.search.model.pairs.invert(best.u).multipliers);
  }

  backOff(): boolean {
    return false;
  }
}

export const kktAuto: Method<Running> = {
  id: "kkt-auto",
  title: "Portfolio: first-order conditions from several starts, direct search, value cuts, and a filter",
  reference:
    "relaxation: Scholtes, SIAM J. Optim. 11, 2001; decided pairs: Bard and Moore 1990; value cuts: Mitsos, Lemonidis and Barton, J. Global Optim. 42, 2008; simplex search: Nelder and Mead 1965",
  formulas: [
    ...stages.map(({ name, what }) => `${name}: ${what}`),
    "filter: h(x, y) <= 0 to 1e-6 and g(x, y) <= min g(x, .) + 1e-6 (1 + |g|) by independent lower solves, else (x, y_low)",
  ],
  assumptions:
    "f, g and constraints twice continuously differentiable. Nothing else is assumed: the filter rejects stationary points that are no lower solutions.",
  failures:
    "No proof: for lower levels that are not convex the filter is as good as its lower solves from several starts. Solutions without multipliers are found by direct search only, for few upper variables. Infima that are not attained are approached.",
  requirements: {
    order: 2,
    class: "any smooth lower level of moderate size",
    upperDomain: true,
    lowerDomain: true,
    upperConstraints: true,
    lowerConstraints: true,
    minimaxOnly: false,
  },
  parameters: [
    {
      name: "quick",
      type: "boolean",
      default: false,
      doc: "end with the first point that passes the filter instead of going through all stages",
    },
  ],
  anyStart: true,
  init: (context) => new Portfolio(context),
  ...running,
};
