"""permcheck's own rules, one rule a file; installed as ``permcheck.rules``.

A rule imports only ``permcheck.rule`` and ``permcheck.model``, and nothing imports a rule by name: the registry walks
these packages, so a new file here is a new rule and no list has to be kept. The folder a rule stands in is its family,
and the family gives the first digit of its id.
"""
