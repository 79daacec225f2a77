/**
 * A lower level without solutions because its objective falls for ever along a ray that keeps its constraints: looked for at points
 * (farFall.ts), then proved for all x (fallsAlong.ts). Where there is no proof, as many other x are looked at as it takes to say that
 * it is the same everywhere.
 */
import { impliedBoxes } from "../../curvature/implied.js";
import type { Result } from "../../methods/result.js";
import { createRandom } from "../../num/random.js";
import { norm } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";
import { unrun } from "../result.js";
import type { SolveRequest } from "../solving.js";
import { fallsAlong } from "./fallsAlong.js";
import { farFalls } from "./farFall.js";
import { told } from "./told.js";
import { ofLowerRay } from "./words.js";

type Vector = Float64Array;

/** Rays for which a proof is tried. */
const RAYS = 4;
/** Upper points that are looked at beside the given one. */
const SAMPLES = 20;

export interface LowerFall {
  readonly ray: Vector;
  /** `all`: proved, at all x that the lower constraints allow. `sampled`: seen at every x looked at. `here`: seen at the x given. */
  readonly at: "all" | "sampled" | "here";
  /** How many x were looked at. */
  readonly looked: number;
}

/** Undefined where no such ray was met from y at x. */
export function lowerFall(oracle: Oracle, x: Vector, y: Vector): LowerFall | undefined {
  const { problem, n } = oracle;
  // oracles written by hand carry no graph
  const written = problem.builder !== undefined;
  const rays = farFalls(oracle, x, y, RAYS);
  if (rays.length === 0) return undefined;
  const proved = written ? rays.find((ray) => fallsAlong(problem, ray, y)) : undefined;
  if (proved !== undefined) return { ray: proved, at: "all", looked: 1 };
  const box = written ? impliedBoxes(problem).x : { lo: oracle.domainX.lower, hi: oracle.domainX.upper };
  const random = createRandom(1).split("far");
  const size = 1 + norm(x);
  // slopes vanish at zero and at bounds rather than elsewhere
  const special = [new Float64Array(n), box.lo, box.hi].filter((at) => at.every(Number.isFinite));
  for (let k = 0; k < SAMPLES; k++) {
    const at =
      special[k]?.slice() ??
      Float64Array.from({ length: n }, (_, i) => {
        const width = box.hi[i] - box.lo[i];
        return width < Number.POSITIVE_INFINITY ? box.lo[i] + width * random.uniform() : x[i] + size * random.normal();
      });
    for (let i = 0; i < n; i++) at[i] = Math.min(box.hi[i], Math.max(box.lo[i], at[i]));
    oracle.domainX.project(at);
    if (farFalls(oracle, at, y).length === 0) return { ray: rays[0], at: "here", looked: 1 };
  }
  return { ray: rays[0], at: "sampled", looked: SAMPLES + 1 };
}

/**
 * The result of a problem whose lower level is proved from the start to fall for ever at all x, in the name of the method that would
 * have come first: cheap enough to look before any method runs. Undefined where nothing is proved.
 */
export function withoutLowerSolution(
  oracle: Oracle,
  method: string,
  { parameters, seed, warnings }: Pick<SolveRequest, "parameters" | "seed" | "warnings">,
): Result | undefined {
  const { problem, startX: x, startY: y } = oracle;
  // sums over data are what evaluations are dear for
  if (problem.builder === undefined || problem.samples.length > 0) return undefined;
  const ray = farFalls(oracle.fork(), x, y, RAYS).find((d) => fallsAlong(problem, d, y));
  return ray && told(unrun(oracle, method, parameters, seed, "unbounded", warnings), ofLowerRay(problem, ray));
}
