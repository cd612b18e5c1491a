"""The list of reports, and the times that links hold."""

from pipeline.preview.listing import ListedItem, make_listing


def test_items_are_named_and_linked_as_text() -> None:
    item = ListedItem(
        "a",
        "<b>A & B",
        "a/report/index.html",
        "failed",
        "a: <no>",
        61_000,
        1,
        3,
        2,
        ("not <heard>",),
    )
    page = make_listing("demo <1>", (item,))
    assert '<a href="a/report/index.html"><bdi>&lt;b&gt;A &amp; B</bdi></a>' in page
    assert "not &lt;heard&gt;" in page
    assert "<title>demo &lt;1&gt;</title>" in page
    assert "a: &lt;no&gt;" in page
    for fact in ("failed", "1:01", "1 word<", "3 doubts", "2 clips"):
        assert fact in page


def test_an_item_without_a_report_has_no_link() -> None:
    page = make_listing("demo", (ListedItem("a", "A"),))
    assert "no report yet" in page
    assert "<a " not in page


def test_a_folder_without_items_says_how_to_get_some() -> None:
    assert "cuecast run" in make_listing("demo", ())
