"""Scans a server of the bundled stories with wapiti, and fails at anything medium or above.

`make scan`, or `python -m deploy.scan --wapiti FILE --to build/scan.json --minutes 10`.
"""

import argparse
import json
import logging
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.loopback import DATELINE, worker

logger = logging.getLogger(__name__)

# Those left out: ssrf, xxe, log4shell and spring4shell wait for a call on a server on the internet;
# csrf wants tokens, where Dateline refuses what other sites send by Sec-Fetch-Site and Origin; ldap
# takes any two questions that have different answers for an injection, and Dateline speaks no LDAP;
# the others are for logins, TLS, WordPress and lists of known paths.
MODULES = (
    "backup,cookieflags,crlf,csp,exec,file,htaccess,http_headers,methods,permanentxss,"
    "redirect,shellshock,sql,timesql,upload,xss"
)
MEDIUM = 2
"""Wapiti counts from 0, informational, to 4, critical."""


@contextmanager
def served(port: int) -> Iterator[str]:
    """Serve the bundled stories on loopback, as `dateline serve` does, and give the address."""
    with TemporaryDirectory() as data:
        subprocess.run([*DATELINE, "add", "--bundled", "--data", data], check=True)
        with worker(port, {"DATELINE_DATA": data}):
            yield f"http://127.0.0.1:{port}"


def scan(wapiti: Path, address: str, report: Path, minutes: float) -> None:
    """Have *wapiti* look at every page that it finds from *address*, and write *report*."""
    modules = len(MODULES.split(","))
    seconds = minutes * 60
    report.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as session:
        command = [
            *(str(wapiti), "--url", f"{address}/", "--start", f"{address}/?q=Who+spoke%3F"),
            *("--scope", "folder", "--module", MODULES, "--depth", "4"),
            *("--max-scan-time", str(seconds / 5), "--max-attack-time", str(seconds / modules)),
            *("--max-links-per-page", "20", "--store-session", session),
            *("--flush-session", "--no-bugreport", "--color", "--verbose", "1"),
            *("--format", "json", "--output", str(report)),
        ]
        subprocess.run(command, check=True, timeout=seconds * 2 + 300)


def findings(report: Path) -> list[tuple[int, str]]:
    """Return the level of each finding, highest first, and what it says."""
    told = json.loads(report.read_text("utf-8"))
    found = [
        (int(finding["level"]), f"{kind}: {finding['info']} ({finding['path']})")
        for kinds in (told["vulnerabilities"], told["anomalies"])
        for kind, given in kinds.items()
        for finding in given
    ]
    return sorted(found, reverse=True)


def main() -> int:
    """Scan, tell what was found, and say by the exit code whether that is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wapiti", type=Path, required=True)
    parser.add_argument("--to", type=Path, default=Path("build/scan.json"))
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--port", type=int, default=8765)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with served(given.port) as address:
        scan(given.wapiti, address, given.to, given.minutes)
    found = findings(given.to)
    for level, told in found:
        logger.info("level %d: %s", level, told)
    logger.info("%d findings, %d medium or above", len(found), sum(n >= MEDIUM for n, _ in found))
    return 1 if any(level >= MEDIUM for level, _ in found) else 0


if __name__ == "__main__":
    raise SystemExit(main())
