"""The sheet of frames in the documentation can be made again."""

from pathlib import Path

import av

from samples.contact_sheet import ROW_WIDTH_PX, ROWS, make_sheet


def test_a_frame_of_a_clip_is_set_in_a_sheet(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.jpg"
    make_sheet([[ROWS[2][2], ROWS[0][0]]], sheet)
    with av.open(str(sheet)) as container:
        picture = next(container.decode(video=0))
    assert picture.width == ROW_WIDTH_PX
    assert picture.to_ndarray(format="gray").std() > 30
