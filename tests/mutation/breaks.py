"""Ways to break the evaluator, each a mistake that somebody could make; every one has to be caught by a test."""

from __future__ import annotations

from dataclasses import dataclass

Edit = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Break:
    """A mistake: in this module of the package, each text is replaced by the other.

    room: the folder of tests that has to notice. Each text must stand in the module exactly once.
    """

    name: str
    module: str
    edits: tuple[Edit, ...]
    room: str = "policy"


def _one(name: str, module: str, text: str, replacement: str, room: str = "policy") -> Break:
    return Break(name, module, ((text, replacement),), room)


BREAKS = (
    _one(
        "Deny statements are dropped",
        "policy/layer.py",
        "        self.denying = denying\n",
        "        self.denying = []\n",
    ),
    _one(
        "the permissions boundary is ignored",
        "policy/evaluate.py",
        "    if policies.boundary is not None:\n",
        "    if False:\n",
    ),
    _one(
        "session policies are ignored",
        "policy/evaluate.py",
        "if policies.session and caller.kind",
        "if False and caller.kind",
    ),
    Break(
        "actions are compared with case",
        "policy/action.py",
        (("glob(pattern.lower())", "glob(pattern)"), ("matches(action.lower())", "matches(action)")),
    ),
    Break(
        "names in ARNs are compared without case",
        "policy/arn.py",
        (
            ("rest = glob(segments[4])", "rest = glob(segments[4].lower())"),
            ("not rest(arn.resource)", "not rest(arn.resource.lower())"),
        ),
    ),
    _one(
        "a star in Resource crosses colons",
        "policy/arn.py",
        "        if arn is None or not rest(",
        "        if glob(pattern)(resource):\n            return True\n        if arn is None or not rest(",
    ),
    _one(
        "a star in ArnLike crosses colons",
        "policy/arn.py",
        "return len(segments) == 6 and",
        "return glob(pattern)(value) or len(segments) == 6 and",
    ),
    _one(
        "a negated operator fails on a missing key",
        "policy/condition.py",
        "YES if operator.if_exists or operator.negated else",
        "YES if operator.if_exists else",
    ),
    _one(
        "ForAllValues fails on a missing key",
        "policy/condition.py",
        'if operator.quantifier == "all" or operator.if_exists else',
        "if operator.if_exists else",
    ),
    _one(
        "IfExists is ignored",
        "policy/condition.py",
        "YES if operator.if_exists or operator.negated else",
        "YES if operator.negated else",
    ),
    _one(
        "a negated operator holds as soon as one of several values differs",
        "policy/condition.py",
        'if operator.quantifier == "all" or (operator.quantifier is None and operator.negated):',
        'if operator.quantifier == "all":',
    ),
    _one(
        "a grant to a user is limited by the boundary",
        "policy/caller.py",
        "(Grant.ROLE if caller.kind is CallerKind.ROLE else Grant.FULL)",
        "(Grant.ROLE if caller.kind in (CallerKind.ROLE, CallerKind.USER) else Grant.FULL)",
    ),
    _one(
        "a grant to a role lifts the boundary",
        "policy/evaluate.py",
        "(resource, (Grant.ROLE,)), *limits)",
        "(resource, (Grant.ROLE,)))",
    ),
    _one(
        "a grant to the own account is enough",
        "policy/evaluate.py",
        "(resource, (Grant.FULL,))",
        "(resource, (Grant.FULL, Grant.ACCOUNT))",
    ),
    _one(
        "one side is enough across accounts", "policy/evaluate.py", "    if request.cross_account:\n", "    if False:\n"
    ),
    _one(
        "only the root's service control policies count",
        "policy/evaluate.py",
        "for level in policies.scps]",
        "for level in policies.scps[:1]]",
    ),
    _one(
        "resource control policies reach every service",
        "policy/evaluate.py",
        "rcp.limits(request.action)",
        "bool(rcp.made())",
    ),
    _one(
        "variables are expanded whatever the Version",
        "policy/parse.py",
        'variables = version == "2012-10-17"',
        "variables = True",
    ),
    _one(
        "a variable without a value is empty text",
        "policy/variables.py",
        "        else:\n            return Unresolved.ABSENT\n",
        '        else:\n            result.append("")\n',
    ),
    _one("NotPrincipal spares those with a boundary", "policy/caller.py", "if bounded and not allow:", "if False:"),
    _one(
        "the open condition of a Deny is listed as it stands",
        "policy/grounds.py",
        "[negation(condition) for condition in left]",
        "[(condition,) for condition in left]",
    ),
    _one(
        "conditions that exclude one another may hold",
        "policy/together.py",
        "    if not held.possible(sorted(keys)):\n",
        "    if False:\n",
    ),
    _one(
        "the sets never ask whether statements contradict one another",
        "access/question.py",
        "            if still_open:\n",
        "            if False:\n",
        "access",
    ),
    _one(
        "the sets forget that a session brings keys of its own",
        "access/compile.py",
        "return tuple(k for k in keys_of(statement) if not is_item_key(k))",
        'return tuple(k for k in keys_of(statement) if k.startswith("aws:principal"))',
        "access",
    ),
    _one(
        "the sets forget a Deny of the caller's own that may match",
        "access/combine.py",
        "own.allow_sure & mine & ~own.deny_possible",
        "own.allow_sure & mine & ~own.deny_sure",
        "access",
    ),
    _one(
        "the sets forget a Deny that may match",
        "access/combine.py",
        "return Access(sure & ~deny_possible & ~unread",
        "return Access(sure & ~deny_sure & ~unread",
        "access",
    ),
    _one(
        "the sets let a role's own grant past the boundary",
        "access/combine.py",
        "same = full | (role & bound) |",
        "same = full | role |",
        "access",
    ),
    _one(
        "the sets forget a Deny that may match where a boundary limits the caller",
        "access/combine.py",
        "return Access(sure & mine & ~deny_possible",
        "return Access(sure & mine & ~deny_sure",
        "access",
    ),
    _one(
        "the sets take a grant to a whole account for none",
        "access/combine.py",
        "shared & (everything if explicit else ~mine)",
        "0",
        "access",
    ),
    _one(
        "the sets forget that a Deny behind an Allow may rule it out",
        "access/clash.py",
        "keys & (refused if statement.is_allow else seen)",
        "keys & refused",
        "access",
    ),
    _one(
        "the sets forget that a Deny before an Allow may rule it out",
        "access/clash.py",
        "keys & (refused if statement.is_allow else seen)",
        "keys & (set() if statement.is_allow else seen)",
        "access",
    ),
)
