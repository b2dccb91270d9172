"""PC008: a principal that names nobody, or somebody else than it seems to."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from permcheck.model import Finding, Policy, PolicyKind, Principals, Statement
from permcheck.rule import Example, Rule, View, traits
from permcheck.rule.principal_text import all_right, elsewhere, misspelt, wrong
from permcheck.rule.tables import whose, written_by_aws


def _trust(principal: object, config: Mapping[str, list[str]] = MappingProxyType({})) -> Example:
    statement = {"Sid": "In", "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return Example({"archive.trust.json": {"Version": "2012-10-17", "Statement": [statement]}}, config=config)


class PrincipalNotAsItSeems(Rule):
    """A principal that names nobody, or is not written as a principal.

    What
        Reports, in function and trust policies: an entry that names nobody (a star for a part of a name, a group, a
        service under AWS, an account without its twelve digits, an identity provider in a function's policy), a
        service that seems to be misspelt, such as lamda.amazonaws.com, a text other than "*" that stands without AWS or
        Service before it, a Deny in a trust policy with NotPrincipal, and a statement that has no Principal at all.

    Why it matters
        A statement about nobody grants nothing and stops nothing. AWS refuses to save most of these, so a policy that
        holds one is not, or not yet, what is in force. A text on its own is read as {"AWS": text}: permcheck takes it
        so, AWS may not.

    How to fix
        Write {"AWS": "arn:aws:iam::ACCOUNT:role/NAME"} for a role, {"Service": "s3.amazonaws.com"} for a service. For
        many roles at once name the account, and narrow it with a condition on aws:PrincipalArn.

    When it is fine
        Never; but a service may be newer than the tables of permcheck.

    References
        IAM User Guide, "AWS JSON policy elements: Principal"
        IAM User Guide, "AWS JSON policy elements: NotPrincipal"
    """

    id = "PC008"
    name = "principal-not-as-it-seems"
    severity = "medium"
    concerns = (traits.ON_RESOURCE,)
    bad = (
        _trust("arn:aws:iam::111122223333:role/archive"),
        _trust({"AWS": "arn:aws:iam::111122223333:role/team-*"}),
        _trust({"AWS": ["111122223333", "ec2.amazonaws.com"]}),
        _trust({"Service": "lamda.amazonaws.com"}),
    )
    good = (
        _trust({"AWS": ["111122223333", "arn:aws:sts::111122223333:assumed-role/archive/nightly"]}),
        _trust(
            {"AWS": "AIDAEXAMPLE7GONE2LONG", "Service": ["ec2.amazonaws.com.cn", "edgelambda.amazonaws.com"]},
            {"ignore": ["PC115"]},
        ),
        _trust({"Service": ["macie.amazonaws.com", "new-service.amazonaws.com"]}),
    )

    def check_statement(self, view: View, policy: Policy, statement: Statement) -> Iterable[Finding]:
        if policy.kind is not PolicyKind.RESOURCE:
            return ()
        names = statement.principals if statement.principals is not None else statement.not_principals
        spares = policy.trust and statement.not_principals is not None and not statement.is_allow
        if (names is not None and all_right(names) and not spares) or written_by_aws(policy):
            return ()
        return self._report(view, policy, statement, names)

    def _report(self, view: View, policy: Policy, statement: Statement, names: Principals | None) -> Iterator[Finding]:
        element = "/Principal" if statement.principals is not None else "/NotPrincipal"
        if names is None:
            yield self.finding(
                f"the statement has no Principal, so it {_idle(statement)}",
                whose(policy),
                [view.place(policy, statement)],
                fix="Name who is meant with Principal.",
            )
            return
        idle = (*wrong(names), *elsewhere(policy, names))
        if idle:
            yield self.finding(
                f"{', '.join(entry for _, entry, _ in idle)} names nobody",
                whose(policy),
                [view.place(policy, statement, why, element + below) for below, _, why in idle],
                fix="Name an account, user, role or session under AWS, or a service under Service.",
            )
        elif meant := misspelt(names):
            yield self.finding(
                f"there is no service known as {', '.join(entry for _, entry, _ in meant)}",
                whose(policy),
                [view.place(policy, statement, f"perhaps {name} is meant", element + at) for at, _, name in meant],
                confidence="medium",
                fix=f"Write {', '.join(dict.fromkeys(name for _, _, name in meant))}.",
            )
        elif policy.trust and statement.not_principals is not None and not statement.is_allow:
            yield self.finding(
                "AWS takes no NotPrincipal in a trust policy",
                whose(policy),
                [view.place(policy, statement, "so this Deny is not, or not yet, in force", element)],
                severity="low",
                fix='Write "Principal": "*", and spare somebody by a condition on aws:PrincipalArn.',
            )
        elif names.bare:
            yield self.finding(
                f'{", ".join(names.bare)} stands without a word before it, and is read as {{"AWS": …}}',
                whose(policy),
                [view.place(policy, statement, "only * may stand on its own", element)],
                severity="low",
                fix=f'Write {{"AWS": "{names.bare[0]}"}}.',
            )


def _idle(statement: Statement) -> str:
    return "grants nothing" if statement.is_allow else "stops nothing"
