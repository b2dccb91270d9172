"""Sources that functions could be fed from: what is worked out for all at once is what each one by itself gives."""

import json
from collections.abc import Iterator

import pytest

from permcheck import registry
from permcheck.access import Item
from permcheck.access.context import item_keys
from permcheck.graph.feeds import Feed, Feeds, Pairs
from permcheck.graph.scene import Scene
from permcheck.model.verdict import Verdict
from permcheck.rules._examples import ACCOUNT, REGION, account, allow, role_arn, worker
from permcheck.sources import files


def scenes() -> Iterator[Scene]:
    """The accounts in the examples of rules that name a queue, a stream or a table."""
    for rule in registry.rules():
        for example in (*rule.bad, *rule.good):
            texts = {name: json.dumps(value) for name, value in example.files.items()}
            if any(word in text for text in texts.values() for word in ("sqs:", "kinesis:", "dynamodb:")):
                yield Scene(files.load_texts(texts))


def test_known_sources() -> None:
    found = 0
    for scene in scenes():
        feeds, roles = Feeds(scene), [subject for r in scene.facts.roles if (subject := scene.subject(r.arn))]
        one_by_one: dict[str, Feed] = {}
        for role in roles:
            one_by_one |= {f.written: f for f in feeds.of(role, role) if not f.made_up}
        assert not roles or feeds.known(roles) == one_by_one
        found += len(one_by_one)
    assert found > 20


def test_pairs_are_what_both_may() -> None:
    """A source is left out for a caller and a role only where the reference denies one of them what it takes."""
    found = 0
    for scene in scenes():
        roles = [subject for r in scene.facts.roles if (subject := scene.subject(r.arn))]
        feeds = Feeds(scene)
        pairs, known = Pairs(scene, feeds, roles), feeds.known(roles) if roles else {}
        for caller in scene.world.subjects:
            writes = {f.written for f in known.values() if _may(scene, caller.arn, f.write, f.written)}
            assert bool(writes) is bool(pairs.written_by(caller))
            for role in roles:
                both = {f.written for f in known.values() if f.written in writes and _reads(scene, role.arn, f)}
                assert {f.written for f in pairs.of(caller, role)} == both
                found += len(both)
    assert found


@pytest.mark.parametrize("queues", [("job?", "jobx"), ("jobx", "job?")])
def test_a_name_beside_a_pattern_that_is_filled_in_alike(queues: tuple[str, str]) -> None:
    """A queue that a policy names is no made-up one, whatever else the policy allows before."""
    arns = [f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}" for name in queues]
    captured = account(worker("runs", *(allow("sqs:*", arn) for arn in arns)), functions={"orders": "runs"})
    scene = Scene(files.load_texts({name: json.dumps(value) for name, value in captured.items()}))
    feeds, role = Feeds(scene), scene.world.by_arn[role_arn("runs")]
    named = f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobx"
    assert [(feed.written, feed.made_up) for feed in feeds.of(role, role)] == [(named, False)]
    assert list(feeds.known([role])) == [named]


def _reads(scene: Scene, role: str, feed: Feed) -> bool:
    return _may(scene, role, feed.reads[0], feed.source)


def _may(scene: Scene, arn: str, action: str, resource: str) -> bool:
    subject = scene.world.by_arn[arn]
    item = Item(resource, action, known=item_keys(resource)[0])
    return scene.world.decide(subject, action, item).verdict in (Verdict.ALLOWED, Verdict.CONDITIONAL)
