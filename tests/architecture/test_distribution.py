"""What the wheel holds, and what the folders and the locks must not."""

import re
import runpy
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = ("engine", "rulesets", "tui")
LOCKS = sorted(path.name for path in (ROOT / "requirements").glob("*.txt"))
# What asks for no more than that its notice is kept.
PERMISSIVE = {
    "0BSD", "Apache 2", "Apache 2.0", "Apache-2.0", "BSD License", "BSD-2-Clause", "BSD-3-Clause",
    "CC0-1.0", "MIT", "MIT License", "PSF-2.0", "Zlib",
}  # fmt: skip
# Anything else in the three folders is a new kind of data: name it here.
KINDS = {".c", ".css", ".h", ".html", ".js", ".json", ".py", ".tcss", ".typed", ".yaml"}


def shipped() -> set[str]:
    """The files of the three folders, as the tree has them."""
    return {
        path.relative_to(ROOT).as_posix()
        for name in NAMES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_three_folders_and_nothing_else(tmp_path: Path) -> None:
    build = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir"]
    subprocess.run([sys.executable, "-m", "pip", *build, tmp_path, ROOT], check=True)
    (wheel,) = tmp_path.glob("tongbao-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name for name in names if ".dist-info/" not in name} == shipped()
    about = {name.partition(".dist-info/")[2] for name in names} - {""}
    assert about == {"METADATA", "RECORD", "WHEEL", "entry_points.txt"}


def test_the_source_archive_holds_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    build = ["build", "--target", "sdist", "--directory", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "hatchling", *build], cwd=ROOT, check=True,
                   capture_output=True)  # fmt: skip
    (archive,) = tmp_path.glob("tongbao-*.tar.gz")
    with tarfile.open(archive) as opened:
        held = {name.partition("/")[2] for name in opened.getnames()}
    folders = {name.split("/")[0] for name in held if "/" in name}
    assert folders == {*NAMES, "tests", "completions"}
    alone = {name for name in held if "/" not in name}
    assert alone == {".gitignore", "PKG-INFO", "README.md", "SECURITY.md", "pyproject.toml"}
    assert {name for name in held if name.split("/")[0] in NAMES} == shipped()
    # Texts, pictures and what the tests compare with: no cache, nothing compiled.
    assert not {Path(name).suffix for name in held} & {".pyc", ".so", ".o", ".whl", ".part", ".log"}


def test_only_known_kinds_of_files_are_shipped() -> None:
    assert {name for name in shipped() if Path(name).suffix not in KINDS} == set()


def test_rulesets_hold_no_code() -> None:
    assert not list((ROOT / "rulesets").rglob("*.py"))


@pytest.mark.parametrize("name", ["engine", "tui"])
def test_the_roots_hold_a_docstring_only(name: str) -> None:
    source = (ROOT / name / "__init__.py").read_text("utf-8").strip()
    assert source.startswith('"""')
    assert source.endswith('"""')
    assert source.count('"""') == 2
    assert (ROOT / name / "py.typed").exists()


@pytest.mark.parametrize("name", NAMES)
def test_no_other_distribution_claims_our_names(name: str) -> None:
    assert set(packages_distributions().get(name, ["tongbao"])) == {"tongbao"}


@pytest.mark.parametrize("name", LOCKS)
def test_locks_name_no_address_and_hash_every_release(name: str) -> None:
    lock = (ROOT / "requirements" / name).read_text("utf-8")
    assert "://" not in lock
    assert not [line for line in lock.splitlines() if line.startswith("-")]
    for release in lock.replace("\\\n", "").splitlines():
        if not release.lstrip().startswith("#"):
            assert "==" in release
            assert " --hash=sha256:" in release


def test_locks_agree_with_each_other() -> None:
    pins: dict[str, str] = {}
    for name in LOCKS:
        for line in (ROOT / "requirements" / name).read_text("utf-8").splitlines():
            distribution, equals, version = line.partition("==")
            if equals and not line.startswith(" "):
                # What follows says on which Python it is wanted.
                version = version.split()[0]
                assert pins.setdefault(distribution, version) == version


def test_everything_declared_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = {
        "run.txt": project["project"]["dependencies"],
        "dev.txt": project["project"]["dependencies"] + project["dependency-groups"]["dev"],
        "audit.txt": project["dependency-groups"]["audit"],
        "bench.txt": project["dependency-groups"]["bench"],
        "fuzz.txt": project["dependency-groups"]["fuzz"],
        "mutants.txt": project["dependency-groups"]["mutants"],
        "spark.txt": project["project"]["optional-dependencies"]["parquet"]
        + project["project"]["optional-dependencies"]["spark"],
        "web.txt": project["project"]["optional-dependencies"]["web"],
    }
    for lock, requirements in declared.items():
        lines = (ROOT / "requirements" / lock).read_text("utf-8").splitlines()
        locked = {line.partition("==")[0] for line in lines if not line.startswith(" ")}
        for requirement in requirements:
            name = requirement.partition("[")[0]
            for sign in "<>=":
                name = name.partition(sign)[0]
            assert name.strip() in locked


def test_the_licences_of_all_that_is_installed_are_listed_and_permissive() -> None:
    script, folder = runpy.run_path(str(ROOT / "requirements/licences.py")), ROOT / "requirements"
    rows = [_cells(line) for line in (folder / "licences.md").read_text("utf-8").splitlines()]
    listed = {row[0]: row[1:] for row in rows if row[-1] in script["LOCKS"]}
    run, web = (script["pins"](folder / lock) for lock in script["LOCKS"])
    assert {name: version for name, (version, *_) in listed.items()} == web | run
    for name in run:
        assert listed[name][1:] == [script["licence"](name), "run.txt"]
    stated = {part for row in listed.values() for part in re.split(r" AND | OR |[()]", row[1])}
    assert stated - {""} <= PERMISSIVE


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
