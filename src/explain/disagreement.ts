/**
 * What is left behind where samples contradict a proof of curvature, which is a mistake of Blo: everything that shows it again,
 * as data. The command line writes it to a file; who embeds Blo finds it on the error that `explain` throws.
 */
import type { Derivation } from "../base/derivation.js";
import { BloError, type Diagnostic } from "../base/diagnostic.js";
import type { ParameterValue } from "../elaborate/overrides.js";
import type { NestedNumbers } from "../methods/result.js";

/** The point by variable names, and what the function in question is there (in the sense to be minimised). */
export interface DisagreementPoint {
  readonly variables: Readonly<Record<string, NestedNumbers>>;
  readonly value: readonly number[];
}

export interface DisagreementFinding {
  /** e.g. `the objective of lower in its own variables` */
  readonly what: string;
  /** What Blo proves of it. */
  readonly claim: string;
  /** The function as it stands in the source, where it does. */
  readonly expression: string | undefined;
  readonly derivation: Derivation;
  /** Two points, and the one in the middle between them, whose value is off by `excess`. */
  readonly first: DisagreementPoint;
  readonly middle: DisagreementPoint;
  readonly last: DisagreementPoint;
  readonly excess: number;
}

export interface DisagreementReport {
  readonly kind: typeof reportKind;
  readonly code: "BLO1101";
  readonly version: string;
  readonly findings: readonly DisagreementFinding[];
  readonly source: { readonly name: string; readonly text: string };
  /** Values that the problem was compiled with in place of those in its source. */
  readonly params: Readonly<Record<string, ParameterValue>>;
  /** The files that the source reads: a report to others needs their bytes, too. */
  readonly data: readonly { readonly name: string; readonly path: string }[];
}

export const reportKind = "blo-disagreement";

/** Carries the report beside the diagnostic. */
export class DisagreementError extends BloError {
  readonly report: DisagreementReport;
  constructor(diagnostics: readonly Diagnostic[], report: DisagreementReport) {
    super(diagnostics);
    this.name = "DisagreementError";
    this.report = report;
  }
}

/** Whether a document is such a report, as far as it takes to compile its problem again. */
export function isDisagreementReport(
  value: unknown,
): value is Pick<DisagreementReport, "kind" | "source" | "params" | "data"> {
  if (typeof value !== "object" || value === null) return false;
  const { kind, source, params, data } = value as Partial<DisagreementReport>;
  return (
    kind === reportKind &&
    typeof source?.text === "string" &&
    typeof source.name === "string" &&
    typeof params === "object" &&
    params !== null &&
    Array.isArray(data)
  );
}
