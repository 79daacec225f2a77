/**
 * Richardson's table for a sequence with an error series in powers of 1/lambda, lambda growing by a fixed ratio q:
 *
 *   R_0 = value,   R_j = (q^j R_{j-1} - R_{j-1} of the row before) / (q^j - 1),   j <= columns
 *
 * The answer of a row is the column that changed least from the row before (measured on the first `watched` entries,
 * relative to 1 + |entry|): columns too far to the right amplify noise, those too far left are biased.
 */
type Vector = Float64Array;

export class Richardson {
  private before: Vector[] = [];
  private readonly ratio: number;
  private readonly columns: number;
  private readonly watched: number;

  constructor(ratio: number, columns: number, watched: number) {
    this.ratio = ratio;
    this.columns = columns;
    this.watched = watched;
  }

  /** Adds a row; the best entry of it and how much it changed (Infinity for the first row). */
  add(value: Vector): { readonly best: Vector; readonly change: number } {
    const row: Vector[] = [value.slice()];
    for (let j = 1; j <= this.columns && j <= this.before.length; j++) {
      const factor = this.ratio ** j;
      row.push(row[j - 1].map((v, i) => v + (v - this.before[j - 1][i]) / (factor - 1)));
    }
    let best = row[0];
    let change = Number.POSITIVE_INFINITY;
    for (let j = 0; j < row.length && j < this.before.length; j++) {
      let moved = 0;
      for (let i = 0; i < this.watched; i++) {
        moved = Math.max(moved, Math.abs(row[j][i] - this.before[j][i]) / (1 + Math.abs(row[j][i])));
      }
      if (moved < change) {
        change = moved;
        best = row[j];
      }
    }
    this.before = row;
    return { best, change };
  }
}
