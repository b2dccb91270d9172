"""Resources as templates and plans declare them → drafts, the same for every tool that declares them.

A source that reads declarations (CloudFormation, Terraform) says of every resource what it is, and nothing else: it
makes a ``Declared`` of each and calls ``write``. What a type means is written down here once, so that the same scenario
gives the same facts whatever tool declares it. A source does this:

1. Where things will be: ``Where(account, region, partition, stack)``. Account and Region come from options, or are the
   placeholders ``ACCOUNT`` and ``REGION``, which the source states as an assumption.

2. Types and properties in CloudFormation's words. A ``Value`` is a scalar, a tuple or a mapping of Values; each carries
   the source and the pointer at which a person finds what it says. ``value_of(json, source, pointer)`` makes one of
   plain JSON. A block that a tool writes otherwise is renamed on the way, and its Values keep the places they had::

       Declared("AWS::Lambda::Function", "aws_lambda_function.api", properties, names, where, source, pointer)

3. Names before AWS makes them: ``names(type, logical, properties, where)`` gives what a reference to the resource
   means, its name or id and its ARN. Resolve every reference with it, so that the same reference is the same text.

4. What nobody knows before deploy is said, not left out: ``unknown(NAME)`` is a text that stands for the value, alone
   or inside another text, in any place, also for a list or an object. Two of one name are the same value. A policy that
   holds one possibly applies to whatever it may be and surely to nothing but itself (``widening.py``); a name
   holding one shows as ``<NAME>``; what is unknown in other places is noted in ``not_read``, with what follows.

5. What is not a type of CloudFormation: ``permcheck::IAM::Attachment`` with ``PolicyArn``, ``Roles``, ``Users``,
   ``Groups`` attaches a managed policy. A tool that adds something at deploy by itself (Terraform adds both grants of a
   URL without authorization) declares that too: as ``AWS::Lambda::Permission``.

6. ``Environment`` of functions is dropped as the text is read. ``HOLDS_KEY`` (``files.reader``) with ``true`` in the
   properties says that one of the variables was an access key of AWS.

7. ``write(declared, gathered)`` with all resources of one world at once: of all stacks or modules that are deployed
   together. Then ``files.builder.build(gathered, inputs)`` makes the facts. Types without a writer are passed over;
   those in ``TYPES`` are understood.
"""

from permcheck.sources.declared.names import ACCOUNT, REGION, Names, Where, names
from permcheck.sources.declared.room import Declared
from permcheck.sources.declared.value import Value, shown, unknown, value_of
from permcheck.sources.declared.writing import TYPES, write

__all__ = [
    "ACCOUNT",
    "REGION",
    "TYPES",
    "Declared",
    "Names",
    "Value",
    "Where",
    "names",
    "shown",
    "unknown",
    "value_of",
    "write",
]
