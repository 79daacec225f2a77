/** The problem as mathematics, in the names of its source: both levels, then what functions, sets and parameters stand for. */
import { parse } from "../../syntax/parse.js";
import { printExpression } from "../../syntax/printExpression.js";
import type { Item, LevelDeclaration, LevelItem, VariableDeclaration } from "../../syntax/tree.js";
import type { ExplainContext, Topic } from "../context.js";
import type { Block, Fact, Formula } from "../document.js";
import { brokenTex } from "../notation/broken.js";
import { word } from "../notation/names.js";
import { expressionTex, type Names } from "../notation/tex.js";
import { type LevelForm, levelFormula } from "../problem/levels.js";
import { usedDeclarations } from "../problem/names.js";

/** Letters of a definition's text beyond which only its size is told. */
const longestDefinition = 400;
const longestValue = 60;

const minimum = { tex: "\\min", text: "minimize" };
const maximum = { tex: "\\max", text: "maximize" };
const senseOf = (level: LevelDeclaration): typeof minimum =>
  level.items.some((i) => i.kind === "objective" && i.sense === "maximize") ? maximum : minimum;

const variablesOf = (level: LevelDeclaration): readonly VariableDeclaration[] =>
  level.items.filter((i) => i.kind === "var");

export const standardFormTopic: Topic = (context) => {
  const { tree } = parse(context.problem.source);
  if (!tree) return undefined;
  const levels = tree.items.filter((i) => i.kind === "level");
  const used = usedDeclarations(tree);
  const declared = new Set(
    [...tree.items, ...levels.flatMap((l) => l.items)].flatMap((i) => ("name" in i && i.name ? [i.name.name] : [])),
  );
  const names: Names = { taken: (name) => declared.has(name) };
  const game = levels.find((l) => l.level === "minimax");
  const blocks = game ? minimaxBlocks(game, names) : bilevelBlocks(levels, names);
  const definitions = used.flatMap((item) => definition(item, names));
  const facts = used.flatMap((item) => fact(item, context));
  return {
    id: "standard-form",
    title: "The problem as mathematics",
    blocks: [...blocks, ...definitions, ...(facts.length > 0 ? [{ kind: "facts" as const, rows: facts }] : [])],
  };
};

function formulaBlock(name: string, form: LevelForm, names: Names): readonly Block[] {
  const formula = levelFormula(form, names);
  return formula ? [{ kind: "formula", name, formula }] : [];
}

function minimaxBlocks(level: LevelDeclaration, names: Names): readonly Block[] {
  const variables = variablesOf(level);
  const inner = variables.filter((v) => v.player === "maximize");
  const outer = variables.filter((v) => v.player !== "maximize");
  const constraints = level.items.filter((i) => i.kind === "constraint");
  const over = outer.map((v) => texOf(v, names)).join(",\\, ");
  const operator = {
    tex: `\\min_{${over}}\\; \\max`,
    text: `minimize over ${outer.map((v) => v.name.name).join(", ")}, maximize over ${inner.map((v) => v.name.name).join(", ")}`,
  };
  return formulaBlock("game", { level, variables, over: inner, operator, constraints }, names);
}

function bilevelBlocks(levels: readonly LevelDeclaration[], names: Names): readonly Block[] {
  const upper = levels.find((l) => l.level === "upper");
  const lowers = levels.filter((l) => l.level === "lower");
  if (!upper) return [];
  const given = variablesOf(upper);
  const argument = {
    tex: given.map((v) => texOf(v, names)).join(", "),
    text: given.map((v) => v.name.name).join(", "),
  };
  const solutions = lowers.map((l): Formula => {
    const mark = lowers.length > 1 && l.name ? l.name.name : undefined;
    return {
      tex: `S${mark === undefined ? "" : `_{\\mathrm{${mark.replaceAll("_", "\\_")}}}`}(${argument.tex})`,
      text: `S${mark === undefined ? "" : `_${mark}`}(${argument.text})`,
    };
  });
  const choices = lowers.map((l, k) => {
    const own = variablesOf(l);
    return {
      tex: `${tuple(own.map((v) => texOf(v, names)))} \\in ${solutions[k].tex}`,
      text: `${tuple(own.map((v) => v.name.name))} in ${solutions[k].text}`,
    };
  });
  const tail = {
    tex: choices.map((c) => c.tex).join(", \\quad "),
    text: `where ${choices.map((c) => c.text).join(", ")}`,
  };
  const constraints = upper.items.filter((i) => i.kind === "constraint");
  const over = [...given, ...lowers.flatMap(variablesOf)];
  return [
    ...formulaBlock(
      "upper level",
      { level: upper, variables: given, over, operator: senseOf(upper), constraints, tail },
      names,
    ),
    ...lowers.flatMap((level, k) => {
      const { tex, text } = senseOf(level);
      const form: LevelForm = {
        level,
        variables: variablesOf(level),
        over: variablesOf(level),
        head: { tex: `${solutions[k].tex} =`, text: `${solutions[k].text} = solutions of` },
        operator: { tex: `\\operatorname*{arg\\,${tex.slice(1)}}`, text },
        constraints: level.items.filter((i) => i.kind === "constraint"),
      };
      return formulaBlock(
        lowers.length > 1 && level.name ? `lower level ${level.name.name}` : "lower level",
        form,
        names,
      );
    }),
  ];
}

const texOf = (v: VariableDeclaration, names: Names): string =>
  expressionTex({ kind: "name", name: v.name.name, span: v.span }, names);

const tuple = (parts: readonly string[]): string => (parts.length === 1 ? parts[0] : `(${parts.join(", ")})`);

/** Functions, lets and sets that are short enough to be read. */
function definition(item: Item | LevelItem, names: Names): readonly Block[] {
  if (item.kind !== "fn" && item.kind !== "let" && item.kind !== "set") return [];
  const value = item.kind === "fn" ? item.body : item.value;
  const text = printExpression(value);
  if (text.length > longestDefinition) return [];
  const parameters = item.kind === "fn" ? item.parameters.map((p) => p.name) : [];
  const arguments_ = parameters.length > 0 ? `(${parameters.join(", ")})` : "";
  const callee = /^[A-Za-z]$/.test(item.name.name)
    ? item.name.name
    : `\\operatorname{${item.name.name.replaceAll("_", "\\_")}}`;
  const tex =
    parameters.length > 0
      ? `${callee}(${parameters.map(word).join(", ")})`
      : expressionTex({ kind: "name", name: item.name.name, span: item.span }, names);
  const formula = { tex: brokenTex(`${tex} =`, value, names), text: `${item.name.name}${arguments_} = ${text}` };
  return [{ kind: "formula", name: "where", formula }];
}

/** Parameters, data, and what is too long to be written out. */
function fact(item: Item | LevelItem, { params }: ExplainContext): readonly Fact[] {
  if (item.kind === "data") return [{ term: item.name.name, value: `data of ${item.path.value}` }];
  const isLong = (item.kind === "let" || item.kind === "set") && printExpression(item.value).length > longestDefinition;
  if (isLong) return [{ term: item.name.name, value: "computed in the source" }];
  if (item.kind !== "param") return [];
  const given = params?.[item.name.name];
  const value =
    given !== undefined ? JSON.stringify(given) : item.value ? printExpression(item.value) : "given by the caller";
  const why = given === undefined ? {} : { why: "given by the caller" };
  return [
    { term: item.name.name, value: value.length > longestValue ? `${value.slice(0, longestValue)}…` : value, ...why },
  ];
}
