# The grammar of Blo, complete. Compile with `node scripts/grammar.mjs`, which writes src/syntax/grammar.gen.ts.
#
# %name stands for a kind of token, "word" for a token by its canonical text (`≤` reads `<=`, `minimise` reads
# `minimize`; src/syntax/vocabulary.ts lists the synonyms). Tokens, comments and the newline rules, which make %stop
# out of newlines and `;`, are the lexer's and the statement reader's work (src/syntax/lexer.ts, statements.ts).
# The parser feeds one statement at a time (start symbols problem … setting); `file` joins them for reference.
#
# Style of the rules: lists are left-recursive pairs that are flattened when their bracket closes; every level of
# precedence is one rule; actions are pure, since they also run on readings that come to nothing (src/syntax/nodes.ts, declare.ts).

@lexer lexer

# ------------------------------------------------------------------------------------------------ the file

file        -> sections                                                   {% actions.file %}
             | sections section                                           {% actions.file %}
sections    -> null                                                       {% actions.none %}
             | sections %stop                                             {% actions.first %}
             | sections section %stop                                     {% actions.more %}
             | sections block                                             {% actions.more %}
section     -> problem {% id %} | param {% id %} | data {% id %} | set {% id %} | fn {% id %} | let {% id %}
block       -> levelHead "{" levelBody "}"                                {% actions.level %}
             | "solve" "{" settings "}"                                   {% actions.solve %}
             | "expect" "{" expectations "}"                              {% actions.expect %}

levelHead   -> levelWord                                                  {% actions.levelHead %}
             | levelWord %name                                            {% actions.levelHead %}
levelWord   -> "upper" {% id %} | "lower" {% id %} | "minimax" {% id %}
levelBody   -> items                                                      {% id %}
             | items item                                                 {% actions.more %}
             | items "subject" "to" clauses                               {% actions.joined %}
             | items "subject" "to" clauses clause                        {% actions.joined %}
items       -> null                                                       {% actions.none %}
             | items %stop                                                {% actions.first %}
             | items item %stop                                           {% actions.more %}
clauses     -> null                                                       {% actions.none %}
             | clauses %stop                                              {% actions.first %}
             | clauses clause %stop                                       {% actions.more %}
item        -> var {% id %} | let {% id %} | objective {% id %}
clause      -> item {% id %} | constraint {% id %}

settings    -> settled {% id %}
             | settled setting                                            {% actions.more %}
settled     -> null                                                       {% actions.none %}
             | settled %stop                                              {% actions.first %}
             | settled setting %stop                                      {% actions.more %}
expectations -> expected {% id %}
             | expected expectation                                       {% actions.more %}
expected    -> null                                                       {% actions.none %}
             | expected %stop                                             {% actions.first %}
             | expected expectation %stop                                 {% actions.more %}

# ------------------------------------------------------------------------------------------- its statements

problem     -> "problem" %string                                          {% actions.problem %}
param       -> "param" shaped                                             {% actions.param %}
             | "param" shaped "=" expression                              {% actions.param %}
data        -> "data" %name "=" %string                                   {% actions.data %}
             | "data" %name "=" %string "as" %name                        {% actions.data %}
             | "data" %name "=" %string header                            {% actions.data %}
             | "data" %name "=" %string "as" %name header                 {% actions.data %}
header      -> "with" "header"                                            {% actions.withHeader %}
             | "without" "header"                                         {% actions.withoutHeader %}
set         -> "set" %name "=" range                                      {% actions.set %}
fn          -> "fn" %name "(" ")" "=" expression                          {% actions.fn %}
             | "fn" %name "(" names ")" "=" expression                    {% actions.fn %}
let         -> "let" %name "=" expression                                 {% actions.let_ %}

shaped      -> %name                                                      {% actions.shaped %}
             | %name "[" expressions "]"                                  {% actions.shaped %}
names       -> %name                                                      {% actions.one %}
             | names "," %name                                            {% actions.moreAfter %}

# ------------------------------------------------------------------------------------------ items of a level

var         -> "var" variable                                             {% actions.var_ %}
             | "minimize" "var" variable                                  {% actions.var_ %}
             | "maximize" "var" variable                                  {% actions.var_ %}
variable    -> bounded                                                    {% actions.variable %}
             | bounded "init" expression                                  {% actions.variable %}
bounded     -> shaped                                                     {% actions.bounded %}
             | bounded domain                                             {% actions.bounded %}
domain      -> "in" "[" expression "," expression "]"                     {% actions.interval %}
             | "<=" additive                                              {% actions.bound %}
             | ">=" additive                                              {% actions.bound %}
             | "in" %name                                                 {% actions.named %}
             | "in" %name "(" ")"                                         {% actions.named %}
             | "in" %name "(" expressions ")"                             {% actions.named %}

objective   -> "minimize" expression                                      {% actions.objective %}
             | "maximize" expression                                      {% actions.objective %}
             | "objective" expression                                     {% actions.objective %}

constraint  -> relation                                                   {% actions.constraint %}
             | %name ":" relation                                         {% actions.constraint %}
             | forall ":" relation                                        {% actions.constraint %}
             | %name ":" forall ":" relation                              {% actions.constraint %}
forall      -> "forall" binders                                           {% actions.forall %}
             | "forall" binders "where" expression                        {% actions.forall %}
relation    -> additive relator additive                                  {% actions.relation %}
             | additive relator additive relator additive                 {% actions.relation %}
relator     -> "<=" {% id %} | ">=" {% id %} | "==" {% id %}

# -------------------------------------------------------------------------------- settings and expectations

setting     -> word expression                                            {% actions.setting %}
expectation -> additive "=" additive                                      {% actions.expectation %}
             | additive "=" additive "within" additive                    {% actions.expectation %}
             | level "=" additive                                         {% actions.expectation %}
             | level "=" additive "within" additive                       {% actions.expectation %}
             | "status" hyphenated                                        {% actions.status %}
             | "needs" "method" hyphenated                                {% actions.needs %}
hyphenated  -> %name                                                      {% actions.word %}
             | "not"                                                      {% actions.word %}
             | hyphenated "-" %name                                       {% actions.hyphenate %}
level       -> "upper"                                                    {% actions.objectiveOf %}
             | "lower"                                                    {% actions.objectiveOf %}
             | "lower" %name                                              {% actions.objectiveOf %}
word        -> %name {% id %} | %keyword {% id %}

# ------------------------------------------------------------------------- expressions, from loose to tight

range       -> additive {% id %}
             | additive ".." additive                                     {% actions.range %}

expression  -> or {% id %}
             | "if" expression "then" expression "else" expression        {% actions.conditional %}
or          -> and {% id %}
             | or "or" and                                                {% actions.binary %}
and         -> not {% id %}
             | and "and" not                                              {% actions.binary %}
not         -> comparison {% id %}
             | "not" not                                                  {% actions.prefix %}
comparison  -> additive {% id %}
             | additive %comparison additive                              {% actions.binary %}
additive    -> product {% id %}
             | additive %additive product                                 {% actions.binary %}
product     -> signed {% id %}
             | product %multiplicative signed                             {% actions.binary %}
signed      -> scaled {% id %}
             | %additive signed                                           {% actions.prefix %}
scaled      -> power {% id %}
             | %coefficient power                                         {% actions.coefficient %}
power       -> operand {% id %}
             | operand %power signed                                      {% actions.binary %}
operand     -> postfix {% id %}
             | %number                                                    {% actions.number %}
             | %string                                                    {% actions.string %}

postfix     -> %name                                                      {% actions.name %}
             | postfix "'"                                                {% actions.transpose %}
             | postfix "[" indices "]"                                    {% actions.index %}
             | postfix "." %name                                          {% actions.member %}
             | %name "(" ")"                                              {% actions.call %}
             | %name "(" expressions ")"                                  {% actions.call %}
             | reducer "(" comprehension ")"                              {% actions.reduce %}
             | "(" expression ")"                                         {% actions.bracket %}
             | "[" expressions "]"                                        {% actions.array %}
             | "[" expressions "," "]"                                    {% actions.array %}
             | %array                                                     {% actions.folded %}

expressions -> expression                                                 {% actions.one %}
             | expressions "," expression                                 {% actions.moreAfter %}
indices     -> index                                                      {% actions.one %}
             | indices "," index                                          {% actions.moreAfter %}
index       -> expression {% id %}
             | ":"                                                        {% actions.slice %}
             | expression ":"                                             {% actions.sliceFrom %}
             | ":" expression                                             {% actions.sliceTo %}
             | expression ":" expression                                  {% actions.sliceBoth %}

reducer     -> "sum" {% id %} | "mean" {% id %} | "prod" {% id %} | "max" {% id %} | "min" {% id %}
comprehension -> scope ":" expression                                     {% actions.comprehension %}
scope       -> over {% id %}
             | over "batch" expression                                    {% actions.batch %}
over        -> binders                                                    {% actions.over %}
             | binders "where" expression                                 {% actions.over %}
binders     -> binder                                                     {% actions.one %}
             | binders "," binder                                         {% actions.moreAfter %}
binder      -> %name "in" range                                           {% actions.binder %}
