/** Levels: which there must be, what belongs into them, and what makes a bilevel problem of them. */
import { entry } from "./entry.js";

export const levels = {
  BLO0301: entry<{ level: string }>({
    severity: "error",
    title: "Level is missing",
    message: ({ level }) => `the problem has no ${level} level`,
    hint: "a problem has one `upper { … }` and at least one `lower { … }`, or a `minimax { … }`",
    page: `A bilevel problem has one upper level and one lower level or several (followers).

    upper { var x ; minimize (x - 1)^2 + y^2 }
    lower { var y ; minimize (y - x)^2 }`,
  }),
  BLO0302: entry<{ level: string }>({
    severity: "error",
    title: "Level declared twice",
    message: ({ level }) => `there is a second \`${level}\``,
    page: `There is one \`upper\` and one \`minimax\`. Several lower levels, the followers, have different names.

Wrong:

    upper { var x ; minimize x^2 }
    upper { var z ; minimize z^2 }

Mended: one level with both variables, and one objective.`,
  }),
  BLO0303: entry({
    severity: "error",
    title: "Lower level without a name beside others",
    message: () => "with several lower levels each needs a name",
    hint: "write `lower NAME { … }`",
    page: `Several lower levels are several followers. Reports and expectations speak of them by name.

    lower north { var a ; minimize (a - x)^2 }
    lower south { var b ; minimize (b + x)^2 }`,
  }),
  BLO0304: entry<{ level: string }>({
    severity: "error",
    title: "Level without an objective",
    message: ({ level }) => `the ${level} level has no objective`,
    hint: "write `minimize EXPRESSION` or `maximize EXPRESSION`; a level that accepts anything has `minimize 0`",
    page: `Each level has exactly one objective.

Wrong:

    lower { var y >= 0 }

Mended:

    lower { var y >= 0 ; minimize (y - x)^2 }`,
  }),
  BLO0305: entry<{ level: string }>({
    severity: "error",
    title: "Two objectives in a level",
    message: ({ level }) => `the ${level} level has a second objective`,
    hint: "add them up with weights, or turn one of them into a constraint",
    page: `Each level has exactly one objective. Several goals are weighed in one expression.

Wrong:

    minimize x^2
    minimize y^2

Mended:

    minimize x^2 + 0.5 * y^2`,
  }),
  BLO0306: entry<{ level: string }>({
    severity: "error",
    title: "Level without variables",
    message: ({ level }) => `the ${level} level decides nothing: it has no variable`,
    hint: "declare one with `var`",
    page: `A level decides the variables that it declares. A level without variables is no level: its objective would not
change anything.

Wrong:

    upper { minimize y^2 }
    lower { var y ; minimize (y - 1)^2 }`,
  }),
  BLO0307: entry<{ name: string; level: string }>({
    severity: "error",
    title: "Variable of two levels",
    message: ({ name, level }) => `\`${name}\` is a variable of the ${level} level already`,
    hint: "each variable belongs to one level; all levels may use it without declaring it",
    page: `A variable is declared in the level that decides it, once. The other level uses its name. To restrict a variable of
the upper level from the lower level's point of view there is nothing to declare: for the lower level it is given.

Wrong:

    upper { var x ; minimize x^2 + y^2 }
    lower { var x in [0, 1] ; var y ; minimize (y - x)^2 }

Mended:

    upper { var x in [0, 1] ; minimize x^2 + y^2 }
    lower { var y ; minimize (y - x)^2 }`,
  }),
  BLO0308: entry({
    severity: "error",
    title: "minimax beside other levels",
    message: () => "`minimax` makes both levels: there is no `upper` or `lower` beside it",
    page: `\`minimax { minimize var x  maximize var y  objective E }\` is short for an upper level that minimises E and a lower level
that minimises -E. Nothing else can be a level beside it.

Wrong:

    minimax { minimize var x ; maximize var y ; objective x*y }
    lower { var z ; minimize (z - x)^2 }`,
  }),
  BLO0310: entry<{ found: string }>({
    severity: "error",
    title: "Incomplete minimax",
    message: ({ found }) => found,
    page: `Inside \`minimax\`, each variable says whose it is, both players have at least one, and there is one \`objective\`.

    minimax {
      minimize var x
      maximize var y
      objective x^2 + 2x*y - y^2
    }`,
  }),
  BLO0311: entry<{ truth: string }>({
    severity: "error",
    title: "Constraint on nothing",
    message: ({ truth }) => `this constraint has no variable in it: it is ${truth} whatever is decided`,
    hint: "remove it, or put the variable into it that is meant",
    page: `A constraint restricts variables. One that consists of constants only either always holds or makes the problem
infeasible: both are mistakes more often than not. Note that simplification counts: \`0 * x <= 1\` is \`0 <= 1\`.

Wrong:

    subject to
      1 <= 2

Mended:

    subject to
      1 <= x`,
  }),
  BLO0312: entry<{ variables: string }>({
    severity: "warning",
    title: "Lower constraint without a lower variable",
    message: ({ variables }) =>
      `this lower constraint restricts only ${variables}, which other levels decide; it is treated as an upper constraint`,
    hint: "write it in the upper level, or put a variable of the lower level into it",
    page: `A constraint of the lower level says which answers y the lower level may give for a given x. One that speaks of x
alone says nothing about y: the lower level cannot do anything to fulfil it. Where it is violated, the lower level
has no answer at all, so the upper level may not choose such an x: exactly what the same constraint in the upper
level says. That is how it is treated. Kept below, it would spoil the multipliers of the lower level: its gradient
with respect to y is zero.

Doubtful:

    upper { var x ; minimize (x - 3)^2 + y^2 }
    lower {
      var y
      minimize (y - x)^2
      subject to
        x <= 2
    }

Mended:

    upper {
      var x
      minimize (x - 3)^2 + y^2
      subject to
        x <= 2
    }
    lower { var y ; minimize (y - x)^2 }

If the lower level was meant to be restricted, its variable is missing: \`y <= 2\`, or \`x + y <= 2\`.

With several followers the same is said of a constraint of one follower that has none of its own variables.`,
  }),
  BLO0313: entry<{ name: string }>({
    severity: "warning",
    title: "Variable without any effect",
    message: ({ name }) => `the variable \`${name}\` appears in no objective and no constraint`,
    page: `A variable that nothing depends on can have any value. Often a name was misspelt, or simplification has removed it
(\`0 * y\`, \`y - y\`).

Doubtful:

    upper { var x ; var z ; minimize (x - 1)^2 + y^2 }`,
  }),
  BLO0314: entry<{ name: string; entries: string }>({
    severity: "warning",
    title: "Entries without any effect",
    message: ({ name, entries }) => `no objective and no constraint depends on ${entries} of the variable \`${name}\``,
    page: `Part of a vector or matrix of variables is never used: often a set that is too short, or a size that is too large.

Doubtful:

    var y[4]
    minimize sum(i in 1..3: y[i]^2)`,
  }),
  BLO0315: entry<{ level: string }>({
    severity: "warning",
    title: "Lower objective without lower variables",
    message: ({ level }) =>
      `the objective of the ${level} level does not depend on its own variables: every feasible answer is optimal`,
    page: `The lower level chooses its variables to make its objective smallest. If the objective does not depend on them, it
accepts any feasible answer, and the upper level chooses among them all (the optimistic reading). Write \`minimize 0\`
where this is meant.

Doubtful:

    lower { var y in [0, 1] ; minimize x^2 }`,
  }),
  BLO0316: entry<{ level: string }>({
    severity: "warning",
    title: "Lower level does not see the upper level",
    message: ({ level }) =>
      `the ${level} level does not depend on any variable of the upper level: its answer is always the same`,
    page: `Neither the objective nor the constraints of the lower level have a variable of the upper level in them. The lower
level can be solved once by itself; the problem is of two levels in name only.

Doubtful:

    upper { var x ; minimize (x - y)^2 }
    lower { var y ; minimize (y - 1)^2 }`,
  }),
  BLO0317: entry({
    severity: "warning",
    title: "Upper level does not see the lower level",
    message: () =>
      "the upper level depends on no variable of the lower level: the lower level does not influence the decision",
    page: `Neither the objective nor the constraints of the upper level have a variable of the lower level in them. The upper
level can be solved by itself, apart from making sure that the lower level has an answer.

Doubtful:

    upper { var x ; minimize (x - 1)^2 }
    lower { var y ; minimize (y - x)^2 }`,
  }),
  BLO0318: entry<{ name: string; followers: readonly string[]; suggestion: string | undefined }>({
    severity: "error",
    title: "No such lower level",
    message: ({ name, followers, suggestion }) =>
      `there is no lower level called \`${name}\`${
        suggestion === undefined
          ? followers.length === 0
            ? ""
            : ` (there are ${followers.join(", ")})`
          : `; did you mean \`${suggestion}\`?`
      }`,
    page: `An expectation \`lower NAME = VALUE\` speaks of the objective of the lower level declared \`lower NAME { … }\`.

    lower north { var a ; minimize (a - x)^2 }
    expect { lower north = 0 }`,
  }),
  BLO0319: entry<{ followers: readonly string[] }>({
    severity: "error",
    title: "Which lower level?",
    message: ({ followers }) => `\`lower\` alone could be any of ${followers.join(", ")}`,
    hint: "write `lower NAME = VALUE`",
    page: `With several lower levels, an expectation names the one whose objective is meant.

Wrong:

    expect { lower = 3 }

Mended:

    expect { lower north = 3 }`,
  }),
  BLO0321: entry<{ name: string; wanted: string; found: string }>({
    severity: "error",
    title: "Setting that does not fit",
    message: ({ name, wanted, found }) => `\`${name}\` takes ${wanted}, found ${found}`,
    page: `Settings in \`solve\`: \`method NAME\`, \`seed\` (a whole number, 0 or more), \`tolerance\` (a number > 0), \`time\` (a number
with a unit: \`500ms\`, \`30s\`, \`5min\`, \`2h\`), \`iterations\` and \`calls\` (whole numbers, 1 or more). Any other name is an
option of the method: a number, \`true\`, \`false\` or a word.

    solve { method soba ; seed 1 ; tolerance 1e-6 ; time 30s }`,
  }),
  BLO0322: entry<{ name: string }>({
    severity: "error",
    title: "Setting written twice",
    message: ({ name }) => `\`${name}\` is set twice`,
    page: `Each setting of \`solve\` is written once.

Wrong:

    solve { seed 1 ; seed 2 }

Mended:

    solve { seed 2 }`,
  }),
  BLO0323: entry<{ name: string }>({
    severity: "error",
    title: "Two constraints of one name",
    message: ({ name }) => `two constraints of this level are called \`${name}\``,
    hint: "rename one; a `forall` makes many rows under one name",
    page: `Reports speak of constraints by name, so names of one level differ. Constraints without a name are numbered:
\`upper1\`, \`lower2\`.

Wrong:

    subject to
      cap: y <= 3
      cap: y >= 0

Mended:

    subject to
      cap: 0 <= y <= 3`,
  }),
} as const;
