/**
 * The certificate: an independent verdict on a point (x, y). It uses the problem and the point only, asks a fork of the
 * oracle, and shares no minimiser and no adjoint solver with the methods. Parts that a budget or the problem's size leave
 * out are named in the checks, never dropped silently.
 */

import type { Proof } from "../methods/method.js";
import type { Certificate, CertificateCheck } from "../methods/result.js";
import type { Random } from "../num/random.js";
import { allFinite, norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { Checks, short } from "./checks.js";
import { verifyConstrainedLower } from "./constrainedLower.js";
import { verifyConstrainedUpper } from "./constrainedUpper.js";
import { feasibilityChecks } from "./feasibility.js";
import { checkLowerFormula } from "./formulaCheck.js";
import { verifyGame } from "./game/gameLower.js";
import { verifyGameUpper } from "./game/gameUpper.js";
import { type ImplicitGradient, implicitGradient } from "./implicitGradient.js";
import { type LowerVerdict, verifyLower } from "./lowerVerdict.js";
import { FEW, type Restart } from "./neighbourhood.js";
import { rivals } from "./rivals.js";
import { verifyUpper } from "./upperVerdict.js";

type Vector = Float64Array;

export interface CertifyOptions {
  /** Relative tolerance on stationarity, as asked for by the user. */
  readonly tolerance: number;
  readonly random: Random;
  /** Seconds after which remaining parts are skipped (and named); default 10. */
  readonly seconds?: number | undefined;
  /** A global bound that the method proved: taken where neighbours of x are too many to compare. */
  readonly proof?: Proof | undefined;
  /** Further reasons to stop early: cancellation. */
  readonly exhausted?: (() => boolean) | undefined;
}

export interface Examination {
  readonly certificate: Certificate;
  /** The lowest lower solution found at x, from which a run may go on where y was not one. */
  readonly lowerSolution: Vector;
  /** A better point that was met on the way to a refusal: a lower y, an optimistic y, a better neighbour of x. */
  readonly restart?: Restart | undefined;
}

/** The verdict on (x, y). */
export function certify(oracle: Oracle, x: Vector, y: Vector, options: CertifyOptions): Certificate {
  return examine(oracle, x, y, options).certificate;
}

/** The verdict with the lower solution it rests on. */
export function examine(original: Oracle, x: Vector, y: Vector, options: CertifyOptions): Examination {
  const steps = examineSteps(original, x, y, options);
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
  }
}

/** The same in pieces: pauses between lower solves, so that a caller can let the event loop turn. */
export function* examineSteps(
  original: Oracle,
  x: Vector,
  y: Vector,
  options: CertifyOptions,
): Generator<void, Examination, void> {
  const oracle = original.fork();
  const checks = new Checks();
  if (!allFinite(x) || !allFinite(y)) {
    checks.add("finite", Number.NaN, 0, false, "The point is not finite.");
    return { certificate: assemble(checks, undefined, undefined, Number.NaN), lowerSolution: y };
  }
  const exhausted = deadline(options);
  const random = options.random.split("certificate");
  const violation = feasibilityChecks(oracle, x, y, options.tolerance, checks);
  if (oracle.problem.independentFollowers === false) {
    const game = yield* verifyGame(oracle, x, y, options.tolerance, random, exhausted, checks);
    if (game.solved) {
      const along = random.split("neighbours");
      yield* verifyGameUpper(oracle, x, game, options.tolerance, along, exhausted, checks);
    }
    return { certificate: assemble(checks, game, undefined, violation, oracle, x), lowerSolution: game.y };
  }
  const constrained = oracle.lower.constraints.rows > 0;
  const verify = constrained ? verifyConstrainedLower : verifyLower;
  const lower = yield* verify(oracle, x, y, options.tolerance, random, exhausted, checks);
  if (lower.solved) checkLowerFormula(oracle, x, y, lower.L, options.tolerance, checks);
  let implicit: ImplicitGradient | undefined;
  let better: Restart | undefined;
  const along = lower.solved && oracle.n <= FEW ? random.split("rivals") : undefined;
  const others = along === undefined ? [] : rivals(lower.softened?.oracle ?? oracle, x, lower, along, exhausted);
  yield;
  const rows = constrained || oracle.upper.constraints.rows > 0;
  if (lower.solved && options.proof !== undefined && oracle.n > FEW) {
    checkBound(oracle, x, y, options.proof, checks);
    return { certificate: assemble(checks, lower, undefined, violation, oracle, x), lowerSolution: lower.y };
  }
  if (lower.solved && !rows)
    implicit = implicitGradient(oracle, x, lower.y, lower.L, random.split("spectrum"), exhausted);
  // Lower solutions that form a set are followed by their optimistic choice, isolated ones by comparing all of them.
  if (lower.solved && (rows || (others.length > 0 && implicit?.singular === false))) {
    better = yield* verifyConstrainedUpper(
      lower.softened?.oracle ?? oracle,
      x,
      y,
      lower,
      others,
      options.tolerance,
      random.split("neighbours"),
      exhausted,
      checks,
    );
  } else if (lower.solved && implicit !== undefined) {
    const smooth = new Checks();
    const along = random.split("neighbours");
    better = yield* verifyUpper(oracle, x, lower, implicit, options.tolerance, along, exhausted, smooth);
    const jumps = !oracle.domainY.free && smooth.list.some((c) => c.name === "differences" && !c.holds);
    const kinks = new Checks();
    // Between vertices of its domain y jumps: hypergradients say nothing there, values at neighbours do.
    if (jumps && oracle.n <= FEW && !exhausted()) {
      const beside = random.split("jumps");
      yield* verifyConstrainedUpper(oracle, x, y, lower, others, options.tolerance, beside, exhausted, kinks);
    }
    const balanced = kinks.list.length > 0 && kinks.list.every((c) => c.holds);
    for (const c of (balanced ? kinks : smooth).list) checks.add(c.name, c.value, c.tolerance, c.holds, c.words);
  }
  const certificate = assemble(checks, lower, implicit, violation, oracle, x);
  const misses = checks.list.some((c) => !c.holds && lowerChecks.has(c.name));
  const restart = misses && lower.gap > 0 ? { x: x.slice(), y: lower.y } : better;
  return { certificate, lowerSolution: lower.y, restart: certificate.certified ? undefined : restart };
}

/** Relative distance from a proved bound up to which a point counts as global. */
const CLOSED = 1e-6;

/** Of (x, y), a bilevel feasible point: whether it attains the bound, which is more than being stationary. */
function checkBound(oracle: Oracle, x: Vector, y: Vector, { bound, words }: Proof, checks: Checks): void {
  const f = oracle.upper.value(x, y);
  checks.atMost(
    "global bound",
    Math.max(0, f - bound),
    CLOSED * (1 + Math.abs(f)),
    `No bilevel feasible point is better: proved by ${words}.`,
    `The point is ${short(f - bound)} above the bound that was proved by ${words}.`,
  );
}

/** Checks whose failure says that y is not the lower solution. */
const lowerChecks: ReadonlySet<string> = new Set(["value gap", "lower stationarity", "lower stationarity, scaled"]);

function deadline(options: CertifyOptions): () => boolean {
  const end = performance.now() + 1000 * (options.seconds ?? 10);
  return () => options.exhausted?.() === true || performance.now() > end;
}

function assemble(
  checks: Checks,
  lower: LowerVerdict | undefined,
  implicit: ImplicitGradient | undefined,
  violation: number,
  oracle?: Oracle,
  x?: Vector,
): Certificate {
  const nan = Number.NaN;
  const certified = checks.list.length > 0 && checks.list.every((c) => c.holds);
  let rw = nan;
  if (implicit !== undefined && oracle !== undefined && x !== undefined && lower !== undefined) {
    rw = residualW(oracle, x, lower.y, implicit.v);
  }
  return {
    certified,
    checks: checks.list,
    lowerEvidence: lower?.evidence ?? "none",
    hypergradient: checks.valueOf("hypergradient"),
    lowerStationarity: lower?.stationarity ?? nan,
    valueGap: lower?.gap ?? nan,
    violation,
    rx: implicit === undefined ? nan : norm(implicit.G) ** 2,
    rw,
    ry: lower === undefined ? nan : Math.max(0, lower.gap),
    rker: implicit?.rker ?? nan,
    curvature: implicit?.curvature ?? [nan, nan],
    sentence: sentenceOf(certified, checks.list, lower, oracle),
  };
}

/** GALET's R_w = |H (grad_y f + H w)|² with w = -v. */
function residualW(oracle: Oracle, x: Vector, y: Vector, v: Vector): number {
  const { m, lower, upper } = oracle;
  const b = new Float64Array(m);
  const Hv = new Float64Array(m);
  const out = new Float64Array(m);
  upper.gradY(x, y, b);
  const map = lower.linearize(x, y);
  map.hvp(v, Hv);
  for (let j = 0; j < m; j++) b[j] -= Hv[j];
  map.hvp(b, out);
  return norm(out) ** 2;
}

/** How sure it is that y is a global solution of the lower level. */
const evidenceWords: Readonly<Record<Certificate["lowerEvidence"], string>> = {
  "global (proved)": " (a proved global minimum)",
  "global (multistart)": " (no other start found a lower value)",
  local: " (a local minimum)",
  none: "",
};

function sentenceOf(
  certified: boolean,
  checks: readonly CertificateCheck[],
  lower: LowerVerdict | undefined,
  oracle: Oracle | undefined,
): string {
  const game = oracle?.problem.independentFollowers === false;
  if (certified && game) {
    return `Checked independently of the method: y is an equilibrium of the followers${evidenceWords[lower?.evidence ?? "none"]} for each of them by itself, and x is stationary for the upper level along equilibria near y; other equilibria are not ruled out.`;
  }
  if (certified) {
    const sampled = (oracle?.n ?? 0) > FEW && checks.some((c) => c.name === "neighbours");
    return `Checked independently of the method: y solves the lower level${evidenceWords[lower?.evidence ?? "none"]}, and x is stationary for the upper level${sampled ? "; beyond that descent was looked for in sampled directions only" : ""}.`;
  }
  const failed = checks.filter((c) => !c.holds);
  return `Not certified. ${failed.map((c) => c.words).join(" ")}`;
}
