/** The list of a certificate's checks, in the order they were made. */
import type { CertificateCheck } from "../methods/result.js";

export class Checks {
  readonly list: CertificateCheck[] = [];

  add(name: string, value: number, tolerance: number, holds: boolean, words: string): boolean {
    this.list.push({ name, value, tolerance, holds, words });
    return holds;
  }

  /** A check that holds where value <= tolerance; words for either case. */
  atMost(name: string, value: number, tolerance: number, good: string, bad: string): boolean {
    const holds = value <= tolerance;
    return this.add(name, value, tolerance, holds, holds ? good : bad);
  }

  /** A part that was left out, and why. `required` parts keep the point from being certified. */
  skip(name: string, required: boolean, words: string): void {
    this.add(name, Number.NaN, Number.NaN, !required, words);
  }

  valueOf(name: string): number {
    return this.list.find((c) => c.name === name)?.value ?? Number.NaN;
  }
}

/** Three significant digits for sentences. */
export function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : String(value);
}
