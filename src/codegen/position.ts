/**
 * Positions in arrays as affine forms  offset + sum of scale * atom  over integer atoms: loop counters and elements of
 * index tables. They stay symbolic until printed, so that layout operators cost nothing and loop-invariant parts move out.
 */
export interface Atom {
  readonly text: string;
  /** Innermost loop it depends on; 0 outside of all loops. */
  readonly depth: number;
  readonly scale: number;
}

export interface Position {
  readonly offset: number;
  readonly atoms: readonly Atom[];
}

export function fixed(offset: number): Position {
  return { offset, atoms: [] };
}

export const origin: Position = fixed(0);

export function atom(text: string, depth: number): Position {
  return { offset: 0, atoms: [{ text, depth, scale: 1 }] };
}

/** start + step * p */
export function affine(p: Position, start: number, step: number): Position {
  if (step === 0) return fixed(start);
  return {
    offset: start + step * p.offset,
    atoms: step === 1 ? p.atoms : p.atoms.map((a) => ({ ...a, scale: a.scale * step })),
  };
}

/** offset + sum of strides[k] * positions[k] */
export function combine(positions: readonly Position[], strides: readonly number[], offset = 0): Position {
  const merged = new Map<string, Atom>();
  let total = offset;
  positions.forEach((p, k) => {
    const stride = strides[k];
    if (stride === 0) return;
    total += stride * p.offset;
    for (const a of p.atoms) {
      const scale = (merged.get(a.text)?.scale ?? 0) + stride * a.scale;
      merged.set(a.text, { ...a, scale });
    }
  });
  return { offset: total, atoms: [...merged.values()].filter((a) => a.scale !== 0) };
}

export function depthOf(p: Position): number {
  let depth = 0;
  for (const a of p.atoms) depth = Math.max(depth, a.depth);
  return depth;
}

export function keyOf(positions: readonly Position[]): string {
  return positions.map((p) => `${p.offset}${p.atoms.map((a) => `+${a.scale}*${a.text}`).join("")}`).join(",");
}

/**
 * The text of p for use at its own depth; `hoist` puts the text of an integer that depends on outer loops only into a
 * local and returns its name.
 */
export function positionText(p: Position, hoist: (text: string, depth: number) => string): string {
  const depths = [...new Set(p.atoms.map((a) => a.depth))].sort((a, b) => a - b);
  let text = "";
  depths.forEach((depth, k) => {
    for (const a of p.atoms) {
      if (a.depth !== depth) continue;
      const size = Math.abs(a.scale);
      const part = size === 1 ? a.text : `${a.text} * ${size}`;
      if (text === "") text = a.scale < 0 ? `-${part}` : part;
      else text += a.scale < 0 ? ` - ${part}` : ` + ${part}`;
    }
    if (k === 0 && p.offset !== 0) text += p.offset < 0 ? ` - ${-p.offset}` : ` + ${p.offset}`;
    if (k < depths.length - 1 && !/^\w+$/.test(text)) text = hoist(text, depth);
  });
  return text === "" ? String(p.offset) : text;
}
