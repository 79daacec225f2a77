/** Long formulas over several lines: sums are broken before their terms. */
import type { Expression } from "../../syntax/tree.js";
import { expressionTex, factorTex, type Names } from "./tex.js";

/** Letters of TeX that fit on a line, roughly: commands count a letter each. */
const lineLength = 62;

/** Columns that a piece of TeX takes, roughly. */
export function texLength(tex: string): number {
  return tex
    .replace(/\\(mathit|mathrm|operatorname\*?|left|right|begin\{\w+\}|end\{\w+\}|top|text|mathbf)/g, "")
    .replace(/\\[A-Za-z]+/g, "x")
    .replace(/[{}^_\\\s]/g, "").length;
}

/** `head right`, in one line or as an aligned block of several. */
export function brokenTex(head: string, right: Expression, names: Names): string {
  const whole = expressionTex(right, names);
  const terms = termsOf(right);
  if (texLength(head) + texLength(whole) <= lineLength || terms.length < 2) return `${head} ${whole}`;
  const lines: string[] = [];
  let line = "";
  for (const { sign, term } of terms) {
    const tex = factorTex(term, names);
    const next = line === "" && lines.length === 0 && sign === "+" ? tex : `${sign} ${tex}`;
    if (line !== "" && texLength(line) + texLength(next) > lineLength) {
      lines.push(line);
      line = next;
    } else line = line === "" ? next : `${line} ${next}`;
  }
  lines.push(line);
  if (lines.length === 1) return `${head} ${whole}`;
  return `\\begin{aligned} ${head} {}& ${lines.join(" \\\\ & \\quad {}")} \\end{aligned}`;
}

interface SignedTerm {
  readonly sign: "+" | "-";
  readonly term: Expression;
}

function termsOf(e: Expression): readonly SignedTerm[] {
  if (e.kind === "binary" && (e.operator === "+" || e.operator === "-"))
    return [...termsOf(e.left), { sign: e.operator, term: e.right }];
  return [{ sign: "+", term: e }];
}
