"""The same semantics as permcheck.policy, for every caller against every function at once, as sets."""

from permcheck.access.subject import Subject
from permcheck.access.universe import Item, Universe
from permcheck.access.world import Access, World

__all__ = ["Access", "Item", "Subject", "Universe", "World"]
