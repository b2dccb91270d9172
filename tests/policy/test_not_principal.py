"""NotPrincipal (IAM User Guide, "AWS JSON policy elements: NotPrincipal")."""

from __future__ import annotations

from typing import Any

import pytest

from .asking import ROLE, SESSION, USER, A, B, allow, deny, document, verdict

ROOT = f"arn:aws:iam::{A}:root"
BOUNDARY = document(allow())
STRANGER = f"arn:aws:iam::{B}:user/mallory"


def _denied(caller: str, names: object, **fields: Any) -> bool:
    """Whether Deny with this NotPrincipal reaches the caller, whom an identity policy and the function let in."""
    policy = document(allow(Principal="*"), deny(NotPrincipal=names))
    return verdict(caller, identity=allow(), resource_policy=policy, **fields) == "denied"


@pytest.mark.parametrize(
    ("caller", "names", "denied"),
    [
        (USER, {"AWS": [ROOT, USER]}, False),
        (USER, {"AWS": [A, USER]}, False),
        # The account is checked first, so leaving it out denies those who are listed.
        (USER, {"AWS": USER}, True),
        (USER, {"AWS": ROOT}, True),
        (USER, {"AWS": [B, USER]}, True),
        (SESSION, {"AWS": [ROOT, ROLE, SESSION]}, False),
        # The account and the role are what the page asks to list; a role is only ever used through its sessions.
        (SESSION, {"AWS": [ROOT, ROLE]}, False),
        (SESSION, {"AWS": [A, ROLE]}, False),
        # The page's example of a role lists one session and means that session alone.
        (SESSION, {"AWS": [ROOT, ROLE, f"{SESSION}-2"]}, True),
        (SESSION, {"AWS": [ROOT, ROLE, SESSION, f"{SESSION}-2"]}, False),
        (SESSION, {"AWS": [ROOT, SESSION]}, True),
        (SESSION, {"AWS": [ROLE, SESSION]}, True),
        # A role whose session is not told is spared as soon as it is listed.
        (ROLE, {"AWS": [ROOT, ROLE]}, False),
        (ROLE, {"AWS": ROLE}, True),
        (A, {"AWS": ROOT}, False),
        (A, {"AWS": B}, True),
        (USER, "*", False),
        (USER, {"AWS": "*"}, False),
        (USER, {"Service": "s3.amazonaws.com"}, True),
        ("s3.amazonaws.com", {"Service": "s3.amazonaws.com"}, False),
        ("s3.amazonaws.com", {"AWS": ROOT}, True),
        ("*", {"AWS": [ROOT, USER]}, True),
        (STRANGER, {"AWS": [B, STRANGER]}, False),
        (STRANGER, {"AWS": [A, USER]}, True),
    ],
)
def test_deny(caller: str, names: object, denied: bool) -> None:
    assert _denied(caller, names) is denied


@pytest.mark.parametrize("names", [{"AWS": [ROOT, USER]}, {"AWS": "*"}, "*"])
def test_deny_spares_nobody_who_has_a_boundary(names: object) -> None:
    assert not _denied(USER, names)
    assert _denied(USER, names, permissions_boundary=BOUNDARY)


@pytest.mark.parametrize(
    ("caller", "names", "let_in"),
    [
        (USER, {"AWS": ROLE}, True),
        (USER, {"AWS": USER}, False),
        (USER, {"AWS": A}, False),
        (USER, {"AWS": B}, True),
        (USER, "*", False),
        (SESSION, {"AWS": ROLE}, False),
        (SESSION, {"AWS": SESSION}, False),
        ("s3.amazonaws.com", {"AWS": A}, True),
        ("s3.amazonaws.com", {"Service": "s3.amazonaws.com"}, False),
        ("*", {"AWS": A}, True),
    ],
)
def test_allow_is_for_everyone_but_those_named(caller: str, names: object, let_in: bool) -> None:
    policy = document(allow(NotPrincipal=names))
    assert verdict(caller, resource_policy=policy) == ("allowed" if let_in else "denied")
