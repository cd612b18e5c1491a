"""Where Whisper models lie, which are here, and the errors for those that are not."""

import shutil
import sys
from pathlib import Path

import pytest

from pipeline.contracts import EngineRequest
from pipeline.errors import EngineError
from pipeline.models.installed import find_model, get_model, list_models
from pipeline.models.kinds import WHISPER
from pipeline.models.packaged import PACKAGE, find_folder
from pipeline.models.packages import describe_engines
from pipeline.recognizers.catalog import choose_recognizer, load_recognizer
from pipeline.recognizers.options import TranscribeOptions
from tests.models.site_packages import shadow


@pytest.fixture
def no_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without cached models and without a network."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    shadow(tmp_path / "site")


def test_a_folder_with_a_model_is_found(tiny_whisper: Path) -> None:
    assert find_model(str(tiny_whisper)) == tiny_whisper


@pytest.mark.parametrize("name", [some[0] for some in WHISPER.needed])
def test_a_folder_without_a_needed_file_is_no_model(
    tiny_whisper: Path, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_whisper, folder)
    (folder / name).unlink()
    with pytest.raises(EngineError, match=f"is no Whisper model: {name} missing; convert it"):
        find_model(str(folder))


def test_a_folder_that_is_not_there_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no such folder"):
        find_model(str(tmp_path / "nowhere"))


@pytest.mark.usefixtures("no_models")
def test_a_name_nobody_knows_is_no_model() -> None:
    assert find_model("gigantic") is None
    with pytest.raises(
        EngineError, match="model gigantic: is not known; see `cuecast models list`"
    ):
        get_model("gigantic")


@pytest.mark.usefixtures("no_models")
def test_without_a_network_a_model_cannot_be_had_and_that_is_one_line() -> None:
    with pytest.raises(EngineError, match="tiny: can't be downloaded: offline; unset") as caught:
        get_model("tiny")
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("no_models")
def test_known_models_are_listed_and_none_is_here() -> None:
    models = {model.name: model for model in list_models() if model.kind == "Whisper"}
    assert {"tiny", "small", "large-v3"} <= set(models)
    assert not any(model.is_here for model in models.values())


@pytest.mark.usefixtures("no_models")
def test_what_comes_with_the_packages_is_listed_as_here() -> None:
    embedded = [model for model in list_models() if model.is_here]
    kinds = [("en-us", "PocketSphinx"), *([("base-en", "Moonshine")] if find_folder() else ())]
    assert [(model.name, model.kind) for model in embedded] == kinds
    assert all(model.size_bytes > 10_000_000 for model in embedded)


# --- the choice for `auto` ---------------------------------------------------------------------


def test_auto_takes_a_model_that_is_here(tiny_whisper: Path) -> None:
    options = TranscribeOptions(model=str(tiny_whisper))
    assert choose_recognizer(options, has_text=True) == "faster_whisper"


@pytest.mark.usefixtures("no_models")
def test_without_a_model_auto_takes_the_embedded_engine_and_says_how_to_get_the_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level("INFO"):
        assert choose_recognizer(TranscribeOptions(), has_text=True) == "pocketsphinx"
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert "`cuecast models get small`" in caplog.text


@pytest.mark.usefixtures("no_models")
@pytest.mark.skipif(find_folder() is None, reason="no wheel of the model for this machine")
def test_without_a_model_and_a_text_moonshine_is_chosen_and_its_error_rate_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level("INFO"):
        assert choose_recognizer(TranscribeOptions(), has_text=False) == "moonshine"
    (spoken,) = caplog.messages
    assert spoken.startswith(
        "moonshine listens, and gets a word in fifteen of people's speech wrong; "
    )
    assert "`cuecast models get small`" in spoken


@pytest.mark.usefixtures("no_models")
def test_where_moonshine_is_not_installed_pocketsphinx_is_chosen_with_a_warning(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, PACKAGE, None)
    with pytest.raises(EngineError, match="moonshine: its model is not installed; pip install"):
        load_recognizer("moonshine", EngineRequest(model="hidden"))
    assert choose_recognizer(TranscribeOptions(), has_text=False) == "pocketsphinx"
    assert "gets a fifth of the words of clear speech wrong" in caplog.text


@pytest.mark.parametrize("engine", ["faster_whisper", "moonshine", "pocketsphinx", "scripted"])
def test_the_engine_asked_for_is_taken(engine: str) -> None:
    options = TranscribeOptions(engine=engine)  # type: ignore[arg-type]
    assert choose_recognizer(options, has_text=True) == engine


def test_doctor_lists_what_is_installed() -> None:
    status = {engine.name: engine for engine in describe_engines()}
    assert status["pocketsphinx"].is_available
    assert status["moonshine-cpp"].is_available == bool(find_folder())
    assert status["GPU"].is_available or status["GPU"].remedy
