/** From what a caller asks to a run: the methods in their turns, their parameters, limits, and the start. Wrong options are thrown. */
import { BloError, type Diagnostic, diagnostic } from "../base/diagnostic.js";
import { askedMeasures } from "../measures/table.js";
import type { Method } from "../methods/method.js";
import { resolveParameters } from "../methods/params.js";
import { composeIds, type PieceIds } from "../methods/pieces/catalogue.js";
import { methodOf, whyNot } from "../methods/registry.js";
import type { Result } from "../methods/result.js";
import type { Progress } from "../methods/run.js";
import { withStart } from "../methods/start.js";
import type { Problem } from "../model/problem.js";
import { compileOracle } from "../oracle/compile.js";
import type { Oracle } from "../oracle/oracle.js";
import type { NoiseModel } from "../oracle/sampledNoise.js";
import { type Presolved, presolve } from "../presolve/presolve.js";
import { type NamedValues, pointOf } from "../report/values.js";
import { type Candidate, candidatesFor } from "./candidates.js";
import { isBounded } from "./choose.js";
import { limitsOf, toleranceOf } from "./limits.js";
import { contradicted } from "./obstruction/contradiction.js";
import { withoutLowerSolution } from "./obstruction/lowerFall.js";
import { solvingInTurn, type Turn } from "./portfolio.js";
import { presolvedFor, throughPresolve } from "./presolved.js";
import { notRun } from "./result.js";
import type { SolveOptions } from "./solveOptions.js";
import type { SolveRequest } from "./solving.js";
import { theoryParameters } from "./theory.js";

export interface Plan {
  readonly oracle: Oracle;
  /** Those that run; it may grow between two pieces, before the methods that are added take their first step. */
  readonly chosen: readonly Method[];
  /** The run itself in pieces of about 20 ms. */
  readonly steps: Generator<Progress, Result, void>;
}

/** Checks what was asked for. */
export function plan(problem: Problem, options: SolveOptions): Plan {
  const settings = problem.solve;
  const seed = options.seed ?? settings.seed ?? 1;
  const oracle = startingAt(compileOracle(problem, options), options.start);
  const asked = options.method ?? settings.method;
  if (options.theory && asked === undefined) throw new BloError([diagnostic("BLO0831", {})]);
  const limits = limitsOf(problem, options, asked === undefined && isBounded(problem));
  const presolved = presolving(problem, options, asked !== undefined);
  const candidates = asked === undefined ? candidatesFor(oracle, presolved, options, seed, limits) : undefined;
  const named = (): Method => {
    const method =
      typeof asked === "string"
        ? methodOf(asked, options.method === undefined ? settings.spans?.get("method") : undefined)
        : madeOf(asked!);
    return presolved ? throughPresolve(method, presolved, options) : method;
  };
  // a run that is resumed looks for its method among all
  const later = options.resume === undefined ? candidates?.rest : undefined;
  const choices: readonly Tried[] =
    candidates === undefined
      ? [{ part: "answer", method: named(), why: undefined, reduced: true }]
      : [...candidates.first, ...(later === undefined ? (candidates.rest?.() ?? []) : [])];
  const chosen = choices.map((c) => c.method);
  // Options in the source belong to the method that the source names; without one, to the first that is tried.
  const written = options.method === undefined || options.method === settings.method ? settings.options : {};
  const places = new Map([...(settings.spans ?? [])].filter(([name]) => options.options?.[name] === undefined));
  const measures = options.measures && askedMeasures(options.measures, problem);
  const requestFor = (method: Method, i: number): SolveRequest => {
    const analysed = options.theory
      ? theoryParameters(oracle, method, seed, toleranceOf(problem, options.tolerance))
      : {};
    const hurried = options.quick === true && method.parameters.some((p) => p.name === "quick") ? { quick: true } : {};
    const parameters = resolveParameters(
      method,
      i === 0 ? { ...analysed, ...hurried, ...written, ...options.options } : { ...analysed, ...hurried },
      places,
    );
    throwErrors(parameters.diagnostics);
    return {
      method,
      parameters: parameters.values,
      seed,
      limits,
      tolerance: options.tolerance ?? settings.tolerance,
      now: () => performance.now(),
      signal: options.signal,
      sink: options.trace,
      onIteration: options.onIteration,
      checkpoint: options.checkpoint,
      measures,
      measureEvery: options.measureEvery,
      noise: noiseOf(options),
      resume: choices.length === 1 || options.resume?.method === method.id ? options.resume : undefined,
      warnings: problem.warnings,
    };
  };
  const turnOf = ({ method, part, why, reduced }: Tried, i: number): Turn => {
    return { part, why, request: requestFor(method, i), presolve: reduced ? presolved?.changes : undefined };
  };
  const turns = choices.map(turnOf);
  const obstacles = whyNot(chosen[0], asked !== undefined && presolved ? presolved.problem : problem);
  if (obstacles.length > 0) {
    const refused = notRun(oracle, chosen[0].id, turns[0].request.parameters, seed, obstacles);
    return { oracle, chosen: [], steps: ended(refused) };
  }
  const none =
    asked === undefined
      ? (contradicted(oracle, chosen[0].id, turns[0].request, toleranceOf(problem, options.tolerance)) ??
        withoutLowerSolution(oracle, chosen[0].id, turns[0].request))
      : undefined;
  if (none !== undefined) return { oracle, chosen: [], steps: ended(none) };
  const first = options.resume
    ? Math.max(
        0,
        turns.findIndex((t) => t.request.resume),
      )
    : 0;
  const more =
    later &&
    ((): readonly Turn[] => {
      const added = later();
      chosen.push(...added.map((c) => c.method));
      return added.map((c, i) => turnOf(c, choices.length + i));
    });
  return { oracle, chosen, steps: solvingInTurn(oracle, turns.slice(first), options.quick === true, more) };
}

type Tried = Omit<Candidate, "why"> & { readonly why: string | undefined };

/** The smaller problem, where there is one and it was not ruled out; noise and engines see the problem as written. */
export function presolving(problem: Problem, options: SolveOptions, named: boolean): Presolved | undefined {
  const wanted = options.presolve ?? !named;
  if (!wanted || options.noise !== undefined || options.engine !== undefined) return undefined;
  const found = named ? presolvedFor(problem) : presolve(problem);
  return found.changes.length > 0 ? found : undefined;
}

// biome-ignore lint/correctness/useYield: a run that is over before it began
function* ended(result: Result): Generator<Progress, Result, void> {
  return result;
}

function madeOf(asked: Method | PieceIds): Method {
  return "init" in asked ? asked : composeIds(asked);
}

function noiseOf({ noise }: SolveOptions): NoiseModel | undefined {
  for (const [name, sigma] of Object.entries(noise ?? {})) {
    if (!(sigma >= 0 && Number.isFinite(sigma)))
      throw new BloError([diagnostic("BLO0909", { name, value: String(sigma) })]);
  }
  return noise;
}

function startingAt(oracle: Oracle, start: NamedValues | undefined): Oracle {
  if (!start) return oracle;
  const { x, y, diagnostics } = pointOf(oracle.problem, start, { x: oracle.startX, y: oracle.startY });
  throwErrors(diagnostics);
  return withStart(oracle, x, y);
}

function throwErrors(diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.some((d) => d.severity === "error")) throw new BloError(diagnostics);
}
