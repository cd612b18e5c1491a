"""Texts in whatever encoding are read, with a note of what they were taken for."""

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.formats import read_document
from pipeline.captions.srt import format_srt
from pipeline.records import Cue
from pipeline.text_file import read_exact_text, read_text_file

SENTENCES = {
    "windows-1252": (
        *("Ça va très bien, merci.", "Où êtes-vous né ?", "L’été à la plage, déjà…"),
        *("Über die Brücke, bitte schön.", "Señor, mañana vendrá.", "Não há ninguém aqui."),
        *("Det er på tide å gå.", "Perché è così? Più bella!", "“Well,” she said – “no.”"),
    ),
    "windows-1250": ("Dzień dobry, co słychać?", "Děkuji, těší mě.", "Köszönöm szépen, őszintén."),
    "windows-1251": ("Спасибо, до свидания.", "Сегодня хорошая погода.", "Дякую, все добре."),
    "windows-1253": ("Καλημέρα, πώς είστε;", "Ευχαριστώ πολύ."),
    "windows-1254": ("İyi günler dilerim, teşekkürler.", "Günaydın, nasılsınız?"),
    "windows-1255": ("שלום, מה שלומך היום?", "תודה רבה לכולם."),
    "windows-1256": ("مرحبا كيف حالك اليوم", "شكرا جزيلا لكم"),
    "windows-1257": ("Ačiū labai, gražus oras šiandien.",),
    "iso-8859-1": ("Grüße aus München.", "C'est déjà l'été.", "Åh, så fint väder idag."),
    "shift_jis": ("こんにちは、元気ですか。", "今日はとても良い天気ですね。"),
    "gb18030": ("你好，今天天气很好。", "我们去公园吧，谢谢大家。"),
}


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, str]:
    encoding = draw(st.sampled_from(sorted(SENTENCES)))
    sentences = st.lists(st.sampled_from(SENTENCES[encoding]), min_size=1, max_size=9)
    return "\n".join(draw(sentences)), encoding


@pytest.mark.parametrize("encoding", sorted(SENTENCES))
def test_a_transcript_or_caption_file_is_read_as_it_was_meant(
    tmp_path_factory: pytest.TempPathFactory, encoding: str
) -> None:
    text = "\n".join(SENTENCES[encoding])
    folder = tmp_path_factory.mktemp("text")
    (folder / "a.txt").write_bytes(text.encode(encoding))
    assert read_text_file(folder / "a.txt") == text
    lines = text.split("\n")
    cues = [Cue(n * 1000, n * 1000 + 900, (line,)) for n, line in enumerate(lines)]
    content = format_srt(cues).replace("\u202b", "").replace("\u202c", "")
    (folder / "a.srt").write_bytes(content.encode(encoding))
    assert [cue.text for cue in read_document(folder / "a.srt").cues] == lines


@given(texts(), st.sampled_from(["utf-16", "utf-32", "utf-16-be", "utf-32-le"]))
def test_a_byte_order_mark_says_what_a_text_is(
    tmp_path_factory: pytest.TempPathFactory, written: tuple[str, str], encoding: str
) -> None:
    marks = {"utf-16-be": codecs.BOM_UTF16_BE, "utf-32-le": codecs.BOM_UTF32_LE}
    path = tmp_path_factory.mktemp("text") / "a.txt"
    path.write_bytes(marks.get(encoding, b"") + written[0].encode(encoding))
    assert read_text_file(path) == written[0]


def test_what_it_was_taken_for_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Привет, как дела?".encode("windows-1251"))
    assert read_exact_text(path) == ("Привет, как дела?", "Windows-1251")
    assert caplog.messages == ["a.txt: not UTF-8; read as Windows-1251"]
    path.write_text("Привет", "utf-8")
    assert read_exact_text(path) == ("Привет", "UTF-8")
    assert len(caplog.messages) == 1


def test_webvtt_in_another_encoding_is_a_break(tmp_path: Path) -> None:
    path = tmp_path / "a.vtt"
    text = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nÇa va très bien.\n"
    for encoding, n_breaks in (("utf-8", 0), ("utf-16", 1), ("windows-1252", 1)):
        path.write_bytes(text.encode(encoding))
        found = [problem.rule for problem in read_document(path).problems]
        assert found == ["vtt-encoding"] * n_breaks


@pytest.mark.parametrize(
    ("byte", "shown"), [(b"\x92", "’"), (b"\xe9", "é"), (b"\xe2\x80", "\ufffd")]
)
def test_a_byte_of_another_encoding_leaves_the_rest_utf_8(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, byte: bytes, shown: str
) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes("Ça va très bien.\n".encode() + b"L" + byte + " été, déjà\n".encode())
    assert read_text_file(path) == f"Ça va très bien.\nL{shown} été, déjà\n"
    assert caplog.messages == [
        "a.srt: line 2: not UTF-8, as the rest is; read as Windows-1252 (such places: 1)"
    ]


@given(st.data())
def test_any_text_with_a_wrong_byte_keeps_every_other_letter(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    lines = [line for encoding in SENTENCES for line in SENTENCES[encoding] if not line.isascii()]
    chosen = data.draw(st.lists(st.sampled_from(lines), min_size=2, max_size=9))
    content = "\n".join(chosen).encode()
    at = content.index(b"\n")
    path = tmp_path_factory.mktemp("text") / "a.txt"
    path.write_bytes(content[:at] + b"\xff" + content[at:])
    assert read_text_file(path) == "\n".join(chosen).replace("\n", "ÿ\n", 1)


@given(texts())
def test_a_text_in_another_encoding_is_not_taken_for_utf_8(
    tmp_path_factory: pytest.TempPathFactory, written: tuple[str, str]
) -> None:
    path = tmp_path_factory.mktemp("text") / "a.txt"
    path.write_bytes(written[0].encode(written[1]))
    assert not read_exact_text(path)[1].startswith("UTF-8 ")
