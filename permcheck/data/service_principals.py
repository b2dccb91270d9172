"""AWS services that call a Lambda function in their own name, and how far a grant to each can be narrowed.

For such a caller Lambda looks at the function's policy alone (AWS Lambda Developer Guide,
``permissions-granting-access``), and a grant that names no source lets anyone point their own bucket, topic or rule at
the function. Whether that can be prevented, and by which key, differs from service to service. Services that assume a
role first (Step Functions, EventBridge Scheduler, …) are not here: they need no entry in the function's policy.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Literal

from permcheck.data import actions
from permcheck.data.table import read
from permcheck.frozen import dataclass

_TABLE = "service_principals.json"
_PLACEHOLDER = re.compile(r"\$\{[^}]*\}")
_REGION = r"[a-z]{2,4}(?:-[a-z]+)+-\d+"
# A service may be named with its Region (always so where a Region must be opted in to and the call crosses Regions: IAM
# User Guide, reference_policies_elements_principal), and in China with the suffix .com.cn.
_FORM = re.compile(rf"(?P<stem>[a-z0-9.-]+?)(?:\.{_REGION})?\.(?P<domain>amazonaws|amazon)\.com(?:\.cn)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ServicePrincipal:
    """A service that calls functions.

    ``source_arns`` are templates of what it sends as ``aws:SourceArn``, none where it is not known to send any;
    ``source_arn_has_account`` says whether those name the account, without which ``aws:SourceAccount`` is needed too.
    ``source_account`` is True where AWS shows that key in use, None where nothing is said. ``event_source_token`` says
    that ``lambda:EventSourceToken`` takes the source's place. ``without_source`` is the severity of a grant that names
    no source; ``exempt`` where none can be named. ``forms`` are the spellings seen in AWS's own texts. ``known_from``
    is ``documented``, or ``public templates`` where no AWS page shows the principal or the ARN; ``reference`` is the
    page by guide and last path part.
    """

    principal: str
    name: str
    source_arns: tuple[str, ...]
    source_arn_has_account: bool | None
    source_account: bool | None
    event_source_token: bool
    without_source: Literal["high", "medium", "low", "exempt"]
    forms: tuple[str, ...]
    known_from: str
    reference: str
    note: str

    @property
    def source_patterns(self) -> tuple[str, ...]:
        """The templates as ARN patterns: every placeholder is ``*``."""
        return tuple(_PLACEHOLDER.sub("*", arn) for arn in self.source_arns)


def _row(row: dict[str, Any]) -> ServicePrincipal:
    return ServicePrincipal(**(row | {"source_arns": tuple(row["source_arns"]), "forms": tuple(row["forms"])}))


@cache
def _rows() -> dict[str, ServicePrincipal]:
    return {row["principal"]: _row(row) for row in read(_TABLE)["services"]}


def known() -> tuple[ServicePrincipal, ...]:
    """Return every service in the table, in its order."""
    return tuple(_rows().values())


def find(principal: str) -> ServicePrincipal | None:
    """Return the service behind a service principal, or None for one that is not in the table.

    The regional and the Chinese forms find the same row: ``logs.eu-west-1.amazonaws.com`` and
    ``s3.amazonaws.com.cn`` are CloudWatch Logs and S3.
    """
    row = _rows().get(principal)
    if row is None and (form := _FORM.fullmatch(principal)) is not None:
        row = _rows().get(f"{form['stem']}.{form['domain']}.com")
    return row


def meant(principal: str) -> str | None:
    """Return the service that was perhaps meant by a principal that belongs to none: ``lamda.amazonaws.com``.

    None for a service that AWS has, as far as can be told: one of the table, one that takes roles to call functions,
    or one of which a part is the prefix of some service's actions (``ops.apigateway``). What resembles no service here
    may be one that is newer than the tables, and gives None too.
    """
    lower = principal.lower()
    form = _FORM.fullmatch(lower)
    if form is None or find(lower) is not None or (form["stem"] in _TAKE_ROLES and form["domain"] == "amazonaws"):
        return None
    from difflib import get_close_matches  # here, because hardly any policy names a service that is not in the table

    by_stem = {name.partition(".amazon")[0]: name for name in (*_rows(), *(f"{s}.amazonaws.com" for s in _TAKE_ROLES))}
    close = get_close_matches(form["stem"], (s for s in by_stem if len(s) > _SHORT), n=1, cutoff=_CLOSE)
    if not close or (close[0] != form["stem"] and any(actions.is_service(part) for part in form["stem"].split("."))):
        return None
    return by_stem[close[0]]


# Services that call functions, or are called by them, with a role (IAM User Guide,
# reference_aws-services-that-work-with-iam).
_TAKE_ROLES = frozenset(
    "lambda edgelambda states scheduler pipes firehose codebuild codedeploy codepipeline cloudformation batch ec2 "
    "ecs-tasks glue sagemaker".split()
)
_SHORT = 3  # names like sns and ses are too close to one another
_CLOSE = 0.83  # difflib's ratio: one letter in five or six is missing, one too many, or two have changed places


def made() -> str:
    """Return the day the table was made, as an ISO date."""
    return str(read(_TABLE)["made"])
