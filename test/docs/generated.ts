/** The parts of the documentation that are generated from the records they describe. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { codes, explainCode } from "../../src/base/explain.js";
import { commands } from "../../src/cli/commands.js";
import { families } from "../../src/methods/builtin.js";
import type { Method, Parameter } from "../../src/methods/method.js";
import { expectedOf, rangeOf } from "../../src/methods/params.js";
import { type PieceKind, pieceKinds, pieces } from "../../src/methods/pieces/catalogue.js";
import type { Piece } from "../../src/methods/pieces/piece.js";
import { describeFunctions } from "../../src/ops/describe.js";
import { operatorTable } from "../../src/syntax/vocabulary.js";
import { root } from "./blocks.js";

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => "---"), ...rows].map((r) => `| ${r.map(cell).join(" | ")} |`).join("\n");

export function operators(): string {
  const tightestFirst = [...operatorTable].sort((a, b) => b.precedence - a.precedence);
  return table(
    ["operator", "place", "groups", "meaning"],
    tightestFirst.map((o) => [`\`${o.symbol}\``, o.fixity, o.associativity, o.meaning]),
  );
}

export function functions(): string {
  return table(
    ["function", "meaning"],
    describeFunctions().map((f) => [`\`${f.signature}\``, f.doc]),
  );
}

export function ebnf(): string {
  return `\`\`\`ebnf\n${readFileSync(join(root, "grammar", "blo.ebnf"), "utf8").trimEnd()}\n\`\`\``;
}

export function commandList(): string {
  const one = (c: (typeof commands)[number]) =>
    `### \`blo ${[c.name, ...c.arguments.map((a) => a.name)].join(" ")}\`\n\n${c.summary[0].toUpperCase()}${c.summary.slice(1)}.\n\n${table(
      ["argument or option", "meaning"],
      [...c.arguments.map((a) => [`\`${a.name}\``, a.doc]), ...c.flags.map((f) => [`\`${f.flags}\``, f.doc])],
    )}`;
  return commands.map(one).join("\n\n");
}

const chapters: readonly (readonly [prefix: string, title: string])[] = [
  ["BLO00", "Text of the source"],
  ["BLO01", "Words and grammar"],
  ["BLO02", "Names"],
  ["BLO03", "Levels, objectives, constraints"],
  ["BLO04", "Shapes"],
  ["BLO05", "Sets and comprehensions"],
  ["BLO06", "Domains"],
  ["BLO07", "Data files"],
  ["BLO08", "Methods and their options"],
  ["BLO09", "Numbers while running"],
  ["BLO10", "Lints"],
  ["BLO11", "Mistakes of Blo itself"],
];

export function diagnostics(): string {
  const rest = codes().filter((code) => !chapters.some(([prefix]) => code.startsWith(prefix)));
  if (rest.length > 0) throw new Error(`no family for ${rest.join(", ")}`);
  return chapters
    .map(([prefix, title]) => {
      const entries = codes().filter((code) => code.startsWith(prefix));
      return [`## ${title}`, ...entries.map((code) => explainCode(code).trimEnd().replace(/^# /, "### "))].join("\n\n");
    })
    .join("\n\n");
}

function option(p: Parameter): readonly string[] {
  const range = rangeOf(p);
  const standard = p.default === undefined ? `auto: ${p.auto ?? "chosen by the method"}` : String(p.default);
  return [`\`${p.name}\``, `${expectedOf(p)}${range === "" ? "" : `, ${range}`}`, standard, p.doc];
}

function keeps({ requirements: r }: Method): string {
  const kept = [
    r.upperDomain ? "upper domains" : "",
    r.lowerDomain ? "lower domains" : "",
    r.upperConstraints ? "upper constraints" : "",
    r.lowerConstraints ? "lower constraints" : "",
  ].filter((t) => t !== "");
  return kept.length > 0 ? kept.join(", ") : "neither domains nor constraints";
}

export function methodPage(m: Method): string {
  const { requirements: r } = m;
  const parts = [
    `# ${m.id}`,
    `${m.title}. [All methods](README.md)`,
    `**Reference** ${m.reference}`,
    `\`\`\`text\n${m.formulas.join("\n")}\n\`\`\``,
    `**Needs** ${r.class}; derivatives up to order ${r.order}; keeps ${keeps(m)}${r.minimaxOnly ? "; for minimax problems only" : ""}.`,
    `**Assumes** ${m.assumptions}`,
    `**Known failures** ${m.failures}`,
  ];
  if (r.stochastic) parts.splice(5, 0, "Reads minibatches of sums marked `batch`.");
  if (m.parameters.length > 0) parts.push(table(["option", "value", "default", "meaning"], m.parameters.map(option)));
  return `${parts.join("\n\n")}\n`;
}

export function methodTables(): string {
  return families
    .filter((family) => family.methods.length > 0)
    .map((family) =>
      [
        `### ${family.title}`,
        table(
          ["method", "what it is", "order", "class", "keeps"],
          family.methods.map((m) => [
            `[${m.id}](${m.id}.md)`,
            m.title,
            String(m.requirements.order),
            m.requirements.class,
            keeps(m),
          ]),
        ),
      ].join("\n\n"),
    )
    .join("\n\n");
}

const pieceNotes: Readonly<Record<PieceKind, string>> = {
  lower: "Steps on y whose repetition leads to a lower solution.",
  estimator: "The hypergradient at the point where the lower steps ended.",
  outer: "What is done to x with the hypergradient; to x and y with the gradients of a surrogate.",
  surrogate:
    "In place of lower map and estimator: one function of x and y. The outer rule's step sizes are `stepX` and `stepY`.",
  field: "In place of all three: the directions of all variables at once, with a step rule of its own.",
  sampling:
    "How terms are read. `full` and `minibatch` go with a lower map, an estimator and an outer rule; all but `full` go with a field, those that keep tables only where it draws one sample at a time.",
};

/** What the pieces of a kind are, and each of them. */
export function piecesPage(): string {
  const one = (p: Piece): string =>
    [
      `### ${p.id}`,
      `${p.title}. ${p.reference}.`,
      `\`\`\`text\n${p.formulas.join("\n")}\n\`\`\``,
      ...(p.parameters.length > 0 ? [table(["option", "value", "default", "meaning"], p.parameters.map(option))] : []),
    ].join("\n\n");
  const kinds = Object.keys(pieces) as PieceKind[];
  const chapter = (kind: PieceKind): readonly string[] => {
    const title = pieceKinds[kind];
    const flag = `\`--${kind} <id>\``;
    return [`## ${title[0].toUpperCase()}${title.slice(1)}`, `${flag}. ${pieceNotes[kind]}`, ...pieces[kind].map(one)];
  };
  const head = [
    "# Pieces of methods",
    "[All methods](README.md). How they are put together: [command line](../command-line.md), [library](../embedding.md).",
  ];
  return `${[...head, ...kinds.flatMap(chapter)].join("\n\n")}\n`;
}
