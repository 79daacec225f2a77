/** The readable result of a run: values by name, objectives, the certificate, what it took and why it ended. */
import type { Paint } from "../base/paint.js";
import { cutTo, padEnd, textWidth, visibleText } from "../base/width.js";
import type { Certificate, CertificateCheck, NestedNumbers, Result, Status } from "../methods/result.js";
import { calls } from "../oracle/oracle.js";
import { multipliersText } from "./multipliersText.js";
import { count, number, short, shownWidth, table, wrap } from "./words.js";

/** Vectors and matrices are cut to this many lines of text. */
const mostLines = 8;

const isMatrix = (v: NestedNumbers): v is readonly (readonly NestedNumbers[])[] =>
  typeof v !== "number" && v.length > 0 && typeof v[0] !== "number";

function entries(v: NestedNumbers): number {
  return typeof v === "number" ? 1 : v.reduce((n: number, e) => n + entries(e), 0);
}

/** A vector on as few lines as fit, each entry in a column of its own. */
function vectorLines(v: readonly NestedNumbers[], width: number): string[] {
  const cells = v.slice(0, 10_000).map((e) => (typeof e === "number" ? number(e, 7) : ""));
  const cell = Math.max(...cells.map((c) => c.length));
  const perLine = Math.max(1, Math.floor((width - 1) / (cell + 2)));
  if (v.length <= perLine || cells.join(", ").length + 2 <= width) return [cutTo(`[${cells.join(", ")}]`, width)];
  const lines: string[] = [];
  for (let i = 0; i < cells.length && lines.length < mostLines; i += perLine) {
    const part = cells.slice(i, i + perLine).map((c) => c.padStart(cell));
    lines.push(`${i === 0 ? "[" : " "}${part.join(", ")}${i + perLine < v.length ? "," : ""}`);
  }
  const shown = Math.min(v.length, mostLines * perLine);
  if (shown < v.length)
    lines.push(cutTo(` … ${count(v.length, "entry", "entries")} in all; --json gives them]`, width));
  else lines[lines.length - 1] += "]";
  return lines;
}

function valueLines(v: NestedNumbers, width: number): string[] {
  if (typeof v === "number") return [number(v, 10)];
  if (!isMatrix(v)) return vectorLines(v, width);
  const rows = v.slice(0, mostLines).map((row, i) => {
    const cells = row.map((e) => (typeof e === "number" ? number(e, 6) : ""));
    return cutTo(`${i === 0 ? "[" : " "}[${cells.join(", ")}]${i === v.length - 1 ? "]" : ""}`, width);
  });
  if (v.length > rows.length)
    rows.push(cutTo(` … ${v.length} x ${v[0].length} = ${entries(v)} entries in all; --json gives them]`, width));
  return rows;
}

export function valuesText(values: Result["values"], width: number, paint: Paint): string {
  const names = Object.keys(values);
  const longest = Math.min(24, Math.max(0, ...names.map(textWidth)));
  return names
    .map((name) => {
      const lead = `  ${paint.strong(padEnd(visibleText(name), longest))} = `;
      const column = Math.max(longest, textWidth(name)) + 5;
      return lead + valueLines(values[name], Math.max(20, width - column)).join(`\n${" ".repeat(column)}`);
    })
    .join("\n");
}

const good: ReadonlySet<Status> = new Set<Status>(["converged"]);

/** What a check came to: held, failed, or a number that decides nothing (`·`), such as one that was not asked to hold. */
function mark(c: CertificateCheck, paint: Paint): string {
  if (!c.holds) return paint.bad("✗");
  return c.value <= c.tolerance ? paint.good("✓") : paint.dim("·");
}

/** The checks in columns. What one says stands beside it where the line is wide enough, else below. Those that hold are mute. */
function certificateText(certificate: Certificate, width: number, paint: Paint, verbose: boolean): string {
  const rows = certificate.checks.map((c) => [
    mark(c, paint),
    c.name,
    Number.isNaN(c.value) ? "" : short(c.value),
    Number.isNaN(c.tolerance) ? "" : `${c.value <= c.tolerance ? "<=" : "> "} ${short(c.tolerance)}`,
    "",
  ]);
  const aligned = table(rows, "  ", true).split("\n");
  // Where the columns do not fit, each check is a line of its own width.
  const fits = aligned.every((line) => shownWidth(line.trimEnd()) <= width);
  const lines = fits
    ? aligned
    : rows.map(([sign, name, ...numbers]) => `  ${sign} ${name}  ${numbers.filter((n) => n !== "").join(" ")}`);
  return certificate.checks
    .map((c, i) => {
      const line = lines[i];
      if (c.value <= c.tolerance && c.holds && !verbose) return line.trimEnd();
      if (shownWidth(line) + textWidth(c.words) <= width) return line + paint.dim(c.words);
      return `${line.trimEnd()}\n      ${paint.dim(wrap(c.words, width - 6, "      "))}`;
    })
    .join("\n");
}

/** Blanks that no line is broken at. */
const together = (text: string): string => text.replaceAll(" ", "\u00a0");

export interface SummaryOptions {
  /** Also what the checks that hold say. */
  readonly verbose?: boolean;
}

/** Everything but the name of the file, ending with a line break. */
export function summary(result: Result, width: number, paint: Paint, { verbose = false }: SummaryOptions = {}): string {
  const { upper, lower, certificate, counts } = result;
  const certified = certificate?.certified === true;
  const status = (good.has(result.status) ? paint.good : paint.bad)(paint.strong(result.status));
  const indent = " ".repeat(result.status.length + 2);
  const refused = result.status === "not-applicable";
  const none = result.status === "infeasible" || result.status === "unbounded";
  const ended = refused
    ? `Method ${result.method} does not fit this problem; what is in its way stands above.`
    : result.reason;
  const reason = wrap(ended, Math.max(20, width - indent.length), indent);
  const parts: string[] = [`${paint.strong(visibleText(result.problem))}\n`, `${status}  ${reason}\n`];
  // Nothing was computed, or there is no answer: a point and its objectives would only look like one.
  if (refused) return parts.join("\n");
  if (!none && Object.keys(result.values).length > 0) parts.push(`${valuesText(result.values, width, paint)}\n`);
  if (!none)
    parts.push(
      `${table(
        [
          ["upper objective", number(upper.objective, 10), certified ? "" : violated(upper.violation)],
          [
            "lower objective",
            number(lower.objective, 10),
            certified ? "" : [gap(lower.gap), violated(lower.violation)].filter((t) => t).join(", "),
          ],
          ...pessimisticRow(result),
        ],
        "  ",
      )}\n`,
    );
  const multipliers = none ? undefined : multipliersText(result);
  if (multipliers !== undefined) parts.push(multipliers);
  if (certificate) {
    const level = certificate.certified ? paint.good("certified") : paint.bad("not certified");
    parts.push(
      `certificate: ${level}${width < 60 ? "\n" : "; "}lower level solved: ${certificate.lowerEvidence}\n${certificateText(certificate, width, paint, verbose)}\n`,
    );
  }
  if (result.measures) {
    const rows = Object.entries(result.measures).map(([name, value]) => [name, short(value), ""]);
    parts.push(`measures\n${table(rows, "  ")}\n`);
  }
  if (result.presolve) {
    const lines = result.presolve.map(({ text }) => `  ${wrap(text, Math.max(20, width - 2), "  ")}`);
    parts.push(`presolve\n${lines.join("\n")}\n`);
  }
  if (result.tried && result.tried.length > 1) {
    const rows = result.tried.map(({ method, status, objective, seconds }) => [
      method,
      number(objective, 8),
      status,
      `${short(seconds)} s`,
    ]);
    parts.push(`tried\n${table(rows, "  ")}\n`);
  }
  const { why } = result.tried?.find((t) => t.method === result.method) ?? {};
  if (why) parts.push(`${paint.dim(wrap(`${result.method}: ${why}`, width))}\n`);
  const products = counts.lowerHvp + counts.lowerJvp + counts.upperProduct;
  const facts = [
    `method ${result.method}`,
    `seed ${result.seed}`,
    count(result.iterations, "iteration"),
    `${together(count(calls(counts), "oracle call"))} (${together(count(counts.upperGradient + counts.lowerGradient, "gradient"))}`,
    `${together(count(products, "second-order product"))})`,
    `${short(result.seconds)} s`,
  ];
  // A number and its unit stay on one line, a method and its name too; the list of calls may be broken at its comma.
  const words = wrap(facts.map((f) => (f.includes("(") ? f : together(f))).join(", "), width).replaceAll("\u00a0", " ");
  parts.push(`${paint.dim(words)}\n`);
  return parts.join("\n");
}

function pessimisticRow({ pessimistic }: Result): string[][] {
  if (!pessimistic) return [];
  return [["pessimistic value", number(pessimistic.objective, 10), "the lower level has other solutions"]];
}

function violated(violation: number): string {
  return violation > 0 ? `violation ${short(violation)}` : "";
}

function gap(value: number): string {
  return Number.isFinite(value) ? `gap ${short(value)}` : "";
}
