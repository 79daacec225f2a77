/** The readable result of a run: values by name, objectives, the certificate, what it took and why it ended. */
import type { Paint } from "../base/paint.js";
import { cutTo, padEnd, textWidth, visibleText } from "../base/width.js";
import type { Certificate, NestedNumbers, Result, Status } from "../methods/result.js";
import { calls } from "../oracle/oracle.js";
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

/** The checks in columns. What a check says stands beside it where the line is wide enough; else only what failed is said, below. */
function certificateText(certificate: Certificate, width: number, paint: Paint): string {
  const rows = certificate.checks.map((c) => [
    c.holds ? paint.good("✓") : paint.bad("✗"),
    c.name,
    Number.isNaN(c.value) ? "" : short(c.value),
    Number.isNaN(c.tolerance) ? "" : `${c.value <= c.tolerance ? "<=" : "> "} ${short(c.tolerance)}`,
    "",
  ]);
  const lines = table(rows, "  ", true).split("\n");
  return certificate.checks
    .map((c, i) => {
      const line = lines[i];
      if (shownWidth(line) + textWidth(c.words) <= width) return line + paint.dim(c.words);
      return c.holds ? line.trimEnd() : `${line.trimEnd()}\n      ${paint.dim(wrap(c.words, width - 6, "      "))}`;
    })
    .join("\n");
}

/** Everything but the name of the file, ending with a line break. */
export function summary(result: Result, width: number, paint: Paint): string {
  const { upper, lower, certificate, counts } = result;
  const status = (good.has(result.status) ? paint.good : paint.bad)(paint.strong(result.status));
  const indent = " ".repeat(result.status.length + 2);
  const reason = wrap(result.reason, Math.max(20, width - indent.length), indent);
  const parts: string[] = [`${paint.strong(visibleText(result.problem))}\n`, `${status}  ${reason}\n`];
  if (Object.keys(result.values).length > 0) parts.push(`${valuesText(result.values, width, paint)}\n`);
  parts.push(
    `${table(
      [
        ["upper objective", number(upper.objective, 10), violated(upper.violation)],
        [
          "lower objective",
          number(lower.objective, 10),
          [gap(lower.gap), violated(lower.violation)].filter((t) => t).join(", "),
        ],
      ],
      "  ",
    )}\n`,
  );
  if (certificate) {
    const level = certificate.certified ? paint.good("certified") : paint.bad("not certified");
    parts.push(
      `certificate: ${level}; lower level solved: ${certificate.lowerEvidence}\n${certificateText(certificate, width, paint)}\n`,
    );
  }
  const products = counts.lowerHvp + counts.lowerJvp + counts.upperProduct;
  const facts = [
    `method ${result.method}`,
    `seed ${result.seed}`,
    count(result.iterations, "iteration"),
    `${count(calls(counts), "oracle call")} (${count(counts.upperGradient + counts.lowerGradient, "gradient")}, ${count(products, "second-order product")})`,
    `${short(result.seconds)} s`,
  ];
  // A number and its unit stay on one line.
  const words = wrap(facts.map((f) => f.replace(/(?<=\d) /g, "\u00a0")).join(", "), width).replaceAll("\u00a0", " ");
  parts.push(`${paint.dim(words)}\n`);
  return parts.join("\n");
}

function violated(violation: number): string {
  return violation > 0 ? `violation ${short(violation)}` : "";
}

function gap(value: number): string {
  return Number.isFinite(value) ? `gap ${short(value)}` : "";
}
