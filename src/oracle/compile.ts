/** Makes the oracle of a checked problem. Nothing is differentiated or compiled until a query is asked for. */
import { generated, interpreted } from "../codegen/backend.js";
import type { Backend } from "../codegen/kernel.js";
import type { Problem, Variable } from "../model/problem.js";
import { constraintOracle } from "./constraints.js";
import { countsOf, emptyTallies } from "./counts.js";
import { fusedDescent } from "./descent.js";
import { domainOracle } from "./domain.js";
import type { Engine, LevelName, ProblemKernels } from "./engine.js";
import { graphEngine } from "./graphEngine.js";
import { levelOracle } from "./level.js";
import type { DomainOracle, LevelOracle, Oracle } from "./oracle.js";
import { ShareTally } from "./sampledLevel.js";
import { type Samples, sampledView } from "./sampledOracle.js";

export interface OracleOptions {
  /** `interpreted` never evaluates text; the default generates JavaScript. */
  readonly backend?: "generated" | "interpreted";
  /** Computes the kernels in place of a back end. */
  readonly engine?: Engine;
}

export function compileOracle(problem: Problem, options: OracleOptions = {}): Oracle {
  const backend = options.backend === "interpreted" ? interpreted : generated;
  const engine = options.engine ?? graphEngine(backend);
  const variablesY = problem.lowers.flatMap((l) => l.variables);
  const domainX = domainOracle(problem.upper.variables, problem.x.size);
  const domainY = domainOracle(variablesY, problem.y.size);
  return assemble({
    problem,
    backend,
    kernels: engine.compile(problem),
    domainX,
    domainY,
    startX: start(problem.upper.variables, problem.x.size, domainX),
    startY: start(variablesY, problem.y.size, domainY),
  });
}

interface Parts extends Pick<Oracle, "problem" | "domainX" | "domainY" | "startX" | "startY"> {
  readonly backend: Backend;
  readonly kernels: ProblemKernels;
}

/** An oracle with counters at zero, and with linearizations of its own, over kernels that all forks share. */
function assemble(parts: Parts): Oracle {
  const { problem, backend, kernels, domainX, domainY, startX, startY } = parts;
  const n = problem.x.size;
  const m = problem.y.size;
  const tallies = emptyTallies();
  const rowsOf = {
    upper: problem.upper.constraints,
    lower: problem.lowers.flatMap((l) => l.constraints),
  };
  const level = (name: LevelName) => {
    const rows = constraintOracle(kernels, name, rowsOf[name], tallies.constraints, tallies[name], n, m);
    return levelOracle(kernels, name, tallies[name], n, m, rows);
  };
  const upper = level("upper");
  const lower = level("lower");
  const descent = fusedDescent(kernels, tallies, upper, lower);
  Object.assign(upper, { descent });
  Object.assign(lower, { descent });
  const samples = (name: LevelName, exact: LevelOracle): Samples => {
    const marks = kernels.thinned === undefined ? [] : problem.samples.filter((s) => s.level === name);
    const whole = marks.reduce((sum, s) => sum + s.terms, 0);
    return {
      sums: marks,
      thinned(sizes, scales) {
        const thin = kernels.thinned!(name, { sizes, scales });
        const share = new ShareTally(
          tallies[name],
          sizes.reduce((sum, size) => sum + size, 0),
          whole,
        );
        return { level: levelOracle(thin, name, share, n, m, exact.constraints), kernels: thin };
      },
    };
  };
  const oracle: Oracle = {
    problem,
    n,
    m,
    startX,
    startY,
    upper,
    lower,
    domainX,
    domainY,
    counts: countsOf(tallies),
    backend,
    fork: () => assemble(parts),
    sampled: (options) =>
      sampledView(oracle, { upper: samples("upper", upper), lower: samples("lower", lower) }, options),
  };
  return oracle;
}

function start(variables: readonly Variable[], size: number, domain: DomainOracle): Float64Array {
  const at = new Float64Array(size);
  for (const v of variables) at.set(v.init, v.offset);
  domain.project(at);
  return at;
}
