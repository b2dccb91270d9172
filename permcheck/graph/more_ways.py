"""Edges that belong into an answer, though nothing can be found in them: for paths that somebody asks for.

Of an API that is not in view nothing is known but that a function's policy lets it call. And everybody who calls an API
makes it call the function that it asks as its authorizer.
"""

from collections.abc import Iterator
from functools import partial

from permcheck.graph.entries import Entry
from permcheck.graph.nodes import Grounds, Node
from permcheck.graph.openings import authorizers
from permcheck.graph.places import because, conditions
from permcheck.graph.scene import Scene
from permcheck.graph.unseen_apis import unseen_apis
from permcheck.model.verdict import Verdict

ANYONE = Node("anyone", "")


def more_ways(scene: Scene) -> Iterator[Entry]:
    """Anyone through an API to each such function."""
    for function in scene.facts.functions:
        target = Node("function", function.arn)
        for row in unseen_apis(scene, function):
            api = Node("api", row.caller)
            yield Entry(ANYONE, "requests", row.verdict, api)
            yield Entry(api, "invokes", row.verdict, target, partial(Grounds, row.because, row.conditions))
        for opening in authorizers(scene, function):
            call, passing = opening.call, opening.passing
            if opening.verdict is not Verdict.DENIED:
                api = Node("api", call.source)
                let = partial(Grounds, (call.place, *because(passing.because)), conditions(passing))
                asks = partial(Grounds, call.because, conditions(call.decision), call.witness)
                yield Entry(ANYONE, "requests", passing.verdict, api, let)
                yield Entry(api, "asks as its authorizer", call.verdict, target, asks)
