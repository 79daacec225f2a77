/** Sections as a LaTeX document of the standard class that compiles by itself; formulas wider than the page are scaled to it. */
import type { Derivation } from "../../base/derivation.js";
import { assertNever } from "../../base/never.js";
import type { Block, Fact, Section } from "../document.js";
import { shownPremises } from "./derivations.js";
import { latexFormula, latexWords } from "./unicode.js";

export interface DocumentOptions {
  /** Title of the document. */
  readonly title?: string | undefined;
  /** Whole derivations; default: only what they say and where they break. */
  readonly derivations?: boolean | undefined;
}

const preamble = String.raw`\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath}
\usepackage{graphicx}
\usepackage{longtable}
\usepackage[margin=25mm]{geometry}
\setlength{\parindent}{0pt}
\setlength{\parskip}{5pt}
\newsavebox{\blobox}
\newcommand{\bloformula}[1]{\sbox{\blobox}{$\displaystyle #1$}\[\ifdim\wd\blobox>\linewidth\resizebox{\linewidth}{!}{\usebox{\blobox}}\else\usebox{\blobox}\fi\]}`;

export function latexDocument(
  sections: readonly Section[],
  { title = "Explanation", derivations }: DocumentOptions = {},
): string {
  const body = sections.map((s) => sectionLatex(s, derivations === true)).join("\n\n");
  return `${preamble}\n\\title{${latexWords(title)}}\n\\date{}\n\\begin{document}\n\\maketitle\n\n${body}\n\n\\end{document}\n`;
}

function sectionLatex({ title, blocks }: Section, whole: boolean): string {
  let caption: string | undefined;
  const parts = blocks.map((block) => {
    const name = block.kind === "formula" ? block.name : undefined;
    const head = name !== undefined && name !== caption ? `\\textit{${latexWords(name)}}\n` : "";
    caption = name;
    return head + blockLatex(block, whole);
  });
  const first = title.charAt(0).toUpperCase() + title.slice(1);
  return [`\\section*{${latexWords(first)}}`, ...parts].join("\n\n");
}

function blockLatex(block: Block, whole: boolean): string {
  switch (block.kind) {
    case "text":
      return spoken(block.text);
    case "formula":
      return `\\bloformula{${latexFormula(block.formula.tex)}}`;
    case "lines":
      return `\\begin{flushleft}\\ttfamily\n${block.lines.map(latexWords).join("\\\\\n")}\n\\end{flushleft}`;
    case "facts":
      return `\\begin{description}\n${block.rows.map(factLatex).join("\n")}\n\\end{description}`;
    case "table":
      return tableLatex(block.columns, block.rows);
    case "derivation":
      return derivationLatex(block.derivation, whole, 1);
    default:
      return assertNever(block);
  }
}

/** Sentences, in which code stands between backticks. */
function spoken(text: string): string {
  return text
    .split("`")
    .map((part, k) => (k % 2 === 1 ? `\\texttt{${latexWords(part)}}` : latexWords(part)))
    .join("");
}

function factLatex({ term, value, why, mood }: Fact): string {
  const mark = mood === "bad" ? "$\\times$ " : "";
  return `\\item[{${mark}${latexWords(term)}}] ${latexWords(value)}${why === undefined ? "" : `: ${latexWords(why)}`}`;
}

/** Columns share the width by the length of what they hold. */
function tableLatex(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const lengths = columns.map((c, j) => Math.max(c.length, ...rows.map((r) => Math.min(60, (r[j] ?? "").length))) + 2);
  const total = lengths.reduce((sum, n) => sum + n, 0);
  const widths = lengths.map((n) => `p{${((0.9 * n) / total).toFixed(3)}\\linewidth}`);
  const row = (cells: readonly string[]): string =>
    `${cells.map((c) => `\\raggedright ${latexWords(c)}`).join(" & ")} \\tabularnewline`;
  return [
    `\\begin{longtable}{@{}${widths.join("")}@{}}`,
    `\\hline ${row(columns)} \\hline \\endhead`,
    ...rows.map(row),
    "\\hline\n\\end{longtable}",
  ].join("\n");
}

/** Standard lists nest four deep: what is deeper stands on the fourth level. */
const deepestList = 4;

function derivationLatex(d: Derivation, whole: boolean, depth: number): string {
  const premises = shownPremises(d, whole);
  const item = `\\item ${d.breaks ? "\\textbf{breaks here:} " : ""}${spoken(d.statement)}${d.rule === undefined ? "" : ` \\textit{(${spoken(d.rule)})}`}`;
  const inner = premises.map((p) => derivationLatex(p, whole, depth + 1)).join("\n");
  if (depth === 1) return `\\begin{itemize}\n${item}\n${nested(inner, depth)}\n\\end{itemize}`;
  return inner === "" ? item : `${item}\n${nested(inner, depth)}`;
}

function nested(items: string, depth: number): string {
  if (items === "") return "";
  return depth < deepestList ? `\\begin{itemize}\n${items}\n\\end{itemize}` : items;
}
