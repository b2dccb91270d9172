"""Whether an identity pool answers at all: its calls carry no signature, so only resource control policies have a say.

Cognito Identity API Reference, GetId, GetCredentialsForIdentity, GetOpenIdToken; Organizations User Guide, "RCPs".
"""

from functools import lru_cache

from permcheck.access.subject import limits_on
from permcheck.graph.cognito import region_of
from permcheck.graph.pool_trust import ORDER
from permcheck.model.facts import Facts
from permcheck.model.organization import Levels
from permcheck.model.policy import Policy, PolicyKind
from permcheck.model.pool import IdentityPool
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of
from permcheck.policy.caller import Caller, CallerKind
from permcheck.policy.context import Context
from permcheck.policy.evaluate import evaluate
from permcheck.policy.parse import parse_document
from permcheck.policy.request import Policies, Request

_CALLS = {
    "enhanced": ("cognito-identity:GetId", "cognito-identity:GetCredentialsForIdentity"),
    "classic": ("cognito-identity:GetId", "cognito-identity:GetOpenIdToken"),
}


def pool_calls(facts: Facts, pool: IdentityPool, flow: str, guest: bool) -> Verdict:
    """Whether resource control policies over the pool's account let these people call it."""
    account = pool.account or next((account_of(r.role) for r in pool.roles), "")
    levels = limits_on(facts, account)
    return _pool_calls(levels, account, pool.id, flow, guest) if levels else Verdict.ALLOWED


@lru_cache(maxsize=1 << 10)
def _pool_calls(levels: Levels, account: str, pool_id: str, flow: str, guest: bool) -> Verdict:
    region = region_of(pool_id)
    partition = "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
    arn = f"arn:{partition}:cognito-identity:{region}:{account}:identitypool/{pool_id}"
    prefix = f"cognito-identity-{'unauth' if guest else 'auth'}"
    known = {f"{prefix}:identitypoolarn": (arn,), f"{prefix}:accountid": (account,), "aws:principalarn": ()}
    caller, context = Caller(CallerKind.ANONYMOUS, "*"), Context(known, complete=False)
    policies = Policies(resource=(_open_door(),), rcps=levels)
    asked = (evaluate(Request(caller, action, arn, context, account), policies) for action in _CALLS[flow])
    return max((decision.verdict for decision in asked), key=ORDER.index)


@lru_cache(maxsize=1)
def _open_door() -> Policy:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "cognito-identity:*", "Resource": "*"}
    return Policy(
        PolicyKind.RESOURCE, "an API that takes no signature", "", "", parse_document({"Statement": statement})
    )
