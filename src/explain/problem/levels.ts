/** Levels of a file as mathematics: what is minimised over what, subject to what, as written. */
import { printExpression } from "../../syntax/printExpression.js";
import type {
  ConstraintDeclaration,
  DomainClause,
  Expression,
  LevelDeclaration,
  VariableDeclaration,
} from "../../syntax/tree.js";
import type { Formula } from "../document.js";
import { brokenTex } from "../notation/broken.js";
import { texWords } from "../notation/names.js";
import { bindersTex, expressionTex, type Names, relationTex } from "../notation/tex.js";

const text = printExpression;
const list = (items: readonly Expression[]): string => items.map(text).join(", ");

function clauseText(clause: DomainClause): string {
  switch (clause.kind) {
    case "interval":
      return `in [${text(clause.lower)}, ${text(clause.upper)}]`;
    case "bound":
      return `${clause.operator} ${text(clause.bound)}`;
    case "named":
      return `in ${clause.name.name}${clause.arguments.length > 0 ? `(${list(clause.arguments)})` : ""}`;
  }
}

/** `route[3] in simplex(demand)` */
export function variableText({ name, dimensions, domains }: VariableDeclaration): string {
  const sizes = dimensions.length > 0 ? `[${list(dimensions)}]` : "";
  return [`${name.name}${sizes}`, ...domains.map(clauseText)].join(" ");
}

/** The space of a variable, or what bounds it. */
function spaceTex({ dimensions }: VariableDeclaration, names: Names): string {
  const sizes = dimensions.map((d) => expressionTex(d, names)).join(" \\times ");
  return dimensions.length === 0 ? "\\mathbf{R}" : `\\mathbf{R}^{${sizes}}`;
}

function clauseTex(clause: DomainClause, v: VariableDeclaration, names: Names): string {
  const name = nameOf(v, names);
  const tex = (e: Expression): string => expressionTex(e, names);
  switch (clause.kind) {
    case "interval":
      return v.dimensions.length === 0
        ? `${name} \\in [${tex(clause.lower)}, ${tex(clause.upper)}]`
        : `${tex(clause.lower)} \\le ${name} \\le ${tex(clause.upper)}`;
    case "bound":
      return `${name} ${relationTex(clause.operator)} ${tex(clause.bound)}`;
    case "named": {
      const args = clause.arguments.map(tex);
      switch (clause.name.name) {
        case "simplex":
          return `${name} \\ge 0, \\quad \\mathbf{1}^{\\top} ${name} = ${args[0] ?? "1"}`;
        case "ball":
          return `\\lVert ${name} - ${args[0]} \\rVert \\le ${args[1]}`;
        case "box":
          return `${args[0]} \\le ${name} \\le ${args[1]}`;
        default:
          return `${name} \\in \\mathrm{${texWords(clause.name.name)}}`;
      }
    }
  }
}

function nameOf({ name }: VariableDeclaration, names: Names): string {
  return expressionTex({ kind: "name", name: name.name, span: name.span }, names);
}

/** Where a variable lives, as rows of `subject to`. */
export function variableTex(v: VariableDeclaration, names: Names): readonly string[] {
  const inSpace = v.dimensions.length > 0 || v.domains.length === 0;
  const space = inSpace ? [`${nameOf(v, names)} \\in ${spaceTex(v, names)}`] : [];
  const rows = v.domains.map((clause) => clauseTex(clause, v, names));
  return [[...space, ...rows].join(", \\quad ")];
}

export function constraintText({ name, binders, where, terms, relations }: ConstraintDeclaration): string {
  const chain = terms.map((t, k) => (k === 0 ? text(t) : `${relations[k - 1]} ${text(t)}`)).join(" ");
  const indices = binders.map((b) => `${b.index.name} in ${text(b.set)}`).join(", ");
  const all = indices === "" ? "" : `forall ${indices}${where ? ` where ${text(where)}` : ""}: `;
  return `${name ? `${name.name}: ` : ""}${all}${chain}`;
}

export function constraintTex(c: ConstraintDeclaration, names: Names): string {
  const { name, binders, where, terms, relations } = c;
  const chain = terms
    .map((t, k) => `${k === 0 ? "" : `${relationTex(relations[k - 1])} `}${expressionTex(t, names)}`)
    .join(" ");
  const all = binders.length > 0 ? ` \\quad \\forall\\, ${bindersTex(binders, where, names)}` : "";
  const label = name ? ` \\qquad (\\mathrm{${texWords(name.name)}})` : "";
  return `${chain}${all}${label}`;
}

export interface LevelForm {
  readonly level: LevelDeclaration;
  /** The variables that are chosen, and all that the objective is optimised over. */
  readonly variables: readonly VariableDeclaration[];
  readonly over: readonly VariableDeclaration[];
  /** Put before and after the optimisation: `S(x) =`, `y in S(x)`. */
  readonly head?: Formula;
  readonly tail?: Formula;
  readonly operator: { readonly tex: string; readonly text: string };
  readonly constraints: readonly ConstraintDeclaration[];
}

/** One optimisation problem as a formula: objective, then a row for each variable and constraint. */
export function levelFormula(form: LevelForm, names: Names): Formula | undefined {
  const objective = form.level.items.find((i) => i.kind === "objective");
  if (objective?.kind !== "objective") return undefined;
  const over = form.over.map((v) => nameOf(v, names)).join(",\\, ");
  const rows = [
    ...form.variables.flatMap((v) => variableTex(v, names)),
    ...form.constraints.map((c) => constraintTex(c, names)),
    ...(form.tail ? [form.tail.tex] : []),
  ];
  const head = form.head ? `${form.head.tex} ` : "";
  const value = brokenTex("", objective.value, names).trim();
  const first = `${head}${form.operator.tex}_{${over}} \\quad & ${value}`;
  const subject = rows.map((row, k) => `${k === 0 ? "\\text{s.t.} \\quad " : ""}& ${row}`);
  const lines = [
    `${form.head ? `${form.head.text} ` : ""}${form.operator.text}  ${text(objective.value)}`,
    `  over ${form.variables.map(variableText).join(", ")}`,
    ...form.constraints.map((c) => `  subject to ${constraintText(c)}`),
    ...(form.tail ? [`  ${form.tail.text}`] : []),
  ];
  return {
    tex: `\\begin{aligned} ${[first, ...subject].join(" \\\\ ")} \\end{aligned}`,
    text: lines.join("\n"),
  };
}
