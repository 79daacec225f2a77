/** Obstructions in words: the sentence of the result, the diagnostic with its places, and the record for JSON. */
import { type Diagnostic, diagnostic, type Related } from "../../base/diagnostic.js";
import type { Obstruction } from "../../methods/result.js";
import type { Constraint, Problem } from "../../model/problem.js";
import { nested, variablesOf } from "../../report/values.js";
import { entryName, type Member } from "./member.js";

type Vector = Float64Array;

export interface Finding {
  readonly obstruction: Obstruction;
  readonly diagnostic: Diagnostic;
  readonly sentence: string;
  /** The verdict follows although nothing is proved. */
  readonly decides?: boolean;
}

/** Names in a message; the rest is counted. */
const SHOWN = 8;

export function ofConstraints(_problem: Problem, members: readonly Member[]): Finding {
  const levels = new Set(members.map((m) => m.level));
  const whose =
    levels.size === 2 ? "Constraints of both levels" : levels.has("upper") ? "Upper constraints" : "Lower constraints";
  const names = members.map((m) => m.name);
  return {
    obstruction: { kind: "constraints", proved: true, constraints: names },
    sentence: `${whose} contradict ${members.length === 1 ? "themselves" : "each other"}, so that no point satisfies them: ${list(names)}.`,
    diagnostic: placed("BLO0910", { whose: whose.toLowerCase(), constraints: list(names) }, members),
  };
}

export function ofUpperConstraints(problem: Problem, constraints: readonly Constraint[]): Finding {
  const members = constraints.map(({ name, span }): Member => ({ name, level: "upper", span }));
  const names = members.map((m) => m.name);
  return {
    obstruction: { kind: "upper constraints", proved: true, constraints: names },
    sentence: `No lower solution at any x satisfies the upper constraints: ${list(names)}.`,
    diagnostic: diagnostic(
      "BLO0911",
      { constraints: list(names) },
      {
        span: members[0].span,
        related: [
          ...others(members),
          {
            span: headOf(problem, problem.lowers[0].span),
            message: "the lower level chooses y without regard to them",
          },
        ],
      },
    ),
  };
}

export function ofLowerRay(problem: Problem, ray: Vector | undefined): Finding {
  const moved = ray && movement(problem, { x: new Float64Array(problem.x.size), y: ray });
  const along = moved === undefined ? "" : `, as along ${moved.text}`;
  return {
    obstruction: { kind: "lower unbounded", proved: true, constraints: [], ...(moved && { ray: moved.values }) },
    sentence: `The lower level is unbounded, so that it has no solution at any x: its objective falls for ever${along}: proved.`,
    diagnostic: diagnostic("BLO0912", { along }, { span: headOf(problem, problem.lowers[0].span) }),
  };
}

/** `looked`: at how many x that was seen; 1 where it is not so at others, or nothing was looked at. */
export function ofFarFall(problem: Problem, ray: Vector, looked: number): Finding {
  const moved = movement(problem, { x: new Float64Array(problem.x.size), y: ray });
  const where = looked > 1 ? `at each of the ${looked} x that were looked at` : "at the x that was found";
  return {
    obstruction: { kind: "lower unbounded", proved: false, constraints: [], ray: moved.values },
    sentence:
      looked > 1
        ? `The lower level seems to be unbounded and without solution: ${where} its objective falls over every distance looked at, here along ${moved.text}; seen, not proved.`
        : `The lower level seems to have no solution at this x: along ${moved.text} its objective falls over every distance looked at.`,
    decides: looked > 1,
    diagnostic: diagnostic("BLO0916", { along: moved.text, where }, { span: headOf(problem, problem.lowers[0].span) }),
  };
}

export function ofNoEquilibrium(problem: Problem): Finding {
  return {
    obstruction: { kind: "no equilibrium", proved: true, constraints: [] },
    sentence: "The followers' game has no equilibrium at any x.",
    diagnostic: diagnostic(
      "BLO0915",
      {},
      {
        span: headOf(problem, problem.lowers[0].span),
        related: problem.lowers
          .slice(1)
          .map(({ span }) => ({ span: headOf(problem, span), message: "together with this" })),
      },
    ),
  };
}

export function ofRay(problem: Problem, ray: { readonly x: Vector; readonly y: Vector }): Finding {
  const { text, values } = movement(problem, ray);
  return {
    obstruction: { kind: "upper unbounded", proved: true, constraints: [], ray: values },
    sentence: `The upper objective falls for ever, through lower solutions, along ${text}: proved.`,
    diagnostic: diagnostic("BLO0913", { along: text }, { span: headOf(problem, problem.upper.span) }),
  };
}

/** Seen along points that pass the certificate's lower checks, `distance` being the farthest one's from the answer. */
export function ofFallingPath(problem: Problem, ray: { readonly x: Vector; readonly y: Vector }, path: Path): Finding {
  const { text, values } = movement(problem, ray);
  const [from, to] = [path.from, path.to].map((v) => String(Number(v.toPrecision(4))));
  const distance = path.distance.toExponential(0);
  return {
    obstruction: { kind: "upper unbounded", proved: false, constraints: [], ray: values },
    decides: true,
    sentence: `The upper objective seems to fall for ever through lower solutions along ${text}: from ${from} to ${to} over a distance of ${distance}; seen, not proved.`,
    diagnostic: diagnostic(
      "BLO0918",
      { along: text, from, to, distance },
      { span: headOf(problem, problem.upper.span) },
    ),
  };
}

/** The same where the fall levels off. */
export function ofLevellingPath(
  problem: Problem,
  ray: { readonly x: Vector; readonly y: Vector },
  path: Path,
): Finding {
  const { text, values } = movement(problem, ray);
  const limit = String(Number(path.to.toPrecision(6)));
  const how = `the upper objective goes on falling along ${text}, ever more slowly, towards about ${limit}`;
  return {
    obstruction: { kind: "not attained", proved: false, constraints: [], ray: values },
    decides: true,
    sentence: `The best value seems to be approached, not attained: ${how}; seen, not proved.`,
    diagnostic: diagnostic("BLO0919", { how }, { span: headOf(problem, problem.upper.span) }),
  };
}

/** A path of points; objectives in the sense the source wrote. */
export interface Path {
  readonly from: number;
  readonly to: number;
  readonly distance: number;
}

export interface Vanishing {
  /** Upper variables at the border. */
  readonly x: Vector;
  /** The lower constraint that is gone there. */
  readonly constraint: string;
  /** Upper objectives in the sense the source wrote: beside the border, and of the best lower solution met at it. */
  readonly beside: number;
  readonly there: number;
}

export function ofVanishing(problem: Problem, { x, constraint, beside, there }: Vanishing): Finding {
  const { text, values } = place(problem, x);
  const [near, own] = [beside, there].map((v) => String(Number(v.toPrecision(4))));
  const written = problem.lowers.flatMap((l) => l.constraints).find((c) => c.name === constraint);
  const how = `at ${text} the lower constraint ${constraint} is gone and the lower level has another solution, with upper objective ${own} instead of the ${near} that points beside it have`;
  return {
    obstruction: { kind: "not attained", proved: false, constraints: [constraint], limit: values },
    decides: true,
    sentence: `The best value seems to be approached, not attained: ${how}.`,
    diagnostic: diagnostic("BLO0919", { how }, { span: written?.span ?? headOf(problem, problem.upper.span) }),
  };
}

export function ofViolation(_problem: Problem, violation: number, members: readonly Member[]): Finding {
  const names = members.map((m) => m.name);
  const size = Number(violation.toPrecision(3));
  return {
    obstruction: { kind: "violation", proved: false, constraints: names, violation },
    sentence: `No feasible point was found: the smallest sum of violations is ${size}, where these constraints conflict: ${list(names)}.`,
    diagnostic: placed("BLO0914", { violation: String(size), constraints: list(names) }, members),
  };
}

function placed<C extends "BLO0910" | "BLO0914">(
  code: C,
  parameters: Parameters<typeof diagnostic<C>>[1],
  members: readonly Member[],
): Diagnostic {
  return diagnostic(code, parameters, { span: members[0].span, related: others(members) });
}

function others(members: readonly Member[]): Related[] {
  return members
    .slice(1, SHOWN)
    .filter((m, i, all) => m.span.start !== members[0].span.start && !all.slice(0, i).some((o) => o.span === m.span))
    .map(({ name, span }) => ({ span, message: `together with ${name}` }));
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  if (shown.length < 2) return shown.join("");
  return `${shown.slice(0, -1).join(", ")} and ${shown[shown.length - 1]}`;
}

/** What moves along a ray: by variable, and as words. */
function movement(
  problem: Problem,
  ray: { readonly x: Vector; readonly y: Vector },
): { readonly text: string; readonly values: NonNullable<Obstruction["ray"]> } {
  const longest = [...ray.x, ...ray.y].reduce((top, v) => Math.max(top, Math.abs(v)), 0) || 1;
  const steps: string[] = [];
  const values: Record<string, ReturnType<typeof nested>> = {};
  for (const variable of variablesOf(problem)) {
    const { name, level, offset, size, shape } = variable;
    const own = ray[level === "upper" ? "x" : "y"].slice(offset, offset + size).map((v) => v / longest);
    if (own.every((v) => v === 0)) continue;
    values[name] = nested(own, shape);
    own.forEach((v, i) => {
      if (v !== 0) steps.push(`${entryName(variable, i)} ${v > 0 ? "+" : "-"}${Number(Math.abs(v).toPrecision(4))}`);
    });
  }
  return { text: list(steps), values };
}

/** The upper variables of a point. */
function place(
  problem: Problem,
  x: Vector,
): { readonly text: string; readonly values: NonNullable<Obstruction["limit"]> } {
  const parts: string[] = [];
  const values: Record<string, ReturnType<typeof nested>> = {};
  for (const variable of variablesOf(problem)) {
    const { name, level, offset, size, shape } = variable;
    if (level !== "upper") continue;
    const own = x.slice(offset, offset + size);
    values[name] = nested(own, shape);
    own.forEach((v, i) => {
      parts.push(`${entryName(variable, i)} = ${Number(v.toPrecision(4))}`);
    });
  }
  return { text: list(parts), values };
}

/** A level's words before its curly bracket. */
function headOf({ source }: Problem, { start, end }: { readonly start: number; readonly end: number }) {
  const head = source.slice({ start, end }).split("{")[0].trimEnd();
  return { start, end: start + head.length };
}
