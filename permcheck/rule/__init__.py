"""All that a rule may know, besides the model: what a rule is, what it may ask, and what it reports."""

from permcheck.access import Subject as Session
from permcheck.graph.deputies import Deputy
from permcheck.graph.ends import End
from permcheck.graph.feeds import Feed
from permcheck.graph.gain import Gain, RoleGain
from permcheck.graph.held import Held
from permcheck.graph.journeys import Journey, Openness, severity
from permcheck.graph.logins import Login
from permcheck.graph.narrowing import Narrowing
from permcheck.graph.on_behalf import Scope, ServiceGrant
from permcheck.graph.opened import Door
from permcheck.graph.outsiders import Outsider
from permcheck.graph.strength import Strength
from permcheck.graph.trails import Trail
from permcheck.graph.trust import LetIn
from permcheck.policy.request import Reason
from permcheck.rule import traits
from permcheck.rule.answer import Answer, Targets
from permcheck.rule.around import Around, Lacking, RouteIn, Stopped, WrittenBy
from permcheck.rule.base import Example, Rule
from permcheck.rule.pools import Pools, Written
from permcheck.rule.view import View
from permcheck.rule.ways import Ways

__all__ = [
    "Answer",
    "Around",
    "Deputy",
    "Door",
    "End",
    "Example",
    "Feed",
    "Gain",
    "Held",
    "Journey",
    "Lacking",
    "LetIn",
    "Login",
    "Narrowing",
    "Openness",
    "Outsider",
    "Pools",
    "Reason",
    "RoleGain",
    "RouteIn",
    "Rule",
    "Scope",
    "ServiceGrant",
    "Session",
    "Stopped",
    "Strength",
    "Targets",
    "Trail",
    "View",
    "Ways",
    "Written",
    "WrittenBy",
    "severity",
    "traits",
]
