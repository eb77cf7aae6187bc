"""What is known of places: kept, replaced, forgotten, and never mistaken for the truth."""

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import StoreDamaged
from corpus.origins import Origin, Origins

PAGE = Origin(
    place="https://courier.example/a",
    followed="https://courier.example/feed",
    stamp="s",
    digest="d",
    etag='"e"',
    last_modified="Tue, 07 May 2024 10:00:00 GMT",
    story_ids=frozenset({"1", "2"}),
)


def test_a_place_is_known_after_a_restart(tmp_path: Path) -> None:
    origins = Origins(tmp_path / "origins.sqlite")
    origins.keep([PAGE])
    origins.close()

    origins = Origins(tmp_path / "origins.sqlite")
    assert origins.at(PAGE.place) == PAGE
    assert origins.followed(PAGE.followed) == [PAGE]
    assert origins.at("https://courier.example/b") is None
    origins.close()


def test_a_place_that_is_kept_again_is_as_it_was_last(tmp_path: Path) -> None:
    origins = Origins(tmp_path / "origins.sqlite")
    origins.keep([PAGE])
    bare = Origin(place=PAGE.place, followed="x", story_ids=frozenset({"2"}))
    origins.keep([bare])
    assert origins.at(PAGE.place) == bare
    origins.forget(PAGE.place)
    assert origins.at(PAGE.place) is None
    origins.keep([PAGE])
    origins.clear()
    assert origins.followed(PAGE.followed) == []
    origins.close()


def test_another_place_has_a_story_only_while_it_is_there(tmp_path: Path) -> None:
    origins = Origins(tmp_path / "origins.sqlite")
    origins.keep([PAGE])
    assert not origins.has_another("1", PAGE.place)
    assert origins.has_another("1", "elsewhere")
    origins.keep([replace(PAGE, missing=True)])
    assert not origins.has_another("1", "elsewhere")
    origins.close()


def test_a_file_that_is_damaged_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "origins.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(StoreDamaged, match="delete it"):
        Origins(tmp_path / "origins.sqlite")
