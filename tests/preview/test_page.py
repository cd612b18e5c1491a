"""The report page as bytes: what it says, and that nothing it shows can act."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

from pipeline.preview.page import FileLink, make_page
from pipeline.records import Clip, ClipCheck, ClipFile, WordCheck
from tests.preview.views import CONVERSATION, HOSTILE, make_view, say


class Reader(HTMLParser):
    """The elements of a page, and the text in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.texts.append((self._open[-1] if self._open else "", data))

    def text_of(self, tag: str) -> str:
        return "".join(text for name, text in self.texts if name == tag)


def read_payload(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="payload">(.*?)</script>', page)
    assert found
    payload: dict[str, object] = json.loads(found[1])
    return payload


def test_a_clip_shows_what_its_check_found() -> None:
    files = (ClipFile("a.mp4", "clean", "source"),)
    good = ClipCheck(1_000, -16.04, -1.5, (WordCheck(0, "hello", 100, 112),), 12, ())
    bad = replace(good, problems=("its picture lasts <9> ms",))
    clip = Clip("a", "A", 0, 1000, 0, 1, "by topic", files)
    page = make_page(replace(make_view(), clips=(replace(clip, check=good),)))
    assert "checked, words within 12 ms, −16.0 LUFS" in page
    page = make_page(replace(make_view(), clips=(replace(clip, check=bad),)))
    assert "its picture lasts &lt;9&gt; ms" in page
    assert "checked, words" not in page


def test_a_topic_shows_the_question_that_opens_it_and_its_parts() -> None:
    read = Reader(make_page(make_view()))
    links = [found for tag, found in read.tags if tag == "a" and "data-part" in found]
    assert [(link["href"], link["data-part"]) for link in links] == [
        ("#t=3.25", "3250"),
        ("#t=5", "5000"),
    ]
    assert read.text_of("summary") == "2 parts"
    assert read.text_of("bdi").count("Why do <i>empires</i> end?") == 2  # by the chapter, above it
    assert read.text_of("bdi").count("What <b>empires</b> are") == 2


def test_every_word_is_there_once_in_order() -> None:
    page = make_page(make_view())
    found = re.findall(r'<(?:span|s) class="w[ "][^>]*>(.*?)</(?:span|s)>', page)
    assert len(found) == len(CONVERSATION.words)
    shown = " ".join(Reader(f"<p>{word}</p>").text_of("p") for word in found)
    assert shown == " ".join(word.text for word in CONVERSATION.words)


def test_words_stand_apart_unless_no_space_was_written_between_them() -> None:
    timed = say((None, "我 用 GPT 模 型"))
    glued = (False, True, False, False, True)
    pairs = zip(timed.words, glued, strict=True)
    words = tuple(replace(word, is_glued=is_glued) for word, is_glued in pairs)
    page = make_page(replace(make_view(timed), timed=replace(timed, words=words)))
    (spoken,) = re.findall(r'<p class="said" dir="auto">(.*?)</p>', page)
    assert re.sub("<[^>]*>", "", spoken) == "我用 GPT 模型"


def test_equal_views_give_equal_pages() -> None:
    assert make_page(make_view()) == make_page(make_view())


def test_nothing_shown_becomes_an_element() -> None:
    plain, hostile = (
        Reader(
            make_page(
                replace(
                    make_view(say(("a", text)), title=text, reasons=(text,)),
                    profile=text,
                    captions_vtt=text,
                    files=(FileLink(text, text),),
                )
            )
        )
        for text in ("word", HOSTILE[0])
    )
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in plain.tags]
    assert hostile.text_of("title") == HOSTILE[0]


def test_the_payload_cannot_end_its_script() -> None:
    view = replace(make_view(), captions_vtt="</script>\n<!--<script> & > \u2028")
    page = make_page(view)
    assert read_payload(page)["captions"] == view.captions_vtt
    assert page.count("<script") == page.count("</script>") == 2


def test_the_policy_names_script_and_style_by_hash_and_allows_nothing_else() -> None:
    page = make_page(make_view())
    reader = Reader(page)
    policy = next(
        attrs["content"] or ""
        for tag, attrs in reader.tags
        if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    inner = {
        "script-src": re.findall(r"<script>(.*?)</script>", page, re.DOTALL),
        "style-src": re.findall(r"<style>(.*?)</style>", page, re.DOTALL),
    }
    for name, (content,) in inner.items():
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert rules[name] == f"'sha256-{digest}'"
    assert "unsafe" not in policy
    assert "http" not in policy


def test_every_address_lies_in_the_items_folder() -> None:
    for _, attrs in Reader(make_page(make_view())).tags:
        for name in ("src", "href", "poster"):
            address = attrs.get(name)
            assert address is None or address.startswith(("../", "#", "data:,"))


def test_file_names_are_quoted_in_addresses() -> None:
    page = make_page(make_view())
    assert 'src="../clips/01-the%20end%3F.mp4"' in page


def test_a_clip_plays_the_file_with_captions_burned_in() -> None:
    files = tuple(
        ClipFile(path, kind, "source")
        for path, kind in (("a.mp4", "clean"), ("a.burned.mp4", "burned"), ("a.jpg", "poster"))
    )
    view = replace(make_view(), clips=(Clip("a", "A", 0, 1000, 0, 1, "by topic", files),))
    (video,) = (
        attrs
        for tag, attrs in Reader(make_page(view)).tags
        if tag == "video" and attrs.get("id") != "media"
    )
    assert (video["src"], video["poster"]) == ("../clips/a.burned.mp4", "../clips/a.jpg")
    assert "data-clip" not in video


def test_links_to_a_clips_files_say_their_frame_only_where_it_is_not_the_sources() -> None:
    files = tuple(
        ClipFile(f"{i}.mp4", "clean", frame) for i, frame in enumerate(("source", "9:16"))
    )
    view = replace(make_view(), clips=(Clip("a", "A", 0, 1000, 0, 1, "by topic", files),))
    page = make_page(view)
    assert '<a href="../clips/0.mp4">clean</a>' in page
    assert '<a href="../clips/1.mp4">clean 9:16</a>' in page


def test_a_review_is_announced_with_its_reasons() -> None:
    assert "To be reviewed" not in make_page(make_view())
    page = make_page(make_view(reasons=("3 words of the text were not heard",)))
    assert "To be reviewed" in page
    assert "3 words of the text were not heard" in page


def test_times_in_the_payload_are_those_of_the_words() -> None:
    payload = read_payload(make_page(make_view()))
    words = CONVERSATION.words
    assert payload["starts_ms"] == [word.start_ms for word in words]
    assert payload["percents"] == [round(100 * word.confidence) for word in words]


def test_an_unspoken_doubtful_word_stands_at_the_word_before_it() -> None:
    view = make_view(say(("a", "one two -three four")))
    page = make_page(view)
    entry = page[page.index('data-word="2"') :]
    assert entry[: entry.index("</button>")].count("0:01") == 1
    assert "<mark>three</mark>" in entry


def test_an_empty_text_is_a_page_too() -> None:
    page = make_page(make_view(say((None, ""))))
    assert "Transcript" in page
