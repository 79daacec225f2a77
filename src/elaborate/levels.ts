/**
 * Which levels a file has and what belongs to which: one upper and one or several lower levels, or a `minimax`, which is
 * both: f = E for the upper level and g = -E for the lower one.
 */
import type { Span } from "../base/span.js";
import type {
  ConstraintDeclaration,
  LevelDeclaration,
  ObjectiveDeclaration,
  SyntaxTree,
  VariableDeclaration,
} from "../syntax/tree.js";
import type { Findings } from "./findings.js";
import type { VariableSymbol } from "./symbols.js";

/** A level before its expressions are looked at. */
export interface LevelPlan {
  readonly name: string;
  readonly declaration: LevelDeclaration;
  readonly variables: readonly VariableDeclaration[];
  readonly objective: ObjectiveDeclaration | undefined;
  readonly constraints: readonly ConstraintDeclaration[];
  readonly span: Span;
}

export interface LevelsPlan {
  readonly minimax: boolean;
  readonly upper: LevelPlan | undefined;
  readonly lowers: readonly LevelPlan[];
  readonly owner: (symbol: VariableSymbol) => { readonly level: "upper" | "lower"; readonly follower?: number };
}

export function planLevels(tree: SyntaxTree, findings: Findings): LevelsPlan {
  const levels = tree.items.filter((i) => i.kind === "level");
  const minimaxes = levels.filter((l) => l.level === "minimax");
  if (minimaxes.length > 0) return planMinimax(minimaxes, levels, findings);
  const uppers = levels.filter((l) => l.level === "upper");
  const lowers = levels.filter((l) => l.level === "lower");
  if (uppers.length === 0) findings.report("BLO0301", { level: "upper" }, { span: firstLevel(levels) });
  if (lowers.length === 0) findings.report("BLO0301", { level: "lower" }, { span: firstLevel(levels) });
  if (lowers.length > 1) checkNames(lowers, findings);
  const plans = lowers.map((l) => planLevel(l, l.name?.name ?? "lower", findings));
  return {
    minimax: false,
    upper: uppers.length > 0 ? planLevel(uppers[0], uppers[0].name?.name ?? "upper", findings) : undefined,
    lowers: plans,
    owner: ({ level }) =>
      level.level === "upper" ? { level: "upper" } : { level: "lower", follower: lowers.indexOf(level) },
  };
}

function firstLevel(levels: readonly LevelDeclaration[]): Span | undefined {
  return levels[0]?.keyword;
}

function checkNames(lowers: readonly LevelDeclaration[], findings: Findings): void {
  const seen = new Map<string, Span>();
  for (const { name, keyword } of lowers) {
    if (!name) {
      findings.report("BLO0303", {}, { span: keyword });
      continue;
    }
    const first = seen.get(name.name);
    if (first) {
      const related = [{ span: first, message: "the first" }];
      findings.report("BLO0302", { level: `lower ${name.name}` }, { span: name.span, related });
    } else seen.set(name.name, name.span);
  }
}

function planLevel(declaration: LevelDeclaration, name: string, findings: Findings): LevelPlan {
  const { variables, objectives, constraints } = sortItems(declaration);
  const { keyword } = declaration;
  if (variables.length === 0) findings.report("BLO0306", { level: name }, { span: keyword });
  const objective = oneObjective(objectives, name, keyword, findings);
  return { name, declaration, variables, objective, constraints, span: declaration.span };
}

function oneObjective(
  objectives: readonly ObjectiveDeclaration[],
  level: string,
  keyword: Span,
  findings: Findings,
): ObjectiveDeclaration | undefined {
  if (objectives.length === 0) findings.report("BLO0304", { level }, { span: keyword });
  for (const second of objectives.slice(1)) {
    const related = [{ span: objectives[0].span, message: "the first" }];
    findings.report("BLO0305", { level }, { span: second.span, related });
  }
  return objectives[0];
}

function planMinimax(
  minimaxes: readonly LevelDeclaration[],
  levels: readonly LevelDeclaration[],
  findings: Findings,
): LevelsPlan {
  const [declaration] = minimaxes;
  for (const other of levels) {
    if (other.level === "minimax") continue;
    const related = [{ span: declaration.keyword, message: "`minimax` stands here" }];
    findings.report("BLO0308", {}, { span: other.keyword, related });
  }
  const { variables, objectives, constraints } = sortItems(declaration);
  const { keyword, span } = declaration;
  const incomplete = (found: string, at: Span): undefined => findings.report("BLO0310", { found }, { span: at });
  for (const v of variables) {
    if (!v.player) {
      incomplete(`\`${v.name.name}\` has no player: write \`minimize var\` or \`maximize var\``, v.span);
    }
  }
  for (const o of objectives) {
    if (o.sense === "neutral") continue;
    incomplete(
      `\`${o.sense}\` stands before a variable here; the objective of both is written \`objective E\``,
      o.span,
    );
  }
  const of = (player: "minimize" | "maximize"): VariableDeclaration[] => variables.filter((v) => v.player === player);
  for (const player of ["minimize", "maximize"] as const) {
    if (variables.every((v) => v.player) && of(player).length === 0) {
      incomplete(`nobody ${player}s: there is no \`${player} var\``, keyword);
    }
  }
  const objective = oneObjective(objectives, "minimax", keyword, findings);
  const level = (name: string, player: "minimize" | "maximize", rows: readonly ConstraintDeclaration[]): LevelPlan => ({
    name,
    declaration,
    variables: of(player),
    objective,
    constraints: rows,
    span,
  });
  return {
    minimax: true,
    upper: level("upper", "minimize", []),
    lowers: [level("lower", "maximize", constraints)],
    owner: ({ declaration: v }) => (v.player === "maximize" ? { level: "lower", follower: 0 } : { level: "upper" }),
  };
}

interface Sorted {
  readonly variables: readonly VariableDeclaration[];
  readonly objectives: readonly ObjectiveDeclaration[];
  readonly constraints: readonly ConstraintDeclaration[];
}

function sortItems({ items }: LevelDeclaration): Sorted {
  return {
    variables: items.filter((i) => i.kind === "var"),
    objectives: items.filter((i) => i.kind === "objective"),
    constraints: items.filter((i) => i.kind === "constraint"),
  };
}
