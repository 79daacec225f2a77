/**
 * The shape of the JSON document of a run as a zod schema: the source of schema/result.schema.json. Nothing imports it at
 * run time.
 */
import { z } from "zod";
import type { Status } from "../methods/result.js";
import { outcomes } from "../methods/stop.js";

const number = z.number().nullable().describe("null where it is not a finite number or not known");

const nested: z.ZodType = z.lazy(() => z.union([z.number(), z.null(), z.array(nested)]));

const position = z.strictObject({ line: z.int().min(1), column: z.int().min(1) });
const place = z.strictObject({
  file: z.string(),
  offset: z.array(z.int().min(0)).length(2),
  start: position,
  end: position,
});
const diagnostic = z.strictObject({
  code: z.string().regex(/^BLO\d{4}$/),
  severity: z.enum(["error", "warning", "info"]),
  message: z.string(),
  hint: z.string().optional(),
  place: place.optional(),
  related: z.array(z.strictObject({ message: z.string(), place: place.optional() })),
  data: z
    .strictObject({
      file: z.string(),
      row: z.int().optional(),
      column: z.union([z.string(), z.int()]).optional(),
    })
    .optional(),
});

const certificate = z.strictObject({
  certified: z.boolean(),
  checks: z.array(
    z.strictObject({ name: z.string(), value: number, tolerance: number, holds: z.boolean(), words: z.string() }),
  ),
  lowerEvidence: z.enum(["global (proved)", "global (multistart)", "local", "none"]),
  hypergradient: number,
  lowerStationarity: number,
  valueGap: number,
  violation: number,
  rx: number,
  rw: number,
  ry: number,
  rker: number,
  curvature: z.array(number).length(2),
  sentence: z.string(),
});

const count = z.int().min(0);
const counts = z.strictObject({
  upperValue: count,
  upperGradient: count,
  upperProduct: count,
  lowerValue: count,
  lowerGradient: count,
  lowerHvp: count,
  lowerJvp: count,
  constraintValue: count,
  constraintJacobian: count,
});

export const resultSchema = z
  .strictObject({
    problem: z.string().describe("title of the problem"),
    file: z.string().nullable().describe("path of the source"),
    source: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullable()
      .describe("SHA-256 of the source text"),
    version: z.string().describe("version of Blo"),
    method: z.string(),
    options: z.record(z.string(), z.union([z.number(), z.boolean(), z.string(), z.null()])),
    seed: z.number(),
    status: z.enum(Object.keys(outcomes) as [Status, ...Status[]]),
    reason: z.string().describe("one sentence: why the run ended and, where not converged, what is missing"),
    values: z.record(z.string(), nested).describe("variables by name, nested row by row"),
    upper: z.strictObject({ objective: number, violation: number }),
    lower: z.strictObject({ objective: number, violation: number, gap: number }),
    certificate: certificate.nullable(),
    counts,
    iterations: count,
    seconds: z.number().min(0),
    warnings: z.array(diagnostic),
    diagnostics: z.array(diagnostic).optional(),
  })
  .describe("Result of `blo run --json`: exactly one document per run. Objectives are in the sense the source wrote.");
