"""Every aligner has a calibration that can be read and does what a calibration must."""

import pytest

from pipeline.aligners.table import ALIGNERS
from pipeline.stages.align import load_calibration


@pytest.mark.parametrize("name", ALIGNERS)
def test_better_evidence_never_makes_a_word_less_likely(name: str) -> None:
    calibration = load_calibration(name)
    assert calibration.fitted_on
    assert 0 < calibration.unspoken_below < 1
    poor = calibration.weigh({"likelihood": -8.0, "agreement": 0.0})
    good = calibration.weigh({"likelihood": 0.0, "agreement": 1.0})
    assert poor < good


def test_a_second_recognisers_no_counts_more_where_it_is_seldom_wrong() -> None:
    rescoring = load_calibration("pocketsphinx").rescoring
    assert rescoring is not None
    drops = [
        rescoring.rescore(4.0, 0.0, trust) - rescoring.rescore(4.0, -12.0, trust)
        for trust in (0.0, 1.0, 3.0)
    ]
    assert 0 < drops[0] < drops[1] < drops[2]
