"""What a model's file says of its size, and heads that it can't have."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.contracts import EngineRequest
from pipeline.errors import EngineError
from pipeline.recognizers.whisper.geometry import check_alignment_heads, read_geometry
from pipeline.recognizers.whisper.recognizer import load


def test_the_geometry_is_the_models(tiny_whisper: Path) -> None:
    geometry = read_geometry(tiny_whisper)
    assert geometry
    config = json.loads((tiny_whisper / "config.json").read_text())
    assert all(layer < geometry.n_layers for layer, _ in config["alignment_heads"])
    size = (tiny_whisper / "model.bin").stat().st_size
    assert 0.3 * size < geometry.n_weights < size
    assert geometry.width % geometry.n_heads == 0


@pytest.mark.parametrize("contents", [b"", b"\0" * 64, b"\x06\0\0\0\x05\0Other", b"\xff" * 99])
def test_a_file_that_is_no_model_has_no_geometry(tmp_path: Path, contents: bytes) -> None:
    (tmp_path / "model.bin").write_bytes(contents)
    assert read_geometry(tmp_path) is None


@pytest.mark.parametrize("heads", [[[99, 0]], [[0, 99]], [[0, 0], [-1, 0]], [[10**9, 0]]])
def test_heads_that_are_not_there_are_one_line(
    tiny_whisper: Path, tmp_path: Path, heads: list[list[int]]
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_whisper, folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "alignment_heads": heads}))
    with pytest.raises(EngineError, match=r"alignment_heads names \[.*mend config.json") as caught:
        load(EngineRequest(model=str(folder), device="cpu"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["{", "[]", '{"alignment_heads": 3}', "{}"])
def test_a_config_that_can_not_be_read_is_left_to_the_library(
    tiny_whisper: Path, tmp_path: Path, text: str
) -> None:
    geometry = read_geometry(tiny_whisper)
    assert geometry
    (tmp_path / "config.json").write_text(text)
    check_alignment_heads(tmp_path, geometry)
