/**
 * The deletion filter (Chinneck and Dravnieks, ORSA J. Comput. 3, 1991): members are left out one after the other for good
 * wherever what is left still contradicts itself. What remains is irreducible: without any one of it there is no conflict.
 */

/** `conflicts` says of a set of positions whether it is contradictory; `members` is one that is. */
export function deletionFilter(
  members: readonly number[],
  conflicts: (kept: readonly number[]) => boolean,
): readonly number[] {
  let kept = members;
  for (const member of members) {
    const fewer = kept.filter((k) => k !== member);
    if (conflicts(fewer)) kept = fewer;
  }
  return kept;
}
