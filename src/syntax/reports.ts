/** Collects the findings of one parse; after a fixed number it closes, since later ones follow from the first. */

import type { Code, Parameters } from "../base/catalogue/index.js";
import { type Diagnostic, type DiagnosticOptions, diagnostic } from "../base/diagnostic.js";

export const MAX_FINDINGS = 20;

export class Reports {
  private readonly found: Diagnostic[] = [];
  private overflow = false;

  add<C extends Code>(code: C, parameters: Parameters<C>, options: DiagnosticOptions = {}): void {
    if (this.found.length >= MAX_FINDINGS) this.overflow = true;
    else this.found.push(diagnostic(code, parameters, options));
  }

  /** True once something was left out: a reason to stop looking. */
  get full(): boolean {
    return this.overflow;
  }

  get count(): number {
    return this.found.length;
  }

  /** In the order of the text, with a closing note where something was left out. */
  list(): readonly Diagnostic[] {
    const sorted = [...this.found].sort((a, b) => (a.span?.start ?? -1) - (b.span?.start ?? -1));
    return this.overflow ? [...sorted, diagnostic("BLO0006", { limit: MAX_FINDINGS })] : sorted;
  }
}
