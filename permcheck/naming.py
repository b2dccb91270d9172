"""What a source is called, however its path was written."""

import os


def plain(source: str) -> str:
    """A source as it is called from the current folder, however its path was written; an ARN and ``-`` stay."""
    if source in ("", "-") or source.startswith("arn:"):
        return source
    path = os.path.normpath(source)
    if os.path.isabs(path):
        below = os.path.relpath(path)
        path = path if below.startswith(os.pardir) else below
    return path.replace(os.sep, "/")
