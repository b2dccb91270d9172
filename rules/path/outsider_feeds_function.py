"""PC327: somebody outside sets off a strong function by writing to its event source."""

from collections.abc import Iterator

from permcheck.model import Finding
from permcheck.rule import End, Example, Journey, Rule, View
from permcheck.rules._examples import ACCOUNT, OTHER, account, allow, table_arn, worker
from permcheck.rules.invoke._pool_examples import app, guest
from permcheck.rules.path._captures import BUCKET, bucket
from permcheck.rules.path._reaching import best, doubt, handed, open_to_anyone, strong, tell, who_of

POOLS = ("guest", "signed_in")
OUTSIDE = ("anyone", "aws", "account", "org")
RESIZE = {"resize": "resize-role"}
STRONG = worker("resize-role", allow("secretsmanager:GetSecretValue"))
PUT = allow("s3:PutObject", f"{BUCKET}/*")
# What the single steps are reported as.
PARTS = {"ignore": ["PC151", "PC152", "PC167", "PC205", "PC17*"]}


def _by(principal: object) -> dict[str, object]:
    return {"Effect": "Allow", "Principal": principal, "Action": "s3:PutObject", "Resource": f"{BUCKET}/*"}


class OutsiderFeedsFunction(Rule):
    """Somebody outside sets off a function that reaches all data of a kind.

    What
        Guests or users of an identity pool, the internet, any AWS account, or another account may write to a bucket,
        queue, topic, stream or bus, and what is written there sets off a function whose role is administrator, can give
        itself more rights, or has all data of a kind.

    Why it matters
        Nobody outside is named in the function's policy, and the role of those who write names no function. Code behind
        an event source tends to trust names, records and messages, because they come from AWS.

    How to fix
        Give the function a role that reaches what it works on and nothing else. Let outsiders write to a place that
        sets nothing off, or name them in the policy of the source.

    When it is fine
        For other accounts that are meant to write: name them under trusted_accounts in permcheck.toml, and the finding
        is listed as explained.

    References
        Lambda Developer Guide, "Invoking Lambda with events from other AWS services"
        Amazon S3 User Guide, "Amazon S3 Event Notifications"
    """

    id = "PC327"
    name = "outsider-feeds-function"
    severity = "critical"
    confidence = "high"
    since = "0.1"

    bad = (
        Example(
            app(guest(PUT), STRONG, guests=True, functions=RESIZE) | bucket("resize"),
            "guests upload to a bucket that calls a function",
            PARTS,
        ),
        Example(
            account(STRONG, functions=RESIZE) | bucket("resize", [_by("*")]), "a bucket that everybody writes to", PARTS
        ),
    )
    good = (
        Example(
            app(
                guest(PUT),
                worker("resize-role", allow("dynamodb:PutItem", table_arn("Files"))),
                guests=True,
                functions=RESIZE,
            )
            | bucket("resize"),
            "the function writes one table",
            PARTS,
        ),
        Example(
            account(STRONG, functions=RESIZE) | bucket("resize", [_by({"AWS": ACCOUNT})]), "only our own write", PARTS
        ),
        Example(
            account(STRONG, functions=RESIZE) | bucket("resize", [_by({"AWS": OTHER})]),
            "another account is meant to write",
            {**PARTS, "trusted_accounts": [OTHER]},
        ),
    )

    def check_path(self, view: View, journey: Journey) -> Iterator[Finding]:
        """Report the strong functions that outsiders set off, the strongest for the people of a pool."""
        if journey.kind not in (*POOLS, *OUTSIDE):
            return
        found = [e for e in journey.ends if _through_source(e) and strong(e, journey)]
        if journey.kind in POOLS:
            strongest = best(found)
            yield from (self._report(view, journey, e) for e in (strongest,) if e is not None)
        else:
            told = open_to_anyone(view, "event_source") if journey.kind == "aws" else frozenset[str]()
            yield from (self._report(view, journey, e) for e in found if e.door.name not in told)

    def _report(self, view: View, journey: Journey, end: End) -> Finding:
        source = next(n.name for n in end.trail.nodes if n.kind == "event_source").rpartition(":")[2]
        function = next(n for n in end.trail.nodes if n.kind == "function")
        return tell(
            self,
            view,
            journey,
            end,
            who_of(view, journey),
            function.name,
            f"give {function.name.rpartition(':')[2]} a role that reaches what it works on alone, and let outsiders "
            f"write to a place other than {source}",
            confidence=doubt(journey),
            explained=_trusted(view, journey),
            more=list(handed(view, journey, end.door.name)),
        )


def _through_source(end: End) -> bool:
    """Whether the way leads through an event source into a function."""
    return end.how == "event_source" and {"event_source", "function"} <= {node.kind for node in end.trail.nodes}


def _trusted(view: View, journey: Journey) -> str | None:
    """Why configuration expects these people to write."""
    name = journey.start.name
    if journey.kind == "account" and view.trusted_account(name):
        return f"{name} is among the trusted_accounts"
    if journey.kind == "org" and view.trusted_org(name):
        return f"{name} is among the trusted_orgs"
    return None
