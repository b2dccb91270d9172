"""Which Resource pattern names which ARN: (pattern, requested ARN, whether it is named)."""

from __future__ import annotations

from .asking import REGION, A, B

F = f"arn:aws:lambda:{REGION}:{A}:function:F"
FOO = F + "oo"
S3 = "arn:aws:s3:::DOC-EXAMPLE-BUCKET/"
Named = tuple[str, str, bool]

# Lambda Developer Guide, "Resources and conditions for Lambda actions": function name and qualifier are both compared.
QUALIFIERS: tuple[Named, ...] = (
    (F, F, True),
    (F, F + ":1", False),
    (F, F + ":prod", False),
    (F, F + ":$LATEST", False),
    (F, FOO, False),
    (F + ":1", F, False),
    (F + ":1", F + ":1", True),
    (F + ":1", F + ":2", False),
    (F + ":1", F + ":prod", False),
    (F + ":1", FOO, False),
    (F + ":*", F, False),
    (F + ":*", F + ":1", True),
    (F + ":*", F + ":prod", True),
    (F + ":*", F + ":$LATEST", True),
    (F + ":*", FOO, False),
    (F + ":*", FOO + ":1", False),
    (F + "*", F, True),
    (F + "*", F + ":1", True),
    (F + "*", F + ":prod", True),
    (F + "*", FOO, True),
    (F + "*", FOO + ":1", True),
)
# IAM User Guide, "IAM JSON policy elements: Resource": stars inside a path, and what they leave out.
PATHS: tuple[Named, ...] = (
    (S3 + "*/test/*", S3 + "1/test/object.jpg", True),
    (S3 + "*/test/*", S3 + "1/2/test/object.jpg", True),
    (S3 + "*/test/*", S3 + "1/2/test/3/object.jpg", True),
    (S3 + "*/test/*", S3 + "1/2/3/test/4/object.jpg", True),
    (S3 + "*/test/*", S3 + "1///test///object.jpg", True),
    (S3 + "*/test/*", S3 + "1/test/.jpg", True),
    (S3 + "*/test/*", S3 + "/test/object.jpg", True),
    (S3 + "*/test/*", S3 + "1/test/", True),
    (S3 + "*/test/*", S3 + "1-test/object.jpg", False),
    (S3 + "*/test/*", S3 + "test/object.jpg", False),
    (S3 + "*/test/*", S3 + "1/2/test.jpg", False),
    (S3[:-1] + "/*", S3[:-1], False),
    (S3[:-1] + "*", S3 + "a/b", True),
    (S3[:-1], S3[:-1], True),
)
SEGMENTS: tuple[Named, ...] = (
    ("*", F, True),
    ("**", F, True),
    ("*", "*", True),
    (F, "*", False),
    ("arn:aws:lambda:*:*:*", F, True),
    ("arn:*:*:*:*:*", F, True),
    ("a*:aws:lambda:*:*:*", F, True),
    (F.replace(REGION, "us-*"), F, True),
    (F.replace(REGION, "us-east-?"), F, True),
    (F.replace(REGION, "eu-*"), F, False),
    (F.replace(A, "*"), F, True),
    (F.replace(A, "??????????1?"), F, True),
    (F.replace(A, B), F, False),
    (F.replace("aws", "aws-cn"), F, False),
    (F.replace("aws", "aws*"), F.replace("aws", "aws-us-gov"), True),
    (F.replace("aws", "aws-cn"), F.replace("aws", "aws-cn"), True),
    (F.replace(A, ""), F, False),
    (F.replace("lambda", "lamb??"), F, True),
    (F[:-1] + "f", F, False),
    (F.replace("function:", "Function:"), F, False),
    (F.replace("lambda", "Lambda"), F, True),
    (F.replace("arn:aws", "ARN:AWS"), F, True),
    (F.replace(REGION, "US-EAST-1"), F, True),
    (F[:-1] + "?", F, True),
    (F[:-1] + "??", F, False),
    (F + "?*", F, False),
    (F.replace("function:F", "function/F"), F, False),
    ("", F, False),
    ("F", F, False),
    # A star stands for no colon between the first five.
    (f"arn:aws:*:{A}:function:F", F, False),
    ("arn:aws:lambda:*:function:F", F, False),
    (f"arn:aws:lambda:{REGION}:*:F", F, False),
    (f"*:{A}:function:F", F, False),
    ("*function:F", F, False),
    ("arn:aws:lambda:*:*:function:*:prod", F + ":prod", True),
    ("arn:aws:lambda:*:*:*:prod", F + ":prod", True),
    ("arn:aws:lambda:*:*:function:*", F + ":prod", True),
)
# Fewer than six segments. AWS documents none of it; evaluators that were tried against AWS agree on this much.
# (pattern, named in an identity, session or boundary policy; in a resource policy; in an SCP; in an RCP)
SHORT: tuple[tuple[str, bool, bool, bool, bool], ...] = (
    ("arn:aws:lambda:*", True, True, True, False),
    ("arn:aws:lambda", True, False, False, False),
    ("arn:aws:lambda:us-*", True, True, True, False),
    ("arn:aws:lambda:*:" + A, True, True, False, False),
    ("arn:*", True, True, True, False),
    ("arn:aws:s3:*", False, False, False, False),
    ("arn:aws:l*:us-east-1", True, True, False, False),
)
