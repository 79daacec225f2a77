/**
 * The public interface. It runs in Node 20 and later and in browsers, reads no file and opens no connection: data come
 * through the resolver that the caller grants. What a user wrote wrongly comes back as diagnostics; what a caller asks
 * wrongly (an unknown method, an option out of range) is thrown as a BloError that carries the same kind of diagnostics.
 */
import { BloError, type Diagnostic, diagnostic } from "./base/diagnostic.js";
import { Source } from "./base/source.js";
import { type DataResolver, elaborate } from "./elaborate/elaborate.js";
import type { ParameterValue as ParamValue } from "./elaborate/overrides.js";
import type { Limits } from "./methods/budget.js";
import type { Checkpoint } from "./methods/checkpoint.js";
import type { Method, ParameterValue } from "./methods/method.js";
import { resolveParameters } from "./methods/params.js";
import { composeIds, type PieceIds } from "./methods/pieces/catalogue.js";
import { methodOf, prepare, methods as registeredMethods, whyNot } from "./methods/registry.js";
import type { Certificate, Result, TraceRow } from "./methods/result.js";
import { DEFAULT_TOLERANCE, type Progress } from "./methods/run.js";
import { withStart } from "./methods/start.js";
import type { Problem } from "./model/problem.js";
import { createRandom } from "./num/random.js";
import { compileOracle, type OracleOptions } from "./oracle/compile.js";
import type { Oracle } from "./oracle/oracle.js";
import type { NoiseModel } from "./oracle/sampledNoise.js";
import { type Presolved, presolve } from "./presolve/presolve.js";
import { certify as certifyPoint } from "./report/certificate.js";
import { type Choice, chooseMethods, isBounded } from "./report/choose.js";
import { limitsOf } from "./report/limits.js";
import { askedMeasures } from "./report/measures/table.js";
import { diagnosed } from "./report/obstruction/diagnose.js";
import { withPessimistic } from "./report/pessimistic.js";
import { solvingInTurn, type Turn } from "./report/portfolio.js";
import {
  type Candidate,
  presolvedCandidates,
  presolvedFor,
  remaining,
  throughPresolve,
  withPresolve,
} from "./report/presolved.js";
import { notRun } from "./report/report.js";
import type { SolveRequest } from "./report/solving.js";
import { theoryParameters } from "./report/theory.js";
import { type NamedValues, pointOf, valuesOf } from "./report/values.js";
import { parse as parseSource } from "./syntax/parse.js";
import { print } from "./syntax/print.js";
import type { SyntaxTree } from "./syntax/tree.js";

export interface CompileOptions {
  /** Name of the source in messages; default "problem.blo". */
  readonly name?: string | undefined;
  /** Values of params by name: numbers, lists of numbers, lists of rows. */
  readonly params?: Readonly<Record<string, ParamValue>> | undefined;
  /** The bytes of a data file, or undefined where there is none. */
  readonly data?: DataResolver | undefined;
}

export interface Compiled {
  /** Undefined if a diagnostic is an error. */
  readonly problem?: Problem;
  readonly diagnostics: readonly Diagnostic[];
}

/** Source text to a checked problem. Never throws for what the text or its data say. */
export async function compile(source: string, options: CompileOptions = {}): Promise<Compiled> {
  const file = new Source(options.name ?? "problem.blo", source);
  const parsed = parseSource(file);
  if (!parsed.tree || hasErrors(parsed.diagnostics)) return { diagnostics: parsed.diagnostics };
  const elaborated = await elaborate(parsed.tree, file, {
    ...(options.params ? { params: options.params } : {}),
    ...(options.data ? { data: options.data } : {}),
  });
  const diagnostics = [...parsed.diagnostics, ...elaborated.diagnostics];
  const { problem } = elaborated;
  return problem && !hasErrors(diagnostics) ? { problem, diagnostics } : { diagnostics };
}

export interface SolveOptions extends OracleOptions {
  /** Id of a method, a method, or the ids of pieces to make one of; default: what `solve { }` says, else by the problem's class. */
  readonly method?: string | Method | PieceIds | undefined;
  /** Without a method: stop at the first certified answer, which may be a local one, instead of looking for a better one. */
  readonly quick?: boolean | undefined;
  /** Options of the method by name. */
  readonly options?: Readonly<Record<string, ParameterValue>> | undefined;
  /** Options that are not given come from the method's analysis and the problem's constants. */
  readonly theory?: boolean | undefined;
  /**
   * Whether presolve makes the problem smaller first. Default: for runs that name no method; a method that is named runs on the
   * problem as written.
   */
  readonly presolve?: boolean | undefined;
  /** Default 1. The same seed gives the same answer. */
  readonly seed?: number | undefined;
  /** Relative tolerance on stationarity; default 1e-6. */
  readonly tolerance?: number | undefined;
  /** Limits. Where none is given, here or in `solve { }`, a run ends after 60 seconds, a plain run of a problem with bounds or constraints after 20. */
  readonly seconds?: number | undefined;
  readonly iterations?: number | undefined;
  /** Oracle calls: a gradient counts one, a second-order product two. */
  readonly calls?: number | undefined;
  /** Starting values by variable name; others start where the source says. */
  readonly start?: NamedValues | undefined;
  readonly signal?: { readonly aborted: boolean } | undefined;
  /** Called after every iteration. The arrays are the method's own: copy them, do not keep them. */
  readonly onIteration?: ((row: TraceRow, x: Float64Array, y: Float64Array) => void) | undefined;
  /** Gets every row of the trace; the result keeps at most 2,000, thinned evenly. */
  readonly trace?: ((row: TraceRow) => void) | undefined;
  /**
   * Measures to follow the run by, such as `hypergradient` or `goldstein:delta=0.01`: in the `extra` of the trace's kept rows (or of
   * every `measureEvery`-th iteration) and, for the last point, in the result. They do not count as oracle calls.
   */
  readonly measures?: readonly string[] | undefined;
  readonly measureEvery?: number | undefined;
  /**
   * For experiments: Gaussian noise on the gradients (and second-order products) that the method is given, with the standard
   * deviations stated. Certificates and measures see none.
   */
  readonly noise?: NoiseModel | undefined;
  /** Writes the point every so often, and when a limit ends the run. */
  readonly checkpoint?: { readonly everySeconds: number; readonly write: (c: Checkpoint) => void } | undefined;
  /** Goes on from a checkpoint of the same method. */
  readonly resume?: Checkpoint | undefined;
}

/** Runs a method and certifies its answer. Throws a BloError only for options that make no sense. */
export async function solve(problem: Problem, options: SolveOptions = {}): Promise<Result> {
  const steps = iterate(problem, options, false);
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
  }
}

export interface Snapshot extends TraceRow {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** The same run seen from outside: yields each iteration (a copy of its point), returns the result. */
export async function* iterate(
  problem: Problem,
  options: SolveOptions = {},
  everyIteration = true,
): AsyncGenerator<Snapshot, Result, void> {
  let waiting: Snapshot[] = [];
  const collect = (row: TraceRow, x: Float64Array, y: Float64Array): void => {
    waiting.push({ ...row, x: x.slice(), y: y.slice() });
    options.onIteration?.(row, x, y);
  };
  const { oracle, chosen, steps } = plan(problem, everyIteration ? { ...options, onIteration: collect } : options);
  await prepare(chosen, problem);
  for (;;) {
    const next = steps.next();
    const ready = waiting;
    waiting = [];
    yield* ready;
    if (next.done)
      return diagnosed(
        oracle,
        withPessimistic(oracle, next.value),
        options.tolerance ?? problem.solve.tolerance ?? DEFAULT_TOLERANCE,
      );
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

interface Plan {
  readonly oracle: Oracle;
  readonly chosen: readonly Method[];
  /** The run itself in pieces of about 20 ms. */
  readonly steps: Generator<Progress, Result, void>;
}

/** Checks what was asked for. */
function plan(problem: Problem, options: SolveOptions): Plan {
  const settings = problem.solve;
  const seed = options.seed ?? settings.seed ?? 1;
  const oracle = startingAt(compileOracle(problem, options), options.start);
  const asked = options.method ?? settings.method;
  if (options.theory && asked === undefined) throw new BloError([diagnostic("BLO0831", {})]);
  const limits = limitsOf(problem, options, asked === undefined && isBounded(problem));
  const presolved = presolving(problem, options, asked !== undefined);
  const smaller = asked === undefined && presolved ? presolvedCandidates(presolved, options, seed, limits) : [];
  const plain = asked === undefined ? automatic(oracle, seed, limits) : [];
  const unreduced = plain.map(({ method, part }): Candidate => ({ method: methodOf(method), part }));
  const choices = [...smaller, ...remaining(unreduced, smaller, presolved)];
  const named = (): Method => {
    const method =
      typeof asked === "string"
        ? methodOf(asked, options.method === undefined ? settings.spans?.get("method") : undefined)
        : madeOf(asked!);
    return presolved ? throughPresolve(method, presolved, options) : method;
  };
  const chosen = asked === undefined ? choices.map((c) => c.method) : [named()];
  // Options in the source belong to the method that the source names; without one, to the first that is tried.
  const written = options.method === undefined || options.method === settings.method ? settings.options : {};
  const places = new Map([...(settings.spans ?? [])].filter(([name]) => options.options?.[name] === undefined));
  const measures = options.measures && askedMeasures(options.measures, problem);
  const requests = chosen.map((method, i): SolveRequest => {
    const analysed = options.theory
      ? theoryParameters(oracle, method, seed, options.tolerance ?? settings.tolerance ?? DEFAULT_TOLERANCE)
      : {};
    const parameters = resolveParameters(
      method,
      i === 0 ? { ...analysed, ...written, ...options.options } : analysed,
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
      resume: chosen.length === 1 || options.resume?.method === method.id ? options.resume : undefined,
      warnings: problem.warnings,
    };
  });
  const obstacles = whyNot(chosen[0], asked !== undefined && presolved ? presolved.problem : problem);
  if (obstacles.length > 0) {
    const refused = notRun(oracle, chosen[0].id, requests[0].parameters, seed, obstacles);
    return { oracle, chosen: [], steps: ended(refused) };
  }
  const first = options.resume
    ? Math.max(
        0,
        requests.findIndex((r) => r.resume),
      )
    : 0;
  const turns = requests.map((request, i): Turn => ({ part: choices[i]?.part ?? "answer", request }));
  const steps = solvingInTurn(oracle, turns.slice(first), options.quick === true);
  const through = new Set((asked === undefined ? smaller.map((c) => c.method) : chosen).map((m) => m.id));
  return { oracle, chosen, steps: presolved ? withPresolve(steps, presolved, through) : steps };
}

/** The smaller problem, where there is one and it was not ruled out; noise and engines see the problem as written. */
function presolving(problem: Problem, options: SolveOptions, named: boolean): Presolved | undefined {
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

/** The methods to try for a problem that names none; where none fits, the default one, which then says why not. */
function automatic(oracle: Oracle, seed: number, limits: Limits): readonly Choice[] {
  const choices = chooseMethods(oracle, createRandom(seed).split("choice"), limits);
  return choices.length > 0 ? choices : [{ method: "aid-auto", why: "", part: "answer" }];
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

export interface CertifyOptions extends OracleOptions {
  readonly tolerance?: number | undefined;
  readonly seed?: number | undefined;
  /** Seconds after which parts that remain are skipped, and named as such; default 10. */
  readonly seconds?: number | undefined;
}

/** The independent verdict on any point, by variable names. Variables that are not named keep their starting values. */
export async function certify(
  problem: Problem,
  values: NamedValues,
  options: CertifyOptions = {},
): Promise<Certificate> {
  const oracle = compileOracle(problem, options);
  const { x, y, diagnostics } = pointOf(problem, values, { x: oracle.startX, y: oracle.startY });
  throwErrors(diagnostics);
  return certifyPoint(oracle, x, y, {
    tolerance: options.tolerance ?? problem.solve.tolerance ?? DEFAULT_TOLERANCE,
    random: createRandom(options.seed ?? 1),
    seconds: options.seconds,
  });
}

/** Text to syntax tree, without looking at names, shapes or data. */
export function parse(
  source: string,
  name = "problem.blo",
): { readonly tree?: SyntaxTree; readonly diagnostics: readonly Diagnostic[] } {
  return parseSource(new Source(name, source));
}

/** The canonical layout; undefined text where the source cannot be parsed. */
export function format(
  source: string,
  name = "problem.blo",
): { readonly text?: string; readonly diagnostics: readonly Diagnostic[] } {
  const file = new Source(name, source);
  const { tree, diagnostics } = parseSource(file);
  return tree && !hasErrors(diagnostics) ? { text: print(tree, file), diagnostics } : { diagnostics };
}

/** Every method there is, registered ones included. */
export function methods(): readonly Method[] {
  return registeredMethods();
}

function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === "error");
}

function throwErrors(diagnostics: readonly Diagnostic[]): void {
  if (hasErrors(diagnostics)) throw new BloError(diagnostics);
}

export { BloError, type Diagnostic } from "./base/diagnostic.js";
export { explainCode } from "./base/explain.js";
export { renderText } from "./base/render.js";
export { version } from "./base/version.js";
/** A standalone ES module, and its types, with the functions and derivatives of a problem. */
export { emitModule as compileModule, type ModuleText } from "./codegen/module.js";
/** What is sound but may not be what was meant, as diagnostics. */
export { lint } from "./lints/index.js";
export type { Checkpoint } from "./methods/checkpoint.js";
export type { Method, MethodContext, MethodState, Parameter, ParameterValue, Requirements } from "./methods/method.js";
export { type PieceIds, pieces } from "./methods/pieces/catalogue.js";
export { type Composition, compose } from "./methods/pieces/compose.js";
export type * from "./methods/pieces/contracts.js";
export { registerMethod } from "./methods/registry.js";
export type { Certificate, CertificateCheck, NestedNumbers, Result, Status, TraceRow } from "./methods/result.js";
export type { Problem } from "./model/problem.js";
export { compileOracle, type OracleOptions } from "./oracle/compile.js";
export type { Engine } from "./oracle/engine.js";
export type { Oracle } from "./oracle/oracle.js";
export { verifyDerivatives } from "./oracle/verify.js";
export type { Entrant } from "./report/compare.js";
export { comparisonDocument } from "./report/compareJson.js";
export { compare, comparisonPage, comparisonSvg } from "./report/compareMethods.js";
export type { CompareOptions } from "./report/compareOptions.js";
export type { CompareProgress, Comparison } from "./report/compareTypes.js";
export { toDocument } from "./report/json.js";
export type { NamedValues } from "./report/values.js";
export { valuesOf };
