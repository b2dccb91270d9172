"""A caller outside the view, by its name: as the function's policies name it, or as the form of the name tells."""

import re

from permcheck.access import Item
from permcheck.access.context import API_CALL
from permcheck.errors import PermcheckError
from permcheck.graph.candidates import Candidate, candidates, service_caller, stranger
from permcheck.graph.strangers import STRANGER
from permcheck.model.answer import JsonObject
from permcheck.policy.caller import Caller, CallerKind, parse_caller
from permcheck.policy.context import Context

_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")
_KINDS = {
    CallerKind.ROOT: "account",
    CallerKind.USER: "user",
    CallerKind.FEDERATED_USER: "user",
    CallerKind.ROLE: "role",
    CallerKind.SESSION: "role",
    CallerKind.SERVICE: "service",
    CallerKind.WEB_IDENTITY: "web_identity",
}
# What is known of whoever signs a request itself.
_SIGNED = {
    **API_CALL,
    "aws:sourcearn": (),
    "aws:sourceaccount": (),
    "aws:sourceorgid": (),
    "aws:sourceorgpaths": (),
    "aws:principalisawsservice": ("false",),
    "aws:principalservicename": (),
}


def callers_named(name: str, item: Item, action: str) -> list[Candidate]:
    """The callers of this name; empty for a text that is the name of none.

    Several where the item's policies mean different callers by it: ``*`` may stand for everybody and for services.
    """
    found = [c for c in candidates(item, action, services=True) if c.name == name]
    if any(c.kind == "aws" for c in found) or name != "*":
        return found or _by_form(name, item)
    return [stranger(), *found]


def _by_form(name: str, item: Item) -> list[Candidate]:
    if _ORGANIZATION.fullmatch(name):
        root = Caller(CallerKind.ROOT, f"arn:aws:iam::{STRANGER}:root", STRANGER)
        context = Context({**_SIGNED, "aws:principalorgid": (name,)}, complete=False)
        return [Candidate(name, "org", root, context, (_asks("aws:PrincipalOrgID", name),))]
    try:
        caller = parse_caller(name, open_session=True)
    except PermcheckError:
        return []
    if caller.kind is CallerKind.SERVICE:
        return [service_caller(name)]
    known: dict[str, tuple[str, ...]] = {**_SIGNED, "aws:principalaccount": (caller.account,)}
    if caller.kind in (CallerKind.USER, CallerKind.ROLE):
        known["aws:principalarn"] = (name,)
    needs: tuple[JsonObject, ...] = ()
    if caller.account not in ("", item.account):
        whole = caller.kind is CallerKind.ROOT
        needs = (_asks("aws:PrincipalAccount", caller.account) if whole else _asks("aws:PrincipalArn", name),)
    return [Candidate(name, _KINDS[caller.kind], caller, Context(known, complete=False), needs)]


def _asks(key: str, value: str) -> JsonObject:
    """What the caller's own side has to add; it stands in no policy of the view."""
    return {"operator": "StringEquals", "key": key, "values": [value], "source": None, "pointer": None}
