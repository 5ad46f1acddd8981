"""Writes what completes `tongbao` in a shell, from the commands as they are declared."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PROGRAM = "tongbao"
_MADE = f"# Completes the commands of {_PROGRAM}. Made by `make completions` from its commands."


@dataclass(frozen=True)
class Word:
    """What can stand next: an option or a command, and what it does in a line."""

    text: str
    about: str
    command: bool = False


@dataclass(frozen=True)
class Level:
    """A command by the words that lead to it, and what can follow."""

    path: str
    words: tuple[Word, ...]


def levels(command: click.Command, path: str = "") -> Iterator[Level]:
    """The command and all below it."""
    below = command.commands if isinstance(command, click.Group) else {}
    words = [Word(name, one.get_short_help_str(70), command=True) for name, one in below.items()]
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            words += [Word(name, _plain(option.help)) for name in option.opts if name[:2] == "--"]
    yield Level(path, tuple(words))
    for name, one in below.items():
        yield from levels(one, f"{path} {name}")


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


def _known(found: list[Level]) -> str:
    return " | ".join(f"'{one.path}'" for one in found if one.path)


def bash(command: click.Command) -> str:
    """For bash."""
    found = list(levels(command))
    cases = "\n".join(
        f"    '{one.path}') words='{' '.join(word.text for word in one.words)}' ;;" for one in found
    )
    return f"""{_MADE}
_{_PROGRAM}() {{
  local at='' word words=''
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "$at $word" in
    {_known(found)}) at="$at $word" ;;
    esac
  done
  case "$at" in
{cases}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}")
}}
complete -o default -F _{_PROGRAM} {_PROGRAM}
"""


def zsh(command: click.Command) -> str:
    """For zsh."""
    found = list(levels(command))

    def quoted(word: Word) -> str:
        text = f"{word.text}:{word.about}".replace("'", "'\\''")
        return f"'{text}'"

    cases = "\n".join(
        f"  ('{one.path}') options=({' '.join(map(quoted, one.words))}) ;;" for one in found
    )
    return f"""#compdef {_PROGRAM}
{_MADE}
local at='' word
local -a options
for word in ${{words[2,CURRENT-1]}}; do
  case "$at $word" in
  ({_known(found)}) at="$at $word" ;;
  esac
done
case "$at" in
{cases}
esac
_describe '{_PROGRAM}' options
_files
"""


def fish(command: click.Command) -> str:
    """For fish."""
    lines = [_MADE]
    for level in levels(command):
        below = [word.text for word in level.words if word.command]
        seen = [f"__fish_seen_subcommand_from {name}" for name in level.path.split()]
        if below:
            seen.append(f"not __fish_seen_subcommand_from {' '.join(below)}")
        when = "; and ".join(seen)
        for word in level.words:
            about = word.about.replace("\\", "\\\\").replace("'", "\\'")
            what = f"-a {word.text}" if word.command else f"-l {word.text[2:]}"
            lines.append(f"complete -c {_PROGRAM} -n '{when}' {what} -d '{about}'")
    return "\n".join(lines) + "\n"


FILES: dict[str, Callable[[click.Command], str]] = {
    f"{_PROGRAM}.bash": bash,
    f"_{_PROGRAM}": zsh,
    f"{_PROGRAM}.fish": fish,
}


def write(folder: Path) -> None:
    """Write the files of all shells."""
    from tui.cli import cli

    folder.mkdir(parents=True, exist_ok=True)
    for name, make in FILES.items():
        (folder / name).write_text(make(cli), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
