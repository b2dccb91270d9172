"""Writes permcheck/data/aws_managed_policies.json.gz from what the installed moto package ships.

    pip install moto && python tools/make_managed_policies.py [--date 2026-11-21] [--out FILE]

moto (Apache-2.0) carries each AWS managed policy as IAM returns it: its path, default version and document. Only the
ARN, the version and the document are kept. The same moto and the same date give the same bytes: the gzip header carries
no time and no file name, and the policies are sorted by ARN.
"""

from __future__ import annotations

import argparse
import datetime
import gzip
import io
import json
from importlib import metadata
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "permcheck" / "data" / "aws_managed_policies.json.gz"


def policies() -> dict[str, dict[str, object]]:
    """Return moto's table: policy name → Path, DefaultVersionId, Document, CreateDate, UpdateDate."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    table: dict[str, dict[str, object]] = json.loads(aws_managed_policies_data)
    return table


def packed(table: dict[str, dict[str, object]], made: str, moto: str) -> bytes:
    """Return the file's bytes. One policy a line: the loader finds a line by its ARN and parses nothing else."""
    newest = max(str(row.get("UpdateDate") or row["CreateDate"]) for row in table.values())
    lines = sorted(
        f'"arn:aws:iam::aws:policy{row["Path"]}{name}":'
        + json.dumps({"version": row["DefaultVersionId"], "document": row["Document"]}, separators=(",", ":"))
        for name, row in table.items()
    )
    head = {
        "made": made,
        "source": f"moto {moto}, moto/iam/aws_managed_policies.py",
        "newest_policy": newest[:10],
        "count": len(lines),
    }
    text = json.dumps(head, indent=0)[:-2] + ',\n"policies":{\n' + ",\n".join(lines) + "\n}}\n"
    json.loads(text)
    content = io.BytesIO()
    # GzipFile, not gzip.compress: its header is the same under every Python and on every system.
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=content, mtime=0) as stream:
        stream.write(text.encode("ascii"))
    return content.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", default=datetime.datetime.now(datetime.UTC).date().isoformat())
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    content = packed(policies(), arguments.date, metadata.version("moto"))
    arguments.out.write_bytes(content)
    print(f"{arguments.out}: {len(content)} bytes")


if __name__ == "__main__":
    main()
