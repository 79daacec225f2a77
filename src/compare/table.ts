/** The table of a comparison as cells of text, for terminals and pages alike. Medians over the seeds. */
import { short } from "../certify/checks.js";
import type { Comparison, MethodSummary, Quartiles } from "./types.js";

export interface Column {
  readonly head: string;
  /** What the column is, for people who point at it. */
  readonly doc: string;
  /** Narrow tables leave out columns of high rank first. */
  readonly rank: number;
  /** Words may break lines. */
  readonly align: "left" | "right" | "words";
}

export interface Cell {
  readonly text: string;
  /** Among the best of its column. */
  readonly best: boolean;
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

interface Definition extends Column {
  readonly text: (m: MethodSummary) => string;
  /** The smallest is best; absent where nothing is. */
  readonly order?: (m: MethodSummary) => number;
}

/** Digits as people read them: 3 significant ones, and a dash for what there is not. */
export function amount(v: number): string {
  if (!Number.isFinite(v)) return "-";
  if (v !== 0 && Math.abs(v) < 1e-3) return v.toExponential(1).replace(".0e", "e");
  if (Math.abs(v) >= 1e6) return v.toExponential(1).replace(".0e", "e").replace("e+", "e");
  return short(v);
}

/** "q1 to q3"; empty where all runs agree. */
export function range({ q1, q3 }: Quartiles): string {
  const [from, to] = [amount(q1), amount(q3)];
  return from === to ? "" : `${from} to ${to}`;
}

const target = (m: MethodSummary, i: number) => m.toReach[i].calls.median;

function definitions(first: MethodSummary | undefined): Definition[] {
  return [
    { head: "method", doc: "the method", rank: 0, align: "left", text: (m) => m.label },
    {
      head: "certified",
      doc: "runs whose answer the certificate confirms, of the completed runs",
      rank: 1,
      align: "right",
      text: (m) => `${m.certified}/${m.runs}`,
      order: (m) => (m.certified > 0 ? -m.certified / m.runs : Number.NaN),
    },
    {
      head: "claimed",
      doc: "runs whose method itself claimed convergence",
      rank: 8,
      align: "right",
      text: (m) => `${m.claimed}/${m.runs}`,
    },
    {
      head: "suboptimality",
      doc: "relative suboptimality of the returned point, median",
      rank: 2,
      align: "right",
      text: (m) => amount(m.suboptimality.median),
      order: (m) => m.suboptimality.median,
    },
    {
      head: "quartiles",
      doc: "of the suboptimality",
      rank: 10,
      align: "right",
      text: (m) => range(m.suboptimality),
    },
    {
      head: "hypergradient",
      doc: "norm of the hypergradient at the returned point, median",
      rank: 7,
      align: "right",
      text: (m) => amount(m.hypergradient.median),
      order: (m) => m.hypergradient.median,
    },
    {
      head: "calls",
      doc: "oracle calls of the whole run, median",
      rank: 3,
      align: "right",
      text: (m) => amount(m.calls.median),
    },
    {
      head: "seconds",
      doc: "seconds of the whole run, median",
      rank: 5,
      align: "right",
      text: (m) => amount(m.seconds.median),
    },
    {
      head: "iterations",
      doc: "outer iterations, median",
      rank: 9,
      align: "right",
      text: (m) => amount(m.iterations.median),
    },
    ...(first?.toReach ?? []).map(
      (t, i, all): Definition => ({
        head: `to ${amount(t.target)}`,
        doc: `oracle calls until the relative suboptimality stays at or below ${amount(t.target)}, median; - where half of the runs or more do not get there`,
        rank: i === all.length - 1 ? 4 : 6,
        align: "right",
        text: (m) => amount(target(m, i)),
        order: (m) => target(m, i),
      }),
    ),
  ];
}

export function tableOf({ methods }: Comparison): Table {
  const all = definitions(methods[0]);
  // The quartiles say nothing where all seeds agree.
  const columns = all.filter((c) => c.head !== "quartiles" || methods.some((m) => c.text(m) !== ""));
  const best = columns.map(({ order }) =>
    order ? methods.map(order).reduce((a, b) => (b < a ? b : a), Number.POSITIVE_INFINITY) : Number.NaN,
  );
  return {
    columns,
    rows: methods.map((m) =>
      columns.map(
        (c, j): Cell => ({
          text: c.text(m),
          best: methods.length > 1 && m.runs > 0 && c.order?.(m) === best[j] && Number.isFinite(best[j]),
        }),
      ),
    ),
  };
}

/** Every run, with why it ended. */
export function runsTableOf({ runs, sign }: Comparison): Table {
  const column = (head: string, doc: string, align: Column["align"] = "right"): Column => ({
    head,
    doc,
    rank: 0,
    align,
  });
  const columns = [
    column("method", "the method", "left"),
    column("seed", "of the random numbers"),
    column("status", "how the run ended", "left"),
    column("upper objective", "at the returned point"),
    column("calls", "oracle calls of the whole run"),
    column("iterations", "outer iterations"),
    column("seconds", "seconds of the whole run"),
    column("why it ended", "what the run says of it", "words"),
  ];
  const rows = runs.map((r) => {
    // 0 + v: the negation of zero is zero
    const objective = Number.isFinite(r.value) ? String(Number((0 + sign * r.value).toPrecision(8))) : "-";
    const numbers = [r.calls, r.iterations, r.seconds].map(amount);
    return [r.label, String(r.seed), r.status, objective, ...numbers, r.reason].map((text) => ({ text, best: false }));
  });
  return { columns, rows };
}

/** The budget in words. */
export function budgetWords({ budget }: Comparison): string {
  const parts = [
    budget.calls === undefined ? "" : `${budget.calls.toLocaleString("en-US")} oracle calls`,
    budget.iterations === undefined ? "" : `${budget.iterations.toLocaleString("en-US")} iterations`,
    budget.seconds === undefined ? "" : `${short(budget.seconds)} s`,
  ].filter((p) => p !== "");
  return parts.join(" or ");
}

/** Runs of seeds as 1..5, others one by one. */
export function seedWords(seeds: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < seeds.length; ) {
    let j = i;
    while (j + 1 < seeds.length && seeds[j + 1] === seeds[j] + 1) j++;
    parts.push(j > i + 1 ? `${seeds[i]}..${seeds[j]}` : seeds.slice(i, j + 1).join(", "));
    i = j + 1;
  }
  return `${seeds.length === 1 ? "seed" : "seeds"} ${parts.join(", ")}`;
}

/** Where suboptimality is measured from, as a sentence without its full stop. */
export function referenceWords({ reference, sign }: Comparison): string {
  // 0 + v, so that the negation of nothing is not written -0.
  const value = String(Number((0 + sign * reference.value).toPrecision(10)));
  switch (reference.from) {
    case "run":
      return `suboptimality is measured from ${value}, the best confirmed upper objective (${reference.label}, seed ${reference.seed}), as a share of the start's`;
    case "expectation":
      return `suboptimality is measured from ${value}, the upper objective that the problem expects, as a share of the start's`;
    case "unconfirmed run":
      return `no point could be confirmed: suboptimality is measured from ${value}, the lowest upper objective met (${reference.label}, seed ${reference.seed}), as a share of the start's`;
    case "none":
      return "no upper objective could be measured, so there is no suboptimality";
  }
}
