"""WAV files are read as they were written, without loading them."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import MediaError
from pipeline.media.wav import read_samples
from tests.wav_file import write_samples


def test_samples_come_back_as_written(tmp_path: Path) -> None:
    samples = np.array([0, 1, -1, 32767, -32768], np.int16)
    write_samples(tmp_path / "a.wav", samples, 16_000)
    read = read_samples(tmp_path / "a.wav")
    assert isinstance(read, np.memmap)
    assert read.tolist() == samples.tolist()


def test_no_samples_are_an_empty_array(tmp_path: Path) -> None:
    write_samples(tmp_path / "a.wav", np.zeros(0, np.int16), 16_000)
    assert len(read_samples(tmp_path / "a.wav")) == 0


def test_a_file_cut_off_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    write_samples(path, np.ones(100, np.int16), 16_000)
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(MediaError, match="cut off, 50 bytes short"):
        read_samples(path)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"not a wave file at all, but long enough"])
def test_what_is_no_wav_file_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(MediaError, match="not 16-bit mono WAV"):
        read_samples(path)
