/**
 * The curves of a comparison as SVG, drawn by Vega-Lite: a line for the median, a band between the quartiles, logarithmic
 * axes. Methods differ by colour (Okabe and Ito's palette, told apart by colour-blind readers) and by dashes.
 */
import { type Axis, type Curve, curvesOf, type Quantity } from "./compareCurves.js";
import { budgetWords, seedWords } from "./compareTable.js";
import type { Comparison } from "./compareTypes.js";
import { drawSvg, type TopLevelSpec } from "./vega.js";

/** Without the palette's yellow, which white paper swallows. */
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000", "#56b4e9", "#e69f00"];
const dashes = [
  [1, 0],
  [6, 3],
  [2, 2],
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
  claim: "stationarity the method claims",
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

/** Axis labels as powers of ten; small whole numbers and short decimals as they are. */
const labels = "datum.value >= 0.01 && datum.value < 10000 ? format(datum.value, '~g') : format(datum.value, '~e')";

function logAxis(values: readonly number[], most: number) {
  const from = Math.floor(Math.log10(Math.min(...values)));
  const to = Math.ceil(Math.log10(Math.max(...values)));
  const stride = Math.max(1, Math.ceil((to - from) / most));
  const ticks: number[] = [];
  for (let k = from; k <= to; k++) if ((k - to) % stride === 0) ticks.push(Number(`1e${k}`));
  return { values: ticks, labelExpr: labels, labelOverlap: true, gridColor: "#e6e6e6", domainColor: "#888" };
}

function layered(panel: Panel, order: readonly string[], width: number, height: number, legend: boolean) {
  const rows = rowsOf(panel);
  const heights = rows.flatMap((r) => [r.low, r.middle, r.high]).filter((v): v is number => v !== null);
  const style = {
    domain: [...order],
    color: order.map((_, i) => colours[i % colours.length]),
    // The second time round the colours, other dashes.
    dash: order.map((_, i) => dashes[(i + Math.floor(i / colours.length)) % dashes.length]),
  };
  const key = legend
    ? {
        orient: "bottom" as const,
        columns: Math.max(1, Math.floor(width / 130)),
        symbolSize: 700,
        symbolStrokeWidth: 2.5,
      }
    : null;
  const x = {
    field: "at",
    type: "quantitative" as const,
    title: axisTitles[panel.axis],
    scale: { type: "log" as const, nice: false },
    axis: logAxis(
      rows.map((r) => r.at),
      6,
    ),
  };
  const color = {
    field: "method",
    type: "nominal" as const,
    title: null,
    scale: { domain: style.domain, range: style.color },
    legend: key,
  };
  return {
    title: { text: `${panel.title} against ${axisTitles[panel.axis]}`, anchor: "start" as const, fontWeight: 600 },
    width,
    height,
    data: { values: rows },
    layer: [
      {
        mark: { type: "area" as const, opacity: 0.15, interpolate: "step-after" as const },
        encoding: {
          x,
          y: { field: "low", type: "quantitative" as const, scale: { type: "log" as const }, title: panel.title },
          y2: { field: "high" },
          color: { ...color, legend: null },
        },
      },
      {
        mark: { type: "line" as const, strokeWidth: 2, interpolate: "step-after" as const, strokeCap: "butt" as const },
        encoding: {
          x,
          y: {
            field: "middle",
            type: "quantitative" as const,
            title: panel.title,
            scale: { type: "log" as const },
            axis: logAxis(heights, 6),
          },
          color,
          strokeDash: {
            field: "method",
            type: "nominal" as const,
            title: null,
            scale: { domain: style.domain, range: style.dash },
            legend: key,
          },
        },
      },
    ],
  };
}

const config = {
  font: "system-ui, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif",
  axis: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 400 as const },
  legend: { labelFontSize: 12, labelLimit: 160 },
  title: { fontSize: 13 },
  view: { stroke: "#bbb" },
};

/** One panel on its own, with a legend. */
export function panelSvg(panel: Panel, order: readonly string[], width = 340, height = 240): Promise<string> {
  const spec = { background: "white", config, ...layered(panel, order, width, height, true) };
  return drawSvg(spec as TopLevelSpec);
}

/** All panels in one document: a row for each quantity, calls on the left, seconds on the right. */
export function comparisonSvg(comparison: Comparison): Promise<string> {
  const panels = panelsOf(comparison);
  const order = comparison.methods.map((m) => m.label);
  const last = panels[panels.length - 1];
  const subtitle = `${seedWords(comparison.seeds)}; each run: ${budgetWords(comparison)}; medians and quartiles`;
  const spec = {
    background: "white",
    config: { ...config, title: { fontSize: 13 } },
    title: { text: comparison.problem, subtitle, anchor: "start", fontSize: 16, subtitleFontSize: 12, offset: 14 },
    concat:
      panels.length > 0
        ? panels.map((panel) => layered(panel, order, 340, 220, panel === last))
        : [{ data: { values: [] }, mark: "point", title: "no run was completed" }],
    columns: 2,
  };
  return drawSvg(spec as TopLevelSpec);
}
