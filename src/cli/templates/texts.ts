/** The templates of `blo init`: complete problems with exact answers, commented for somebody who begins. */
import type { TemplateName } from "./names.js";

export const templates: Readonly<Record<TemplateName, string>> = {
  default: `# A bilevel problem: the upper level chooses x, knowing how the lower level will answer with y.
# Run it:  blo run FILE       check it:  blo check FILE       test it:  blo test FILE
problem "Quadratic with a closed form"

param a = 2                   # constants; override with --set a=3

upper {
  var x in [-10, 10] init 1   # domain and starting point are optional
  minimize (x - a)^2 + y^2
}

lower {
  var y
  minimize (y - x)^2            # so y = x, and the upper level sees (x - a)^2 + x^2
}

expect {  # what the answer must be: blo test compares
  x = a / 2 within 1e-6
  y = a / 2 within 1e-6
}
`,
  duopoly: `# Two firms sell the same good. The leader fixes its quantity, the follower sees it and answers.
problem "Stackelberg duopoly"

param a = 120           # price if nothing is sold
param leaderCost = 20   # cost of a unit
param followerCost = 30

fn price(q) = a - q

upper {
  var q1 >= 0
  maximize (price(q1 + q2) - leaderCost) * q1
}

lower {
  var q2 >= 0
  maximize (price(q1 + q2) - followerCost) * q2
}

expect {  # the closed form, as long as both sell something
  q1 = (a - 2 * leaderCost + followerCost) / 2 within 1e-5
  q2 = (a + 2 * leaderCost - 3 * followerCost) / 4 within 1e-5
}
`,
  followers: `# One upper level, several lower levels that do not know of each other: a planner pays a subsidy for each unit of
# clean water that is kept, and each farm answers by its own costs.
problem "A subsidy for two farms"

param damage = 3
param cost = [1, 2]

upper {
  var subsidy >= 0 init 1  # beside 0, where no farm answers
  minimize damage * ((4 - keep1)^2 + (6 - keep2)^2) + subsidy * (keep1 + keep2)
}

lower north {  # every follower has a name, variables and an objective of its own
  var keep1 >= 0
  minimize cost[1] * keep1^2 - subsidy * keep1
}

lower south {
  var keep2 >= 0
  minimize cost[2] * keep2^2 - subsidy * keep2
}

expect { subsidy = 56 / 9 within 1e-5 }
`,
  inverse: `# Inverse optimisation: which weights explain the choices that were observed? The lower level is the model of the
# chooser, the upper level fits its unknown weights.
problem "Weights behind observed choices"

param price = [
  [1, 2],
  [2, 1],
  [2, 2]
]                         # one row for each situation
param chosen = [[0.2, 0.7], [-0.8, 1.7], [-0.8, 0.7]]

upper {
  var weight[2] in [0.1, 10] init 1
  minimize sum(i in 1..rows(price), j in 1..2: (y[i, j] - chosen[i, j])^2)
}

lower {
  var y[rows(price), 2]   # the choice the model makes: y = weight - price
  minimize sum(i in 1..rows(price), j in 1..2: 0.5 * y[i, j]^2 - (weight[j] - price[i, j]) * y[i, j])
}

expect { weight = [1.2, 2.7] within 1e-5 }
`,
  minimax: `# One objective, two players: the first minimises it, the second maximises it.
problem "Saddle point"

minimax {
  minimize var x in [-5, 5]
  maximize var y
  objective x^2 + 2x*y - y^2 - 4x + 2y  # 2x is a coefficient: a number directly before a name
}

expect { x = 0.5 within 1e-6 ; y = 1.5 within 1e-6 }
`,
  ridge: `# How strongly should a regression be regularised? The lower level fits on the training rows, the upper level chooses
# the logarithm of the penalty so that the fit predicts the validation rows.
problem "Ridge penalty on held-out rows"

# Data of your own: a file beside this one, its columns by name.
#   data d = "points.csv"
#   param A = d[["age", "bmi"]]
#   param b = d.target
param A = [[1, 0], [0, 1], [1, 1], [2, 1], [1, 2], [2, 2]]
param b = [1.4, 0.9, 1.8, 2.9, 2.7, 4.1]

set Train = 1..3
set Validation = 4..rows(A)

upper {
  var rho in [-8, 4] init -1  # the penalty is exp(rho), always positive
  minimize mean(i in Validation: (A[i, :] * w - b[i])^2)
}

lower {
  var w[cols(A)]
  minimize mean(i in Train: (A[i, :] * w - b[i])^2) + exp(rho) * sumsq(w)
}

solve {  # defaults; flags such as --tol override them
  tolerance 1e-6
}

expect { rho = -4.3246645 within 1e-5 }
`,
  toll: `# A toll on one of three routes: its operator earns the toll times the flow, drivers share the routes so that nobody can
# gain (the minimum of the sum of the integrated travel times).
problem "Toll setting"

param demand = 10
param free = [6, 9, 4]         # minutes on an empty route
param slope = [0.2, 0.2, 0.6]  # minutes more for each unit of flow

upper {
  var toll in [0, 20] init 1  # for the third route
  maximize toll * flow[3]
}

lower {
  var flow[3] in simplex(demand)  # entries >= 0 with sum demand
  minimize dot(free, flow) + 0.5 * sum(slope .* flow.^2) + toll * flow[3]
}

expect { toll = 2 within 1e-5 }
`,
};
