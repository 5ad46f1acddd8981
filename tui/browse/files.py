"""The files a person may choose for a batch, and where its results may go."""

from __future__ import annotations

import os
from pathlib import Path

ENDINGS = (".json", ".jsonl", ".ndjson", ".csv", ".gz")
_MOST = 500
_LOOKED_AT = 5000
_OUT = ".results.jsonl"


def entries(text: str, *, endings: tuple[str, ...] = ENDINGS) -> list[str]:
    """The folders and files that a typed path may go on to, folders first; as they are typed."""
    head, _, start = text.rpartition("/")
    folder = typed(f"{head}/" if "/" in text else ".")
    lead = f"{head}/" if "/" in text else ""
    folders: list[str] = []
    files: list[str] = []
    wanted = start.casefold()
    try:
        with os.scandir(folder) as found:
            for _, entry in zip(range(_LOOKED_AT), found, strict=False):
                if entry.name.startswith(".") and not start.startswith("."):
                    continue
                if wanted not in entry.name.casefold():
                    continue
                if entry.is_dir():
                    folders.append(f"{lead}{entry.name}/")
                elif entry.name.casefold().endswith(endings):
                    files.append(lead + entry.name)
    except (OSError, ValueError):  # no path holds a NUL
        return []
    return [*sorted(folders), *sorted(files)][:_MOST]


def typed(text: str) -> Path:
    """The path a typed text names."""
    path = Path(text.strip())
    try:
        return path.expanduser()
    except RuntimeError:  # there is no such person
        return path


def proposed(source: Path) -> Path:
    """Where the results of a file of cases may go: beside it."""
    name = source.name
    for ending in (".gz", ".jsonl", ".ndjson", ".json", ".csv"):
        name = name.removesuffix(ending)
    return source.with_name(name + _OUT)
