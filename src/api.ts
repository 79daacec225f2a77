/**
 * The public interface. It runs in Node 20 and later and in browsers, reads no file and opens no connection: data come
 * through the resolver that the caller grants. What a user wrote wrongly comes back as diagnostics; what a caller asks
 * wrongly (an unknown method, an option out of range) is thrown as a BloError that carries the same kind of diagnostics.
 */
import { BloError, type Diagnostic } from "./base/diagnostic.js";
import { Source } from "./base/source.js";
import { certify as certifyPoint } from "./certify/certificate.js";
import { withPessimistic } from "./certify/pessimistic.js";
import { type DataResolver, elaborate } from "./elaborate/elaborate.js";
import type { ParameterValue as ParamValue } from "./elaborate/overrides.js";
import type { Section } from "./explain/document.js";
import type { ExplainOptions } from "./explain/index.js";
import type { PageOptions } from "./explain/render/html.js";
import type { DocumentOptions } from "./explain/render/latex.js";
import type { TextOptions } from "./explain/render/text.js";
import type { Method } from "./methods/method.js";
import { prepare, methods as registeredMethods } from "./methods/registry.js";
import type { Certificate, Result, TraceRow } from "./methods/result.js";
import type { Problem } from "./model/problem.js";
import { createRandom } from "./num/random.js";
import { compileOracle, type OracleOptions } from "./oracle/compile.js";
import { type NamedValues, pointOf, valuesOf } from "./report/values.js";
import { withLargeMultipliers } from "./solve/largeMultipliers.js";
import { toleranceOf } from "./solve/limits.js";
import { diagnosed } from "./solve/obstruction/diagnose.js";
import { plan } from "./solve/plan.js";
import type { SolveOptions } from "./solve/solveOptions.js";
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
  let prepared = 0;
  for (;;) {
    if (prepared < chosen.length) await prepare(chosen.slice(prepared), problem);
    prepared = chosen.length;
    const next = steps.next();
    const ready = waiting;
    waiting = [];
    yield* ready;
    if (next.done) {
      const tolerance = toleranceOf(problem, options.tolerance);
      return diagnosed(oracle, withPessimistic(oracle, withLargeMultipliers(oracle, next.value, tolerance)), tolerance);
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
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
    tolerance: toleranceOf(problem, options.tolerance),
    random: createRandom(options.seed ?? 1),
    seconds: options.seconds,
  });
}

/** What can be said of a problem, as sections of formulas, facts and derivations. Throws a BloError for an unknown method. */
export async function explain(problem: Problem, options: ExplainOptions = {}): Promise<readonly Section[]> {
  const { explainProblem } = await import("./explain/index.js");
  return explainProblem(problem, options);
}

/** Sections as text for a terminal. */
export async function explanationText(sections: readonly Section[], options: TextOptions = {}): Promise<string> {
  return (await import("./explain/render/text.js")).sectionsText(sections, options);
}

/** Sections as a LaTeX document. */
export async function explanationLatex(sections: readonly Section[], options: DocumentOptions = {}): Promise<string> {
  return (await import("./explain/render/latex.js")).latexDocument(sections, options);
}

/** Sections as one HTML page that needs nothing else. */
export async function explanationHtml(sections: readonly Section[], options: PageOptions = {}): Promise<string> {
  return (await import("./explain/render/html.js")).htmlPage(sections, options);
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
export type { Entrant } from "./compare/compare.js";
export { comparisonDocument } from "./compare/json.js";
export { compare, comparisonPage, comparisonSvg } from "./compare/methods.js";
export type { CompareOptions } from "./compare/options.js";
export type { CompareProgress, Comparison } from "./compare/types.js";
/** What `explain` throws where samples contradict one of Blo's proofs, with all that shows it again. */
export { DisagreementError, type DisagreementReport } from "./explain/disagreement.js";
export type { Block, Fact, Formula, Section } from "./explain/document.js";
export type { ExplainOptions } from "./explain/index.js";
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
export { toDocument } from "./report/json.js";
export type { NamedValues } from "./report/values.js";
export type { SolveOptions } from "./solve/solveOptions.js";
export { valuesOf };
