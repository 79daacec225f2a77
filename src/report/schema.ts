/**
 * The shapes of the JSON documents of a run and of a comparison as zod schemas: the sources of the files in schema/. Nothing
 * imports them at run time.
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
const queries = z.number().min(0).describe("a query on b of N terms counts b/N");
const counts = z.strictObject({
  upperValue: queries,
  upperGradient: queries,
  upperProduct: queries,
  lowerValue: queries,
  lowerGradient: queries,
  lowerHvp: queries,
  lowerJvp: queries,
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
    multipliers: z
      .record(z.string(), nested)
      .optional()
      .describe(
        "of the lower constraints by name, for the minimised lower objective; of the method, else by least squares at the answer",
      ),
    upperMultipliers: z
      .record(z.string(), nested)
      .optional()
      .describe(
        "of the upper constraints by name and of bounds that act, as in `lower bound of x`, for the minimised upper objective; where the answer is a first-order point",
      ),
    pessimistic: z
      .strictObject({ objective: number, values: z.record(z.string(), nested) })
      .optional()
      .describe(
        "the worst upper objective found among the lower solutions for x (null: without bound); where it is worse",
      ),
    certificate: certificate.nullable(),
    counts,
    iterations: count,
    seconds: z.number().min(0),
    presolve: z
      .array(z.strictObject({ step: z.string(), text: z.string() }))
      .optional()
      .describe("what presolve did before the method ran, in order; left out where it did nothing"),
    obstruction: z
      .strictObject({
        kind: z.enum([
          "constraints",
          "upper constraints",
          "lower unbounded",
          "no equilibrium",
          "upper unbounded",
          "not attained",
          "violation",
        ]),
        proved: z.boolean(),
        constraints: z.array(z.string()).describe("names of constraints and bounds that conflict"),
        ray: z
          .record(z.string(), nested)
          .optional()
          .describe("direction by variable name; its largest entry is 1 or -1"),
        limit: z
          .record(z.string(), nested)
          .optional()
          .describe("of an infimum that is not attained: upper variables that points of good value come close to"),
        violation: z.number().min(0).optional().describe("smallest sum of violations that was found"),
      })
      .optional()
      .describe("what keeps the problem from having a solution, where that was found"),
    measures: z.record(z.string(), number).optional().describe("the measures asked for, at the point of the result"),
    tried: z
      .array(
        z.strictObject({
          method: z.string(),
          status: z.enum(Object.keys(outcomes) as [Status, ...Status[]]),
          objective: number,
          certified: z.boolean(),
          seconds: z.number().min(0),
          why: z.string().optional().describe("why it had its turn, where nobody asked for it"),
        }),
      )
      .optional()
      .describe("methods in the order they had their turn"),
    warnings: z.array(diagnostic),
    diagnostics: z.array(diagnostic).optional(),
  })
  .describe("Result of `blo run --json`: exactly one document per run. Objectives are in the sense the source wrote.");

const quartiles = z
  .strictObject({ q1: number, median: number, q3: number })
  .describe("over the seeds; null where it is not finite");
const calls = z.number().min(0).describe("oracle calls; fractions where minibatches are read");
const values = z.record(z.string(), z.union([z.number(), z.boolean(), z.string(), z.null()]));
const statuses = z.enum(Object.keys(outcomes) as [Status, ...Status[]]);
const share = z.int().min(0);

const comparedMethod = z.strictObject({
  method: z.string().describe("the name that runs refer to"),
  id: z.string(),
  options: values.describe("what was asked for"),
  title: z.string(),
  runs: share.describe("completed runs"),
  certified: share,
  claimed: share,
  statuses: z.partialRecord(statuses, share),
  suboptimality: quartiles,
  hypergradient: quartiles,
  iterations: quartiles,
  calls: quartiles,
  seconds: quartiles,
  toReach: z
    .array(z.strictObject({ target: z.number(), reached: share, calls: quartiles }))
    .describe("oracle calls until the relative suboptimality was at most the target for good"),
});

const comparedRun = z.strictObject({
  method: z.string(),
  seed: z.number(),
  status: statuses,
  reason: z.string(),
  certified: z.boolean(),
  claimed: z.boolean().describe("the method itself claimed convergence"),
  confirmed: z.boolean().describe("the certificate confirms the lower level and all constraints"),
  objective: number.describe("upper objective at the returned x and the lower solution there"),
  iterations: count,
  calls,
  seconds: z.number().min(0),
  counts: z.record(z.string(), z.number().min(0)),
  points: z.array(
    z.strictObject({
      iteration: count,
      calls,
      seconds: z.number().min(0),
      objective: number,
      suboptimality: number,
      hypergradient: number,
      claim: number.describe("stationarity as the method itself states it"),
    }),
  ),
});

export const compareSchema = z
  .strictObject({
    problem: z.string().describe("title of the problem"),
    file: z.string().nullable().describe("path of the source"),
    source: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullable()
      .describe("SHA-256 of the source text"),
    version: z.string().describe("version of Blo"),
    tolerance: z.number(),
    budget: z
      .strictObject({ calls: number, seconds: number, iterations: number })
      .describe("of each run; null: no limit"),
    seeds: z.array(z.number()),
    spread: z.number().min(0),
    interrupted: z.boolean(),
    start: z.strictObject({ objective: number, hypergradient: number }),
    reference: z.strictObject({
      objective: number,
      from: z.enum(["run", "expectation", "unconfirmed run", "none"]),
      method: z.string().nullable(),
      seed: z.number().nullable(),
    }),
    scale: number.describe("distances from the reference are divided by this: the start's"),
    methods: z.array(comparedMethod),
    skipped: z.array(z.strictObject({ method: z.string(), reasons: z.array(z.string()) })),
    runs: z.array(comparedRun),
  })
  .describe(
    "Result of `blo compare --json`. Only fields named seconds change from one time to the next for the same seeds.",
  );
