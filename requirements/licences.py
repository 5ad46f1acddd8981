"""Prints the licences of what the locks name, as the packages installed state them, as a table.

`make licences` writes them to requirements/licences.md.
"""

import sys
from importlib.metadata import metadata
from pathlib import Path

FOLDER = Path(__file__).parent
LOCKS = ("run.txt", "web.txt")
"""What an installation of tongbao brings along, and one of tongbao[web]."""
SHORT = 60


def pins(lock: Path) -> dict[str, str]:
    """The releases that a lock names."""
    lines = [line.split()[0] for line in lock.read_text("utf-8").splitlines() if line[:1].isalnum()]
    return dict(line.split("==") for line in lines)


def licence(name: str) -> str:
    """What a package states: an SPDX expression, else a field of its own, else a classifier."""
    about = metadata(name)
    stated = about.get("License-Expression") or about.get("License") or ""
    if stated and len(stated) <= SHORT and "\n" not in stated:
        return str(stated)
    classified = [one for one in about.get_all("Classifier", []) if one.startswith("License ::")]
    if not classified:
        sys.exit(f"{name} states no licence: look at its source, and choose another package")
    return " AND ".join(one.rpartition("::")[2].strip() for one in classified)


def table() -> str:
    """A line for each release."""
    lines = ["# Licences of what is installed along with tongbao", "",
             "Written by `make licences` from what the packages state.", "",
             "| package | version | licence | lock |", "|---|---|---|---|"]  # fmt: skip
    told: set[str] = set()
    for lock in LOCKS:
        for name, version in pins(FOLDER / lock).items():
            if name not in told:
                told.add(name)
                lines.append(f"| {name} | {version} | {licence(name)} | {lock} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
