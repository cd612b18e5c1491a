"""What the sections of a job say to engines."""

from pipeline.contracts import EngineRequest
from pipeline.recognizers.options import TranscribeOptions


def test_hotwords_are_words_without_punctuation_each_once() -> None:
    options = TranscribeOptions(hotwords=("(Elon) Musk,", '"Musk"', "C++ [Kardashev]"))
    assert options.hotword_tokens == ("Elon", "Musk", "C++", "Kardashev")


def test_a_recognizer_is_loaded_as_the_section_says_but_for_a_model_of_its_own() -> None:
    options = TranscribeOptions(model="small", device="cpu", compute_type="int8", batch_size=3)
    asked = EngineRequest("small", "cpu", "int8", cpus=2, batch_size=3)
    assert options.request(2) == asked
    assert options.request(2, "large-v3").model == "large-v3"
