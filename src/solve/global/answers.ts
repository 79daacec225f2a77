/** Answers of a run that were tried to be proved global (prove.ts), each once, and what is then said of them. */
import type { Result } from "../../methods/result.js";
import type { Oracle } from "../../oracle/oracle.js";
import { GAP, provedGlobal } from "./prove.js";

const words = `No point that both levels accept is better by more than ${GAP} (1 + |f|): proved by interval branch and bound.`;

export class GlobalAnswers {
  private readonly known = new Map<Result, boolean>();

  constructor(
    private readonly oracle: Oracle,
    private readonly exhausted: () => boolean,
  ) {}

  /** Whether a certified answer is global, with proof. Pauses on the way. */
  *proved(answer: Result): Generator<void, boolean> {
    let proved = this.known.get(answer);
    if (proved === undefined) {
      proved = yield* provedGlobal(this.oracle, answer.x, answer.y, this.exhausted);
      this.known.set(answer, proved);
    }
    return proved;
  }

  /** The answer with the proof among its checks, where there is one. */
  told(answer: Result): Result {
    const { certificate } = answer;
    if (certificate === undefined || this.known.get(answer) !== true) return answer;
    const tolerance = GAP * (1 + Math.abs(answer.upper.objective));
    const check = { name: "global bound", value: tolerance, tolerance, holds: true, words };
    return {
      ...answer,
      reason: `${answer.reason} ${words}`,
      certificate: {
        ...certificate,
        checks: [...certificate.checks, check],
        sentence: `${certificate.sentence} ${words}`,
      },
    };
  }
}
