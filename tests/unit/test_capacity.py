from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.capacity import Costs, main, need_of

PAGE = Path(__file__).parents[2] / "docs" / "capacity.md"


def test_needs_follow_from_unit_costs() -> None:
    costs = Costs(
        encoded_s=100, stored_bytes=2000, index_bytes=500, answer_core_s=0.3, scanned_s=1e7
    )
    need = need_of(8_640_000, 10, costs)
    assert need.encoding_core_days == pytest.approx(1)
    assert need.stored_gb == pytest.approx(17.28)
    assert need.index_gb == pytest.approx(4.32)
    assert need.scan_s == pytest.approx(0.864)
    assert need.answering_cores == 5


def test_the_page_shows_what_the_script_prints() -> None:
    assert CliRunner().invoke(main).stdout in PAGE.read_text("utf-8")
