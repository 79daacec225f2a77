/**
 * Breaks one statement into lines of a given width. A statement is text with soft breaks between; each soft break has
 * a depth (outer formulas less, inner ones more). A break is taken when what follows, up to the next break that is
 * not deeper, does not fit on the line any more: so outer breaks come first and lines are filled. What fits on no
 * line at all is begun where it stands and broken inside. A hard break is always taken: tables keep their rows.
 */

/** Columns of a line at most, where a break allows it. */
export const WIDTH = 120;

interface Break {
  readonly depth: number;
  /** What stands there when the line is not broken. */
  readonly flat: string;
  /** For a hard break: how many blocks of a table are open after it. */
  readonly block?: number;
}

/** Hard breaks hide everything: no soft break counts what follows one. */
const hardDepth = -1;

/** A statement under construction. */
export class Pieces {
  private readonly pieces: (string | Break)[] = [];
  private depth = 0;

  text(text: string): this {
    this.pieces.push(text);
    return this;
  }

  /** A place where the line may end. */
  soft(flat = " "): this {
    this.pieces.push({ depth: this.depth, flat });
    return this;
  }

  /** A place where the line ends, with so many blocks open after it. */
  hard(block: number, flat = ""): this {
    this.pieces.push({ depth: hardDepth, flat, block });
    return this;
  }

  /** Writes what lies deeper. */
  inner(write: () => void): this {
    this.depth++;
    write();
    this.depth--;
    return this;
  }

  /** All on one line. */
  flat(): string {
    return this.pieces.map((piece) => (typeof piece === "string" ? piece : piece.flat)).join("");
  }

  /** Lines, the first at `indent` columns, the others four further in, those of blocks two for each block. */
  lines(indent: number, width = WIDTH): string[] {
    const { rest, first } = this.widths();
    const lines: string[] = [];
    let line = " ".repeat(indent);
    let further = " ".repeat(indent + 4);
    this.pieces.forEach((piece, i) => {
      if (typeof piece === "string") {
        line += piece;
        return;
      }
      if (piece.block !== undefined) {
        lines.push(line.trimEnd());
        line = " ".repeat(indent + 2 * piece.block);
        further = piece.block === 0 ? " ".repeat(indent + 4) : line;
        return;
      }
      const begun = line.length + piece.flat.length;
      const hopeless = further.length + rest[i] > width && begun + first[i] <= width;
      if (begun + rest[i] <= width || hopeless || line.length <= further.length) line += piece.flat;
      else {
        lines.push(line.trimEnd());
        line = further;
      }
    });
    lines.push(line);
    return lines;
  }

  /** For each break: the width of what follows it up to the next break that is not deeper, and up to the very next. */
  private widths(): { readonly rest: readonly number[]; readonly first: readonly number[] } {
    const rest = new Array<number>(this.pieces.length).fill(0);
    const first = new Array<number>(this.pieces.length).fill(0);
    let toNext = 0;
    /** Breaks to the right that nothing shallower hides, the nearest last, with the width up to the end. */
    const open: { readonly depth: number; readonly toEnd: number }[] = [];
    let toEnd = 0;
    for (let i = this.pieces.length - 1; i >= 0; i--) {
      const piece = this.pieces[i];
      if (typeof piece === "string") {
        toEnd += piece.length;
        toNext += piece.length;
        continue;
      }
      while (open.length > 0 && open[open.length - 1].depth > piece.depth) open.pop();
      rest[i] = toEnd - (open.at(-1)?.toEnd ?? 0);
      first[i] = toNext;
      toNext = 0;
      toEnd += piece.flat.length;
      open.push({ depth: piece.depth, toEnd });
    }
    return { rest, first };
  }
}
