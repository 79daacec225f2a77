/**
 * "Did you mean": the candidate nearest to a misspelt word by the optimal string alignment distance
 * (insertions, deletions, substitutions, swaps of neighbours; Damerau 1964), or undefined if none is near.
 */

/** Edits that count as "near" for a word: one for up to 3 letters, about a third of the length beyond that. */
function reach(word: string): number {
  return Math.max(1, Math.floor(word.length / 3));
}

/** Distance of two words, or `limit + 1` if it is larger than `limit`. */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let twoBack: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let d = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, twoBack[j - 2] + 1);
      row.push(d);
      least = Math.min(least, d);
    }
    if (least > limit) return limit + 1;
    twoBack = previous;
    previous = row;
  }
  return Math.min(previous[b.length], limit + 1);
}

/** The nearest candidate; letter case alone is never an obstacle; ties go to the first. The word itself is no candidate. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > 200) return undefined;
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = reach(word) + 1;
  for (const candidate of candidates) {
    if (candidate === word) continue;
    const distance = editDistance(lower, candidate.toLowerCase(), bestDistance);
    // A one-letter word is near to every other one: only its other case is worth offering.
    if (distance > 0 && Math.min(word.length, candidate.length) <= 1) continue;
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
