/** The one JSON document of a run: what `--json` prints, described by schema/result.schema.json. */
import type { Diagnostic } from "../base/diagnostic.js";
import { type JsonDiagnostic, toJson } from "../base/json.js";
import type { Source } from "../base/source.js";
import { version } from "../base/version.js";
import type { NestedNumbers, Result } from "../methods/result.js";

/** Facts about a run that the result itself does not know. */
export interface DocumentExtra {
  readonly file?: string | undefined;
  /** SHA-256 of the source text, in hexadecimal. */
  readonly sha256?: string | undefined;
  readonly source?: Source | undefined;
  readonly diagnostics?: readonly Diagnostic[] | undefined;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface ResultDocument {
  readonly problem: string;
  readonly file: string | null;
  readonly source: string | null;
  readonly version: string;
  readonly method: string;
  readonly options: Readonly<Record<string, number | boolean | string | null>>;
  readonly seed: number;
  readonly status: string;
  readonly reason: string;
  readonly values: Readonly<Record<string, NestedNumbers | null>>;
  readonly upper: { readonly objective: number | null; readonly violation: number | null };
  readonly lower: {
    readonly objective: number | null;
    readonly violation: number | null;
    readonly gap: number | null;
  };
  readonly multipliers?: Readonly<Record<string, NestedNumbers | null>>;
  readonly upperMultipliers?: Readonly<Record<string, NestedNumbers | null>>;
  readonly certificate: Json;
  readonly counts: Readonly<Record<string, number>>;
  readonly iterations: number;
  readonly seconds: number;
  readonly presolve?: Json;
  readonly obstruction?: Json;
  readonly pessimistic?: {
    readonly objective: number | null;
    readonly values: Readonly<Record<string, NestedNumbers | null>>;
  };
  readonly measures?: Readonly<Record<string, number | null>>;
  readonly tried?: Json;
  readonly warnings: readonly JsonDiagnostic[];
  readonly diagnostics?: readonly JsonDiagnostic[];
}

/** Numbers that are not finite become null. */
export function toDocument(result: Result, extra: DocumentExtra = {}): ResultDocument {
  const { source } = extra;
  const document = {
    problem: result.problem,
    file: extra.file ?? null,
    source: extra.sha256 ?? null,
    version,
    method: result.method,
    options: result.options,
    seed: result.seed,
    status: result.status,
    reason: result.reason,
    values: result.values,
    upper: result.upper,
    lower: result.lower,
    ...(result.multipliers && { multipliers: result.multipliers }),
    ...(result.upperMultipliers && { upperMultipliers: result.upperMultipliers }),
    certificate: result.certificate ?? null,
    counts: { ...result.counts },
    iterations: result.iterations,
    seconds: result.seconds,
    ...(result.presolve && { presolve: result.presolve }),
    ...(result.obstruction && { obstruction: result.obstruction }),
    ...(result.pessimistic && { pessimistic: result.pessimistic }),
    ...(result.measures && { measures: result.measures }),
    ...(result.tried && { tried: result.tried }),
    warnings: toJson(result.warnings, source),
    ...(extra.diagnostics ? { diagnostics: toJson(extra.diagnostics, source) } : {}),
  };
  return plain(document) as unknown as ResultDocument;
}

/** A deep copy with what JSON cannot hold put right: not finite and undefined become null, typed arrays plain ones. */
export function plain(value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object") return value as Json;
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>, plain);
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, plain(v)]));
}
