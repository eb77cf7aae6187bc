"""The page of all settings, written from the code: `python -m qa.settings_page FILE [--check]`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from qa.settings import Settings

_OPENING = """\
# Settings

Written by `make docs` from `qa/settings.py`.

Each setting is an environment variable, or a key of `dateline.toml` in the folder that Dateline
is started from; the variable wins. Passwords and keys can be files instead: `DATELINE_SECRETS_DIR`
names a folder of files, each named as a variable and holding its value. A misspelt key or a value
out of range stops Dateline at the start, with a sentence that names it.
"""


def settings_page() -> str:
    """Return the page in Markdown."""
    return "\n".join([_OPENING, *_section(Settings, ()), ""]).rstrip() + "\n"


def variables(model: type[BaseModel] = Settings, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the name of every variable that is a setting, or a section of them as JSON."""
    for name, field in model.model_fields.items():
        yield _variable((*path, name))
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from variables(field.annotation, (*path, name))


def _section(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines on *model*'s own fields, then those on its nested models."""
    nested = {}
    for name, field in model.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            nested[name] = section
        else:
            yield from _entry((*path, name), field)
    for name, section in nested.items():
        yield f"\n## {name}\n\n{section.__doc__}\n"
        yield from _section(section, (*path, name))


def _entry(path: tuple[str, ...], field: FieldInfo) -> Iterator[str]:
    variable = _variable(path)
    default = "empty" if field.default is None else f"`{field.default}`"
    yield f"- **`{variable}`** (`{'.'.join(path)}` in TOML), default {default}{_range(field)}."
    yield f"  {field.description}"


def _variable(path: tuple[str, ...]) -> str:
    return "DATELINE_" + "__".join(part.upper() for part in path)


def _range(field: FieldInfo) -> str:
    choices = [choice for choice in get_args(field.annotation) if isinstance(choice, str)]
    if choices:
        return ", one of " + ", ".join(f"`{choice}`" for choice in choices)
    least = [bound.ge for bound in field.metadata if hasattr(bound, "ge")]
    most = [bound.le for bound in field.metadata if hasattr(bound, "le")]
    return "".join(
        [*(f", at least {bound}" for bound in least), *(f", at most {bound}" for bound in most)]
    )


def main(arguments: list[str]) -> None:
    """Write the page to the file in *arguments*; with --check, fail if it is not up to date."""
    [file] = [Path(argument) for argument in arguments if argument != "--check"]
    if "--check" not in arguments:
        file.write_text(settings_page(), "utf-8")
    elif file.read_text("utf-8") != settings_page():
        sys.exit(f"{file} is not what the code says; run `make docs`.")


if __name__ == "__main__":
    main(sys.argv[1:])
