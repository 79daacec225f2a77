/**
 * What keeps a problem from having a solution, examined after a run that ended without a feasible point or with a proof
 * that there is none: which constraints contradict each other, at which level, and along which ray an objective falls for
 * ever. Says `infeasible` only where that is proved: by linear programs, and by branch and bound on affine first-order
 * conditions. Deterministic; problems beyond a size are left alone.
 */
import { interpreted } from "../../codegen/backend.js";
import { impliedBoxes } from "../../curvature/implied.js";
import { loadLinearSolver } from "../../lp/linearModel.js";
import type { Result, Status } from "../../methods/result.js";
import type { Problem } from "../../model/problem.js";
import type { Oracle } from "../../oracle/oracle.js";
import { compileProgram } from "../../reform/compile.js";
import { jointProgram } from "../../reform/jointProgram.js";
import { elasticFilter } from "./elasticFilter.js";
import { affineSet, linearConflict } from "./linearConflict.js";
import { lowerFall } from "./lowerFall.js";
import { lowerObstruction } from "./lowerObstruction.js";
import { LARGEST, rowMembers } from "./member.js";
import { told } from "./told.js";
import { upperPath } from "./upperPath.js";
import {
  type Finding,
  ofConstraints,
  ofFallingPath,
  ofFarFall,
  ofLevellingPath,
  ofLowerRay,
  ofNoEquilibrium,
  ofRay,
  ofUpperConstraints,
  ofViolation,
} from "./words.js";

/** The same where only the lower level is not solved. */
const SMALL = 60;
/** Values of other methods that are better by this times 1 + |f| make an answer doubtful. */
const CLEAR = 0.1;

/** Ends that leave the question whether there is a feasible point at all. */
const open: ReadonlySet<Status> = new Set<Status>([
  "uncertified",
  "stalled",
  "iteration-limit",
  "call-limit",
  "time-limit",
  "diverged",
  "infeasible",
]);

/** The result with what was found; the very same one where there is nothing to say. */
export async function diagnosed(oracle: Oracle, result: Result, tolerance: number): Promise<Result> {
  const { problem } = oracle;
  // found before any method ran
  if (result.obstruction?.proved) return result;
  if (result.status === "unbounded") {
    return result.ray === undefined ? result : told(result, ofRay(problem, result.ray));
  }
  const rows = oracle.upper.constraints.rows + oracle.lower.constraints.rows;
  const size = problem.x.size + problem.y.size + rows;
  const asked = result.status === "infeasible" || misses(result, tolerance);
  if (open.has(result.status) && ((asked && size <= LARGEST) || (lowerBelow(result) && size <= SMALL))) {
    await loadLinearSolver();
    const finding = examined(oracle, result, tolerance);
    if (finding !== undefined) return told(result, finding);
  }
  const ended = open.has(result.status) || result.status === "not-finite";
  const [x, y] = [Float64Array.from(result.x), Float64Array.from(result.y)];
  if (result.status === "infeasible" || ![...x, ...y].every(Number.isFinite)) return result;
  if (ended && lowerBelow(result)) {
    const fall = lowerFall(oracle.fork(), x, y);
    if (fall?.at === "all") return told(result, ofLowerRay(problem, fall.ray));
    if (fall !== undefined) return told(result, ofFarFall(problem, fall.ray, fall.looked));
  }
  if (!ended && !doubtful(oracle, result)) return result;
  const path = upperPath(oracle.fork(), x, y, tolerance);
  if (path === undefined || (path.kind === "levelling" && !ended)) return result;
  const sign = problem.upper.sense === "maximize" ? -1 : 1;
  const ends = { from: sign * path.from, to: sign * path.to, distance: path.distance };
  const words = path.kind === "falling" ? ofFallingPath : ofLevellingPath;
  return told(result, words(problem, path.ray, ends));
}

/** A confirmed answer, beside which a method told of better points far away or ended at one without a certificate. */
function doubtful({ problem }: Oracle, { status, upper, remark, tried }: Result): boolean {
  if (status !== "converged" || upperIsBounded(problem)) return false;
  const sign = problem.upper.sense === "maximize" ? -1 : 1;
  const clear = CLEAR * (1 + Math.abs(upper.objective));
  return (
    remark !== undefined || tried?.some((t) => !t.certified && sign * (upper.objective - t.objective) > clear) === true
  );
}

function upperIsBounded(problem: Problem): boolean {
  const { lo, hi } = impliedBoxes(problem).x;
  return lo.every((v, i) => hi[i] - v < Number.POSITIVE_INFINITY);
}

/** The certificate met a smaller lower objective, or there is none. */
function lowerBelow({ certificate }: Result): boolean {
  return certificate === undefined || certificate.checks.some((c) => c.name === "value gap" && !c.holds);
}

/** Violated constraints, or a lower level that is unbounded at the point. */
function misses({ upper, lower, x, y, certificate }: Result, tolerance: number): boolean {
  const size = [...x, ...y].reduce((top, v) => Math.max(top, Math.abs(v)), 1);
  const most = Math.max(upper.violation, lower.violation);
  return !(most <= tolerance * size) || certificate?.valueGap === Number.POSITIVE_INFINITY;
}

function examined({ problem, startX, startY }: Oracle, result: Result, tolerance: number): Finding | undefined {
  const affine = affineSet(problem, interpreted);
  const linear = linearConflict(problem, affine);
  if (linear !== undefined && "members" in linear) return ofConstraints(problem, linear.members);
  if (affine.whole && linear !== undefined) {
    const found = lowerObstruction(problem, interpreted, linear.point);
    if (found?.kind === "upper constraints") return ofUpperConstraints(problem, found.constraints);
    // prices are no followers that a person wrote
    if (found?.kind === "no equilibrium" && problem.lowers.some((l) => l.priceOf !== undefined)) return undefined;
    if (found?.kind === "no equilibrium") return ofNoEquilibrium(problem);
    return found && ofLowerRay(problem, found.ray);
  }
  if (affine.whole || (result.status !== "infeasible" && !misses(result, tolerance))) return undefined;
  const program = jointProgram(problem);
  const here = Float64Array.from([...result.x, ...result.y]);
  const start = here.every(Number.isFinite) ? here : Float64Array.from([...startX, ...startY]);
  const size = start.reduce((top, v) => Math.max(top, Math.abs(v)), 1);
  const found = elasticFilter(compileProgram(program, interpreted), start, tolerance * size);
  if (found === undefined || found.rows.length === 0) return undefined;
  const members = rowMembers(problem, program.rows);
  return ofViolation(
    problem,
    found.violation,
    found.rows.map((i) => members[i]),
  );
}
