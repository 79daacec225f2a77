/** `blo methods`: the list, or one method with formulas, parameters, assumptions and known failures. */
import { closest } from "../../base/suggest.js";
import { type Family, families, takenByPlainRuns } from "../../methods/builtin.js";
import type { Method, Parameter } from "../../methods/method.js";
import { expectedOf, rangeOf } from "../../methods/params.js";
import { type PieceKind, pieceKinds, pieces } from "../../methods/pieces/catalogue.js";
import type { Piece } from "../../methods/pieces/piece.js";
import { methods as all, methodInResult } from "../../methods/registry.js";
import type { Action } from "../command.js";
import { exit, UsageError } from "../exit.js";
import type { Terminal } from "../terminal.js";
import { table, wrap } from "../words.js";

/** What a method can keep, in words. */
function abilities({ requirements: r }: Method): string {
  const kept = [
    r.upperDomain ? "upper domains" : "",
    r.lowerDomain ? "lower domains" : "",
    r.upperConstraints
      ? r.augmented
        ? "upper constraints (through an augmented Lagrangian)"
        : "upper constraints"
      : "",
    r.lowerConstraints ? "lower constraints" : "",
  ].filter((t) => t !== "");
  return kept.length > 0 ? kept.join(", ") : "neither domains nor constraints";
}

/** Built-in families, what a caller registered, and what only plain runs take. */
function groups(): readonly Pick<Family, "title" | "methods">[] {
  const builtin = new Set(families.flatMap((family) => family.methods.map((m) => m.id)));
  const others = all().filter((m) => !builtin.has(m.id));
  const found = [...families, { title: "Registered here", methods: others }, takenByPlainRuns];
  return found.filter((family) => family.methods.length > 0);
}

function list({ out, paint, width }: Terminal): void {
  const indent = " ".repeat(Math.max(0, ...all().map((m) => m.id.length)) + 4);
  const inner = Math.max(20, width - indent.length);
  const paragraph = (text: string): string => wrap(text, inner, indent);
  for (const { title, methods } of groups()) {
    out(`${paint.strong(title)}\n`);
    for (const m of methods) {
      out(`  ${paint.strong(m.id.padEnd(indent.length - 2))}${paragraph(m.title)}\n`);
      const { order, class: problems, stochastic } = m.requirements;
      const facts = `order ${order}; ${problems}${stochastic ? "; minibatches" : ""}`;
      out(`${indent}${paragraph(facts)}\n${indent}${paint.dim(paragraph(m.reference))}\n`);
    }
    out("\n");
  }
  out(`${paint.dim("blo methods ID describes one; blo explain FILE says which fit a problem")}\n`);
}

function parameterRow(p: Parameter): readonly string[] {
  const range = rangeOf(p);
  const standard = p.default === undefined ? "auto" : String(p.default);
  return [`--opt ${p.name}=${standard}`, `${expectedOf(p)}${range === "" ? "" : `, ${range}`}`];
}

function page(m: Method, { out, paint, width }: Terminal): void {
  const paragraph = (head: string, text: string): string =>
    `${paint.strong(head)}\n  ${wrap(text, width - 2, "  ")}\n\n`;
  out(`${paint.strong(m.id)}  ${m.title}\n\n`);
  out(`${paint.strong("Algorithm")}\n${m.formulas.map((f) => `  ${f}`).join("\n")}\n\n`);
  out(paragraph("Reference", m.reference));
  const { order, class: problems, minimaxOnly } = m.requirements;
  const needs = `${problems}; derivatives up to order ${order}; keeps ${abilities(m)}${minimaxOnly ? "; minimax problems only" : ""}`;
  out(paragraph("Needs", needs));
  out(paragraph("Assumes", m.assumptions));
  out(paragraph("Known failures", m.failures));
  if (m.parameters.length === 0) return;
  out(`${paint.strong("Parameters")}\n`);
  for (const p of m.parameters) {
    out(
      `${table([parameterRow(p)], "  ")}\n      ${wrap(p.doc + (p.auto ? ` Auto: ${p.auto}.` : ""), width - 6, "      ")}\n`,
    );
  }
}

/** What a program may want to know: everything but the code. */
function facts(m: Method): Record<string, unknown> {
  const { id, title, reference, formulas, assumptions, failures, requirements, parameters } = m;
  return { id, title, reference, formulas, assumptions, failures, requirements, parameters };
}

/** `--pieces`: what `--lower`, `--estimator`, `--outer`, `--surrogate`, `--field` and `--sampling` may name. */
function listPieces({ out, paint, width }: Terminal): void {
  for (const [kind, title] of Object.entries(pieceKinds) as [PieceKind, string][]) {
    out(`${paint.strong(`--${kind}`)}  ${title}\n`);
    for (const p of pieces[kind]) {
      out(`\n  ${paint.strong(p.id)}  ${wrap(p.title, width - 4 - p.id.length, "    ")}\n`);
      for (const line of p.formulas) out(`    ${line}\n`);
      const names = p.parameters.map((q) => q.name);
      if (names.length > 0) out(`    ${paint.dim(wrap(`options: ${names.join(", ")}`, width - 4, "    "))}\n`);
      out(`    ${paint.dim(wrap(p.reference, width - 4, "    "))}\n`);
    }
    out("\n");
  }
  out(`${paint.dim("blo run FILE --lower nesterov --estimator cg --outer adam puts a method together, as do")}\n`);
  out(`${paint.dim("blo run FILE --surrogate value-gap, blo run FILE --field joint --sampling saga")}\n`);
}

function pieceFacts(): Record<string, unknown> {
  const facts = ({ id, title, formulas, reference, parameters }: Piece) => ({
    id,
    title,
    formulas,
    reference,
    parameters,
  });
  return Object.fromEntries(Object.entries(pieces).map(([kind, list]) => [kind, list.map(facts)]));
}

export const methods: Action = async (args, flags, terminal) => {
  const [id] = args;
  if (flags.pieces === true) {
    if (id !== undefined) throw new UsageError("--pieces lists all pieces; it takes no method");
    if (flags.json) terminal.out(`${JSON.stringify(pieceFacts(), null, 2)}\n`);
    else listPieces(terminal);
    return exit.ok;
  }
  const found = id === undefined ? undefined : methodInResult(id);
  if (id !== undefined && !found) {
    const near = closest(
      id,
      all().map((m) => m.id),
    );
    throw new UsageError(
      `there is no method ${JSON.stringify(id)}`,
      near ? `did you mean ${near}?` : "blo methods lists them",
    );
  }
  if (flags.json)
    terminal.out(
      `${JSON.stringify(found ? facts(found) : [...all(), ...takenByPlainRuns.methods].map(facts), null, 2)}\n`,
    );
  else if (found) page(found, terminal);
  else list(terminal);
  return exit.ok;
};
