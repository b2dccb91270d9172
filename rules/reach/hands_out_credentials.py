"""PC206: a function may hand out credentials."""

from collections.abc import Iterator
from functools import lru_cache

from permcheck.model import Document, Finding, Role
from permcheck.rule import Example, Narrowing, Rule, View
from permcheck.rule.granting import RETURNS_CREDENTIALS, broad, service_of_wildcard
from permcheck.rules._examples import ACCOUNT, REGION, account, allow, deny, worker
from permcheck.rules.reach._execution import listed, passed_over, path, places, running_too, weighed, whose

_RUNS = {"logins": "logins-role"}
_CLUSTER = f"arn:aws:redshift:{REGION}:{ACCOUNT}:dbuser:shop/reader"


class HandsOutCredentials(Rule):
    """A function may get credentials for anything of a kind.

    What
        The role of a function may call an action that returns credentials, such as redshift:GetClusterCredentials or
        cognito-identity:GetOpenIdTokenForDeveloperIdentity, on every resource. sts:AssumeRole has assume-any-role, and
        what creates access keys function-rewrites-iam; ecr:GetAuthorizationToken takes no resource and is left out.

    Why it matters
        Whoever can make the function do what they want does not stay in it: the credentials work anywhere, for as long
        as they last, as whomever they were asked for.

    How to fix
        Name the database users, identity pools or repositories that the code asks for.

    When it is fine
        For a function whose work is to hand out credentials, and that decides for whom.

    References
        Service Authorization Reference, "Actions, resources, and condition keys for AWS services"
        Amazon Redshift Management Guide, "Using IAM authentication to generate database user credentials"
    """

    id = "PC206"
    name = "hands-out-credentials"
    severity = "medium"
    confidence = "medium"
    concerns = RETURNS_CREDENTIALS
    bad = (Example(account(worker("logins-role", allow("redshift:GetClusterCredentials")), functions=_RUNS)),)
    good = (
        Example(account(worker("logins-role", allow("redshift:GetClusterCredentials", _CLUSTER)), functions=_RUNS)),
        Example(account(worker("logins-role", allow("ecr:GetAuthorizationToken")), functions=_RUNS)),
        Example(
            account(
                worker("logins-role", allow("redshift:GetClusterCredentials"), deny("redshift:*")), functions=_RUNS
            ),
            "a Deny takes it back",
        ),
    )

    def check_role(self, view: View, role: Role) -> Iterator[Finding]:
        """Report what hands out credentials for everything of a kind."""
        suspects = [action for p in role.policies if p.document is not None for action in _suspects(p.document)]
        if not suspects or passed_over(view, role):
            return
        answers = [answer for action in dict.fromkeys(suspects) if (answer := view.decide_any(role, action)).allowed]
        answers = [answer for answer in answers if answer.narrowing is not Narrowing.RESOURCE]
        if not answers:
            return
        named = listed(answer.action for answer in answers)
        yield self.finding(
            f"{whose(view, role)} can get credentials with {named} on every resource",
            role.arn,
            places(view, answers, "names no resource"),
            severity=weighed(self.severity, answers),
            path=path(view, role, answers[0].action, "credentials for every resource"),
            conditions=answers[0].conditions,
            fix=f'name in "Resource" for whom {role.name} asks',
            witness=answers[0].witness,
            others=running_too(view, role),
        )


@lru_cache(maxsize=1 << 14)
def _suspects(document: Document) -> tuple[str, ...]:
    """The actions that statements without a resource name otherwise than by a star for the whole service."""
    found = []
    for statement in document.statements:
        if statement.is_allow and statement.actions and any(broad(r) for r in statement.resources or ()):
            for pattern in statement.actions:
                if service_of_wildcard(pattern) is None and not pattern.startswith("*"):
                    head = pattern.lower().rstrip("*")
                    found += [a for a in RETURNS_CREDENTIALS if _fits(pattern.lower(), head, a.lower())]
    return tuple(found)


def _fits(pattern: str, head: str, action: str) -> bool:
    return action == pattern or (pattern.endswith("*") and action.startswith(head))
