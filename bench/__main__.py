"""`python -m bench [biz|ledger|statements|sweep] --db pg|sqlite --json FILE`: measure, compare with goals."""

import argparse
import os
import sys
from pathlib import Path

SECTIONS = ("biz", "ledger", "statements", "sweep")


def main() -> int:
    """Measure in a database of its own; 1 when a goal isn't met."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="section", help="default: all")
    parser.add_argument("--db", choices=["pg", "sqlite"], default="pg")
    parser.add_argument("--json", type=Path, default=Path("var/bench/bench.json"))
    options = parser.parse_args()

    os.environ["BENCH_DB"] = options.db
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    import django

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    from bench import biz, ledger, statements, sweep
    from bench.measure import Report

    sections = {
        "biz": biz.run,
        "ledger": ledger.run,
        "statements": statements.run,
        "sweep": sweep.run,
    }
    report = Report()
    config = setup_databases(verbosity=0, interactive=False)
    try:
        for name in options.sections or SECTIONS:
            sections[name](report)
    finally:
        teardown_databases(config, verbosity=0)
    report.write(options.json)
    return report.status


if __name__ == "__main__":
    sys.exit(main())
