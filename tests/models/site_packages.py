"""Folders of packages that stand before the installed ones: what pip leaves, made by hand."""

from pathlib import Path

from pipeline.models.model_packages import MODELS


def install(site: Path, name: str, version: str, files: dict[str, bytes]) -> None:
    """A distribution as pip leaves it, whose code fails when it is imported."""
    module = name.replace("-", "_")
    notes = site / f"{module}-{version}.dist-info"
    notes.mkdir(parents=True)
    (notes / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (site / module / "data").mkdir(parents=True)
    (site / module / "__init__.py").write_text("raise SystemExit('this code is never run')\n")
    for path, content in files.items():
        (site / module / "data" / path).write_bytes(content)


def shadow(site: Path) -> None:
    """Other versions of all packages with models, so that none that is installed is read."""
    for name in {name for row in MODELS for name, _ in row.versions}:
        install(site, name, "9.9", {})
