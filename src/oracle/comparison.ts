/** The comparison of one derivative with that of another engine, entry by entry, and what is said about it. */

export interface DerivativeCheck {
  /** e.g. "upper gradient in x", "lower H v". */
  readonly quantity: string;
  readonly against: "finite differences" | "tfjs" | "mathjs";
  /** Worst error among the entries that could be decided, relative to the largest entry at its point. */
  readonly worst: number;
  readonly tolerance: number;
  readonly holds: boolean;
  /** Where the worst error was met, for people; empty where nothing could be compared. */
  readonly where: string;
  /** Entries compared, and entries left open: near a kink, or where the other engine's numbers are not finite. */
  readonly compared: number;
  readonly undecided: number;
}

/** Collects comparisons entry by entry; keeps the worst. */
export class Comparison {
  private worst = 0;
  private where = "";
  private compared = 0;
  private undecided = 0;
  private wrong = false;

  constructor(
    private readonly quantity: string,
    private readonly against: DerivativeCheck["against"],
    private readonly tolerance: number,
  ) {}

  /** `doubt`: the absolute error the other engine may have made itself; `scale`: what errors are relative to. */
  add(ours: number, theirs: number, doubt: number, scale: number, where: () => string): void {
    const apart = Math.abs(ours - theirs);
    const allowed = this.tolerance * scale;
    if (!Number.isFinite(apart) || !Number.isFinite(doubt) || (doubt > allowed && apart <= allowed + 3 * doubt)) {
      this.undecided++;
      return;
    }
    this.compared++;
    if (apart > allowed + 3 * doubt) this.wrong = true;
    const relative = apart === 0 ? 0 : apart / scale;
    if (relative >= this.worst) {
      this.worst = relative;
      this.where = where();
    }
  }

  result(): DerivativeCheck {
    const { quantity, against, tolerance, worst, where, compared, undecided } = this;
    return { quantity, against, worst, tolerance, holds: !this.wrong, where, compared, undecided };
  }
}
