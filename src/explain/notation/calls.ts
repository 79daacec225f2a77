/** Functions of the language as TeX: over the TeX of their arguments, each as strong as a product's factor or weaker. */

/** An argument: its TeX alone, as a factor (in brackets where it needs them), and as the base of a power. */
export interface Argument {
  readonly tex: string;
  readonly factor: string;
  readonly base: string;
}

export interface CallRule {
  readonly tex: (...args: Argument[]) => string;
  /** `product`: reads as a product; `power`: carries an exponent; `atom`: neither. */
  readonly strength: "product" | "power" | "atom";
}

/** Brackets that grow only around what is tall. */
export const bracketed = (tex: string): string =>
  /\\(frac|sum|prod|begin|left|max|min|operatorname\*)/.test(tex) ? `\\left(${tex}\\right)` : `(${tex})`;
const atom = (tex: CallRule["tex"]): CallRule => ({ tex, strength: "atom" });
const product = (tex: CallRule["tex"]): CallRule => ({ tex, strength: "product" });
const power = (tex: CallRule["tex"]): CallRule => ({ tex, strength: "power" });
const norm = (tex: string): string => `\\left\\lVert ${tex}\\right\\rVert`;
const list = (args: readonly Argument[]): string => args.map((a) => a.tex).join(", ");

/** Functions that TeX has a command for. */
const commands = "log sin cos tan sinh cosh tanh max min";
/** An exponent longer than this is written exp(…). */
const longestExponent = 40;

export const callRules: ReadonlyMap<string, CallRule> = new Map<string, CallRule>([
  ...commands
    .split(" ")
    .map((name): [string, CallRule] => [name, atom((...args) => `\\${name} ${bracketed(list(args))}`)]),
  ["asin", atom((a) => `\\arcsin ${bracketed(a.tex)}`)],
  ["acos", atom((a) => `\\arccos ${bracketed(a.tex)}`)],
  ["atan", atom((a) => `\\arctan ${bracketed(a.tex)}`)],
  [
    "exp",
    power((a) =>
      a.tex.length > longestExponent || a.tex.includes("\\frac") ? `\\exp ${bracketed(a.tex)}` : `e^{${a.tex}}`,
    ),
  ],
  ["sqrt", atom((a) => `\\sqrt{${a.tex}}`)],
  ["square", power((a) => `${a.base}^{2}`)],
  ["abs", atom((a) => `\\left|${a.tex}\\right|`)],
  ["relu", atom((a) => `\\max ${bracketed(`${a.tex}, 0`)}`)],
  ["sigmoid", atom((a) => `\\sigma ${bracketed(a.tex)}`)],
  ["sum", product((a) => `\\mathbf{1}^{\\top} ${a.factor}`)],
  ["sumsq", power((a) => `${norm(a.tex)}^{2}`)],
  ["norm", atom((a) => norm(a.tex))],
  ["norm1", atom((a) => `${norm(a.tex)}_{1}`)],
  ["normInf", atom((a) => `${norm(a.tex)}_{\\infty}`)],
  ["dot", product((a, b) => `${a.base}^{\\top} ${b.factor}`)],
  ["outer", product((a, b) => `${a.factor}\\, ${b.base}^{\\top}`)],
  ["quadform", product((a, x) => `${x.base}^{\\top} ${a.factor}\\, ${x.factor}`)],
  ["solve", product((a, b) => `${a.base}^{-1} ${b.factor}`)],
  ["inv", power((a) => `${a.base}^{-1}`)],
  ["transpose", power((a) => `${a.base}^{\\top}`)],
  ["trace", atom((a) => `\\operatorname{tr} ${bracketed(a.tex)}`)],
  ["diag", atom((a) => `\\operatorname{diag} ${bracketed(a.tex)}`)],
  ["eye", atom((n) => `I_{${n.tex}}`)],
  ["ones", atom((...sizes) => `\\mathbf{1}_{${list(sizes)}}`)],
  ["zeros", atom((...sizes) => `0_{${list(sizes)}}`)],
  ["concat", atom((...args) => `\\left[${args.map((a) => a.tex).join(";\\, ")}\\right]`)],
  ["softmaxOfRows", atom((a) => `\\operatorname{softmax}_{\\mathrm{rows}} ${bracketed(a.tex)}`)],
  ["logsumexpOfRows", atom((a) => `\\operatorname{logsumexp}_{\\mathrm{rows}} ${bracketed(a.tex)}`)],
  ["maxOfRows", atom((a) => `\\max{}_{\\mathrm{rows}} ${bracketed(a.tex)}`)],
  ["minOfRows", atom((a) => `\\min{}_{\\mathrm{rows}} ${bracketed(a.tex)}`)],
  ["softmax", atom((a) => `\\operatorname{softmax} ${bracketed(a.tex)}`)],
]);
