/**
 * Columns of a sparse matrix in groups whose members share no row, so that one product with the sum of a group's unit
 * vectors gives all its entries (Curtis, Powell and Reid, J. Inst. Maths Applics 13, 1974; greedy, most rows first).
 */

/** Positions of a sparse matrix, column by column: rows of column j are rowsOf[j]. */
export type ColumnPattern = readonly Int32Array[];

/** The group of each column, and how many there are. Columns without entries are in group 0. */
export function columnGroups(pattern: ColumnPattern, rows: number): { group: Int32Array; groups: number } {
  const order = [...pattern.keys()].sort((a, b) => pattern[b].length - pattern[a].length || a - b);
  const group = new Int32Array(pattern.length);
  // for each row the groups that have an entry there
  const taken: Set<number>[] = Array.from({ length: rows }, () => new Set());
  let groups = pattern.length > 0 ? 1 : 0;
  for (const j of order) {
    if (pattern[j].length === 0) continue;
    let g = 0;
    while (pattern[j].some((i) => taken[i].has(g))) g++;
    for (const i of pattern[j]) taken[i].add(g);
    group[j] = g;
    groups = Math.max(groups, g + 1);
  }
  return { group, groups };
}
