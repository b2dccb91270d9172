"""Principals of the function's own account that its policies name and that are not in view.

Where the view holds no identity of that account, none was given and the grant counts as it stands. Where it holds
some, this one was not captured or is gone: what else bears on it could not be read.
"""

from collections.abc import Iterator

from permcheck.access.targets import names_of
from permcheck.graph.outsiders import INVOKE
from permcheck.graph.places import because
from permcheck.graph.scene import Scene
from permcheck.graph.witness import witness
from permcheck.model.answer import CallerRow
from permcheck.model.function import Function
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of, split
from permcheck.policy.caller import is_account, parse_caller
from permcheck.policy.context import Context
from permcheck.policy.evaluate import evaluate
from permcheck.policy.request import Policies, Request


def unseen(scene: Scene, function: Function) -> Iterator[CallerRow]:
    """A row for each role, user or session the policies name that the view does not hold."""
    account = account_of(function.arn)
    given = any(s.account == account for s in scene.world.subjects)
    for item in names_of(function):
        named = {
            entry
            for policy in item.policies
            for statement in policy.statements
            if statement.is_allow and statement.principals is not None
            for entry in statement.principals.aws
            if account_of(entry) == account and not is_account(entry) and not _seen(scene, entry)
        }
        for entry in sorted(named):
            arn = split(entry)
            if arn is None or arn.resource.partition("/")[0] not in ("role", "user", "assumed-role"):
                continue
            role = entry if arn.resource.startswith("role/") else ""
            known = {"aws:principalarn": (role,)} if role else {}
            context = Context({**known, "aws:principalaccount": (account,), "aws:sourcearn": ()}, complete=False)
            request = Request(parse_caller(entry), INVOKE, item.arn, context.merged(dict(item.known), item.closed))
            policies = Policies(resource=item.policies)
            decision = evaluate(request, policies)
            if decision.verdict is Verdict.DENIED:
                continue
            verdict = Verdict.UNKNOWN if given else decision.verdict
            yield CallerRow(
                entry,
                "user" if arn.resource.startswith("user/") else "role",
                verdict,
                INVOKE,
                item.arn,
                "resource_policy",
                because=because(decision.because),
                witness=None if given else witness(request, policies, decision),
                note="named by the function's policy, but not in view" if given else "",
            )


def _seen(scene: Scene, entry: str) -> bool:
    if scene.subject(entry) is not None:
        return True
    arn = split(entry)
    if arn is None or not arn.resource.startswith("assumed-role/"):
        return False
    name = arn.resource.split("/")[1]
    return any(r.name == name and account_of(r.arn) == arn.account for r in scene.facts.roles)
