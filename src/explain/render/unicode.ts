/** Signs beyond ASCII in words of ours and of users, as TeX that every engine sets. */
import { texWords } from "../notation/names.js";

const signs: ReadonlyMap<string, string> = new Map([
  ..."α alpha β beta γ gamma δ delta ε varepsilon ζ zeta η eta θ theta ι iota κ kappa λ lambda μ mu ν nu ξ xi π pi ρ rho σ sigma τ tau φ varphi χ chi ψ psi ω omega Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Φ Phi Ψ Psi Ω Omega ∇ nabla ∂ partial ∞ infty ≤ le ≥ ge ≠ ne ∈ in ∑ sum ∏ prod √ surd · cdot × times ± pm ≈ approx → to ← leftarrow ∀ forall ∃ exists ‖ Vert ⊤ top ℓ ell ∩ cap ∪ cup ⊂ subset ∅ emptyset ⊙ odot"
    .split(" ")
    .reduce<[string, string][]>((pairs, word, k, all) => {
      if (k % 2 === 0) pairs.push([word, `\\${all[k + 1]}`]);
      return pairs;
    }, []),
  ["²", "^{2}"],
  ["³", "^{3}"],
  ["ᵀ", "^{\\top}"],
  ["⁻", "^{-}"],
  ["¹", "^{1}"],
  ["′", "^{\\prime}"],
]);

/** What an input encoding of LaTeX's standard fonts covers: Latin letters with accents, and quotation marks and dashes. */
const covered = /[\u00a1-\u00ff\u0100-\u017f–—‘’“”…]/;

/** Words as LaTeX sets them outside of math mode. */
export function latexWords(text: string): string {
  let out = "";
  for (const c of text) {
    const sign = signs.get(c);
    if (sign !== undefined) out += `$${sign.startsWith("^") ? `{}${sign}` : sign}$`;
    else out += c <= "~" || covered.test(c) ? texWords(c) : `\\texttt{U+${code(c)}}`;
  }
  return out
    .replace(/"/g, "''")
    .replace(/</g, "\\textless{}")
    .replace(/>/g, "\\textgreater{}")
    .replace(/\|/g, "\\textbar{}");
}

/** A formula without characters that the standard fonts lack. */
export function latexFormula(tex: string): string {
  let out = "";
  for (const c of tex) out += c <= "~" || covered.test(c) ? c : (signs.get(c) ?? `\\text{\\texttt{U+${code(c)}}}`);
  return out;
}

const code = (c: string): string => (c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
