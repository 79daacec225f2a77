/**
 * A fill-reducing order of a sparse symmetric matrix: approximate minimum degree on the quotient graph (Amestoy, Davis and
 * Duff, SIAM J. Matrix Anal. Appl. 17, 1996, without their supervariables). Eliminated
 * variables become elements, cliques kept as one list; ties go to the variable that reached its degree last.
 */

/** The order: entry i is the variable eliminated i-th. `rows[e] != columns[e]` are the off-diagonal entries, any triangle. */
export function minimumDegreeOrder(size: number, rows: Int32Array, columns: Int32Array): Int32Array {
  const variables: number[][] = Array.from({ length: size }, () => []);
  const elements: number[][] = Array.from({ length: size }, () => []);
  const members: number[][] = Array.from({ length: size }, () => []);
  for (let e = 0; e < rows.length; e++) {
    if (rows[e] === columns[e]) continue;
    variables[rows[e]].push(columns[e]);
    variables[columns[e]].push(rows[e]);
  }
  for (let i = 0; i < size; i++) variables[i] = [...new Set(variables[i])];

  const degree = Int32Array.from(variables, (v) => v.length);
  const eliminated = new Uint8Array(size);
  const absorbed = new Uint8Array(size);
  const mark = new Int32Array(size).fill(-1);
  const outside = new Int32Array(size);
  const stamp = new Int32Array(size).fill(-1);

  // Doubly linked lists of the variables of each degree.
  const head = new Int32Array(size + 1).fill(-1);
  const next = new Int32Array(size).fill(-1);
  const previous = new Int32Array(size).fill(-1);
  const insert = (i: number): void => {
    const d = degree[i];
    next[i] = head[d];
    previous[i] = -1;
    if (head[d] >= 0) previous[head[d]] = i;
    head[d] = i;
  };
  const remove = (i: number): void => {
    if (previous[i] >= 0) next[previous[i]] = next[i];
    else head[degree[i]] = next[i];
    if (next[i] >= 0) previous[next[i]] = previous[i];
  };
  for (let i = size - 1; i >= 0; i--) insert(i);

  const order = new Int32Array(size);
  let least = 0;
  for (let step = 0; step < size; step++) {
    while (head[least] < 0) least++;
    const p = head[least];
    remove(p);
    eliminated[p] = 1;
    order[step] = p;
    // The new element: all neighbours of p, directly or through elements, which it absorbs.
    const clique: number[] = [];
    mark[p] = step;
    const take = (i: number): void => {
      if (eliminated[i] || mark[i] === step) return;
      mark[i] = step;
      clique.push(i);
    };
    for (const i of variables[p]) take(i);
    for (const e of elements[p]) {
      for (const i of members[e]) take(i);
      absorbed[e] = 1;
      members[e] = [];
    }
    members[p] = clique;
    variables[p] = [];
    elements[p] = [];
    // outside[e] = |members of e that are not in the clique|
    for (const i of clique) {
      let kept = 0;
      const own = elements[i];
      for (const e of own) {
        if (absorbed[e]) continue;
        own[kept++] = e;
        if (stamp[e] !== step) {
          stamp[e] = step;
          outside[e] = members[e].length;
        }
        outside[e]--;
      }
      own.length = kept;
    }
    const left = size - step - 1;
    for (const i of clique) {
      let kept = 0;
      const direct = variables[i];
      for (const v of direct) if (!eliminated[v] && mark[v] !== step) direct[kept++] = v;
      direct.length = kept;
      let bound = kept + clique.length - 1;
      for (const e of elements[i]) bound += outside[e];
      remove(i);
      elements[i].push(p);
      degree[i] = Math.min(left - 1, bound);
      insert(i);
      if (degree[i] < least) least = degree[i];
    }
    // An older element inside the new one says nothing any more.
    for (const i of clique) {
      for (const e of elements[i]) {
        if (e === p || absorbed[e] || outside[e] > 0) continue;
        absorbed[e] = 1;
        members[e] = [];
      }
    }
  }
  return order;
}
