/**
 * The curves of a comparison as SVG, drawn by Vega-Lite: a line for the median, a band between the quartiles, logarithmic
 * axes. Methods differ by colour (Okabe and Ito's palette, told apart by colour-blind readers) and by dashes.
 */

import { drawSvg, type TopLevelSpec } from "../report/vega.js";
import { type Axis, type Curve, curvesOf, type Quantity } from "./curves.js";
import { budgetWords, seedWords } from "./table.js";
import type { Comparison } from "./types.js";

/** Without the palette's yellow, which white paper swallows. */
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000", "#56b4e9", "#e69f00"];
const dashes = [
  [1, 0],
  [6, 3],
  [2, 4],
  [9, 3, 2, 3],
  [12, 4],
];

/** What lies below is drawn here: the rounding of numbers, on a logarithmic axis. */
const FLOOR = 1e-16;

export interface Panel {
  readonly quantity: Quantity;
  readonly axis: Axis;
  readonly title: string;
  readonly curves: readonly Curve[];
}

const quantityTitles: Readonly<Record<Quantity, string>> = {
  suboptimality: "relative suboptimality",
  hypergradient: "hypergradient norm",
  claim: "claimed stationarity",
};

const axisTitles: Readonly<Record<Axis, string>> = { calls: "oracle calls", seconds: "seconds" };

const quantities: readonly Quantity[] = ["suboptimality", "hypergradient", "claim"];
const axes: readonly Axis[] = ["calls", "seconds"];

/** All panels that have something to show, row by row. */
export function panelsOf(comparison: Comparison): Panel[] {
  return quantities.flatMap((quantity) =>
    axes
      .map((axis): Panel => {
        const curves = curvesOf(comparison, quantity, axis).filter((c) => c.points.length > 0);
        return { quantity, axis, title: quantityTitles[quantity], curves };
      })
      .filter((panel) => panel.curves.length > 0),
  );
}

const clamp = (v: number): number | null => (Number.isFinite(v) ? Math.max(FLOOR, v) : null);

/** A band that reaches to infinity (fewer than three quarters of the runs have a number) is drawn to the largest number. */
function rowsOf({ curves }: Panel) {
  const top = Math.max(FLOOR, ...curves.flatMap((c) => c.points.map((p) => (Number.isFinite(p.q3) ? p.q3 : p.median))));
  return curves.flatMap(({ label, points }) =>
    points.map((p) => ({
      method: label,
      at: p.at,
      low: clamp(p.q1),
      middle: clamp(p.median),
      high: Number.isFinite(p.q3) ? clamp(p.q3) : top,
    })),
  );
}

/** Powers of ten; where a number is as short, the number. */
const labels =
  "datum.value >= 0.001 && datum.value < 100000 ? format(datum.value, '~f') : replace(format(datum.value, '~e'), 'e+', 'e')";

const MOST_TICKS = 7;

/**
 * Ticks at powers of ten, thinned to a few; at 1, 2 and 5 times those where there are hardly any. Only those among the values: room is
 * kept for all others, too.
 */
function logTicks(values: readonly number[]): number[] {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const from = Math.floor(Math.log10(least));
  const to = Math.ceil(Math.log10(most));
  const inside = Math.floor(Math.log10(most)) - Math.ceil(Math.log10(least));
  const digits = inside < 2 ? [1, 2, 5] : [1];
  const stride = Math.max(1, Math.ceil((to - from) / MOST_TICKS));
  const ticks: number[] = [];
  for (let k = from; k <= to; k++) {
    if ((k - to) % stride === 0) for (const d of digits) ticks.push(Number(`${d}e${k}`));
  }
  return ticks.filter((t) => t >= least && t <= most);
}

function logAxis(values: readonly number[]) {
  return { values: logTicks(values), labelExpr: labels, labelOverlap: true, gridColor: "#e6e6e6", domainColor: "#888" };
}

/** How the methods are told apart, in the order in which they are drawn: wide whole lines first, so that lines that coincide show. */
function stylesOf(order: readonly string[]) {
  const styles = order.map((label, i) => ({
    label,
    color: colours[i % colours.length],
    // The second time round the colours, other dashes.
    dash: (i + Math.floor(i / colours.length)) % dashes.length,
  }));
  styles.sort((a, b) => a.dash - b.dash);
  const step = 2.2 / Math.max(1, styles.length - 1);
  return styles.map((s, i) => ({ ...s, width: 4 - i * step }));
}

function layered(panel: Panel, order: readonly string[], width: number, height: number, columns: number) {
  const styles = stylesOf(order);
  const drawn = styles.map((s) => s.label);
  const styleOf = (label: string) => styles[drawn.indexOf(label)];
  const rows = rowsOf(panel)
    .sort((a, b) => drawn.indexOf(a.method) - drawn.indexOf(b.method))
    .map((r) => ({ ...r, fill: styleOf(r.method).color }));
  const heights = rows.flatMap((r) => [r.low, r.middle, r.high]).filter((v): v is number => v !== null);
  const inOrder = order.map(styleOf);
  // The colour itself: a scale would want a legend of its own.
  const fill = { field: "fill", type: "nominal", scale: null };
  const detail = { field: "method", type: "nominal" };
  const scaled = (range: readonly unknown[]) => ({
    field: "method",
    type: "nominal",
    title: null,
    scale: { domain: order, range },
    legend: { orient: "bottom", columns, symbolType: "stroke", symbolSize: 900, symbolLimit: 0 },
  });
  const color = scaled(inOrder.map((s) => s.color));
  const x = {
    field: "at",
    type: "quantitative",
    title: axisTitles[panel.axis],
    scale: { type: "log", nice: false },
    axis: logAxis(rows.map((r) => r.at)),
  };
  const y = {
    field: "middle",
    type: "quantitative",
    title: panel.title,
    scale: { type: "log", nice: false, padding: 6 },
    axis: logAxis(heights),
  };
  const last = panel.curves.map(({ label, points }) => {
    const { at, median } = points[points.length - 1];
    return { method: label, at, middle: clamp(median), fill: styleOf(label).color };
  });
  return {
    title: { text: headingOf(panel), anchor: "start", fontWeight: 600 },
    width,
    height,
    data: { values: rows },
    layer: [
      {
        mark: { type: "area", opacity: Math.min(0.15, 1 / order.length), interpolate: "step-after", clip: true },
        encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, fill, detail },
      },
      {
        mark: { type: "line", interpolate: "step-after", strokeCap: "butt", clip: true },
        encoding: {
          x,
          y,
          color,
          strokeDash: scaled(inOrder.map((s) => dashes[s.dash])),
          strokeWidth: { ...scaled(inOrder.map((s) => s.width)), type: "ordinal" },
        },
      },
      // Where the last run of a method ended.
      {
        data: { values: last },
        mark: { type: "point", strokeWidth: 0, size: 36, opacity: 1 },
        encoding: { x, y, fill, detail },
      },
    ],
  };
}

const config = {
  font: "system-ui, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif",
  axis: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 400 as const },
  legend: { labelFontSize: 12, labelLimit: 180, offset: 6, rowPadding: 0 },
  title: { fontSize: 13 },
  view: { stroke: "#bbb" },
};

/** `relative suboptimality against seconds` */
export const headingOf = (panel: Panel): string => `${panel.title} against ${axisTitles[panel.axis]}`;

/** One panel on its own, with a legend and without its heading, on whatever paper it is put. */
export function panelSvg(panel: Panel, order: readonly string[], width = 360, height = 220): Promise<string> {
  const { title: _, ...drawn } = layered(panel, order, width, height, Math.max(1, Math.floor(width / 140)));
  const spec = { background: "transparent", config, ...drawn };
  return drawSvg(spec as unknown as TopLevelSpec);
}

/** All panels in one document: a row for each quantity, calls on the left, seconds on the right. */
export function comparisonSvg(comparison: Comparison): Promise<string> {
  const panels = panelsOf(comparison);
  const order = comparison.methods.map((m) => m.label);
  const subtitle = `${seedWords(comparison.seeds)}; each run: ${budgetWords(comparison)}; medians and quartiles`;
  const spec = {
    background: "white",
    config: { ...config, title: { fontSize: 13 } },
    title: { text: comparison.problem, subtitle, anchor: "start", fontSize: 16, subtitleFontSize: 12, offset: 14 },
    concat:
      panels.length > 0
        ? panels.map((panel) => layered(panel, order, 380, 220, 6))
        : [{ data: { values: [] }, mark: "point", title: "no run was completed" }],
    columns: 2,
    spacing: 24,
  };
  return drawSvg(spec as unknown as TopLevelSpec);
}
