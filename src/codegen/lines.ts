/**
 * Lines of generated text with the names they define and use, so that a long function can be cut into several: what a
 * later part needs of an earlier one goes through one array of doubles (V8 never optimises a function past 60 KB of
 * bytecode, which about 2,500 statements reach).
 */
export interface Line {
  readonly text: string;
  /** The function-level locals it defines. */
  readonly defines: readonly string[];
  /** Function-level locals it reads. */
  readonly uses: readonly string[];
  /** Statements in it. */
  readonly weight: number;
}

export interface Cut {
  /** Bodies of the parts, to be run in order. */
  readonly parts: readonly string[];
  /** Doubles that cross between parts. */
  readonly spilled: number;
}

/** Cuts after every `limit` statements; `spill` is the name of the array through which values cross. */
export function cut(lines: readonly Line[], limit: number, spill: string): Cut {
  const groups: Line[][] = [[]];
  let weight = 0;
  for (const line of lines) {
    if (weight > 0 && weight + line.weight > limit) {
      groups.push([]);
      weight = 0;
    }
    groups[groups.length - 1].push(line);
    weight += line.weight;
  }
  const home = new Map<string, number>();
  groups.forEach((group, g) => {
    for (const line of group) for (const name of line.defines) home.set(name, g);
  });
  const slots = new Map<string, number>();
  const wanted = groups.map((group, g) => {
    const names = new Set<string>();
    for (const line of group) {
      for (const name of line.uses) {
        const from = home.get(name);
        if (from === undefined || from === g) continue;
        if (!slots.has(name)) slots.set(name, slots.size);
        names.add(name);
      }
    }
    return [...names];
  });
  const parts = groups.map((group, g) => {
    let text = "";
    for (const name of wanted[g]) text += `const ${name} = ${spill}[${slots.get(name)}];\n`;
    for (const line of group) {
      text += `${line.text}\n`;
      for (const name of line.defines) {
        if (slots.has(name)) text += `${spill}[${slots.get(name)}] = ${name};\n`;
      }
    }
    return text;
  });
  return { parts, spilled: slots.size };
}
