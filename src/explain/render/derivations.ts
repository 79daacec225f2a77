/** What of a derivation is shown where not all of it is: the ways to what breaks it. */
import type { Derivation } from "../../base/derivation.js";

export function breaksSomewhere(d: Derivation): boolean {
  return d.breaks === true || d.premises.some(breaksSomewhere);
}

/** Premises to show. */
export function shownPremises(d: Derivation, whole: boolean): readonly Derivation[] {
  return whole ? d.premises : d.premises.filter(breaksSomewhere);
}
