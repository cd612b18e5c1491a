"""WebVTT files and the cues they hold by the standard's parser: for ours, and for a browser's.

Source: W3C, WebVTT §6.1 (file parsing), §6.3 (timings and settings), §6.4 (cue text), §6.5 (text).
"""

ClipView = tuple[float, float, str]

ONE = "00:01.000 --> 00:02.000"
FIRST = (1.0, 2.0, "a")

CASES: dict[str, tuple[str, list[ClipView]]] = {
    "no cue": ("WEBVTT\n", []),
    "no line end at all": (f"WEBVTT\n\n{ONE}\na", [FIRST]),
    "a byte order mark": (f"\ufeffWEBVTT\n\n{ONE}\na\n", [FIRST]),
    "a title": (f"WEBVTT - what it is\n\n{ONE}\na\n", [FIRST]),
    "a tab after the signature": (f"WEBVTT\twhat it is\n\n{ONE}\na\n", [FIRST]),
    "header lines": (f"WEBVTT\nKind: captions\nLanguage: en\n\n{ONE}\na\n", [FIRST]),
    "a cue right behind the header": (f"WEBVTT\n{ONE}\na\n", [FIRST]),
    "lines that end as on Windows": (f"WEBVTT\r\n\r\n{ONE}\r\na\r\nb\r\n", [(1.0, 2.0, "a\nb")]),
    "lines that end as long ago": (f"WEBVTT\r\r{ONE}\ra\r", [FIRST]),
    "hours": ("WEBVTT\n\n01:00:00.001 --> 02:00:00.999\na\n", [(3600.001, 7200.999, "a")]),
    "hundreds of hours": ("WEBVTT\n\n100:00:00.000 --> 101:00:00.000\na\n", [(3.6e5, 363600, "a")]),
    "no space round the arrow": ("WEBVTT\n\n00:01.000-->00:02.000\na\n", [FIRST]),
    "tabs round the arrow": ("WEBVTT\n\n00:01.000\t-->\t00:02.000\na\n", [FIRST]),
    "a name": (f"WEBVTT\n\nsome name\n{ONE}\na\n", [FIRST]),
    "a number for a name": (f"WEBVTT\n\n1\n{ONE}\na\n", [FIRST]),
    "settings": (f"WEBVTT\n\n{ONE} line:0 align:start position:10% size:50%\na\n", [FIRST]),
    "settings that are none": (f"WEBVTT\n\n{ONE} foo line: :0 align:middle\na\n", [FIRST]),
    "a comment": (f"WEBVTT\n\nNOTE a\nb\n\n{ONE}\na\n\nNOTE\n", [FIRST]),
    "a word like a comment": (f"WEBVTT\n\nNOTEd\n{ONE}\na\n", [FIRST]),
    "a style": (f"WEBVTT\n\nSTYLE\n::cue {{ color: red }}\n\n{ONE}\na\n", [FIRST]),
    "a region": (f"WEBVTT\n\nREGION\nid:x\nwidth:40%\n\n{ONE} region:x\na\n", [FIRST]),
    "many blank lines": (f"WEBVTT\n\n\n\n{ONE}\na\n\n\n\n", [FIRST]),
    "lines": (f"WEBVTT\n\n{ONE}\na\nb\nc\n", [(1.0, 2.0, "a\nb\nc")]),
    "no blank line between cues": (
        f"WEBVTT\n\n{ONE}\na\n00:03.000 --> 00:04.000\nb\n",
        [FIRST, (3.0, 4.0, "b")],
    ),
    "cues at once and out of order": (
        f"WEBVTT\n\n00:01.500 --> 00:02.000\nb\n\n{ONE}\na\n",
        [FIRST, (1.5, 2.0, "b")],
    ),
    "tags": (f"WEBVTT\n\n{ONE}\n<i>a</i> <b>b</b> <u>c</u>\n", [(1.0, 2.0, "a b c")]),
    "tags within tags": (f"WEBVTT\n\n{ONE}\n<i><b>a</b></i>\n", [FIRST]),
    "a tag that is not closed": (f"WEBVTT\n\n{ONE}\n<i>a\n", [FIRST]),
    "a tag that was not opened": (f"WEBVTT\n\n{ONE}\na</i>\n", [FIRST]),
    "a tag that is none": (f"WEBVTT\n\n{ONE}\n<blink>a</blink>\n", [FIRST]),
    "classes": (f"WEBVTT\n\n{ONE}\n<c.red.big>a</c>\n", [FIRST]),
    "a language": (f"WEBVTT\n\n{ONE}\n<lang en-GB>a</lang>\n", [FIRST]),
    "a voice": (f"WEBVTT\n\n{ONE}\n<v Ann Lee>a\n", [FIRST]),
    "voices": (f"WEBVTT\n\n{ONE}\n<v Ann>a</v>\n<v.loud Bo>b</v>\n", [(1.0, 2.0, "a\nb")]),
    "times within": (f"WEBVTT\n\n{ONE}\na <00:01.500>b\n", [(1.0, 2.0, "a b")]),
    "references": (f"WEBVTT\n\n{ONE}\n&amp;&lt;&gt;\n", [(1.0, 2.0, "&<>")]),
    "a space that holds": (f"WEBVTT\n\n{ONE}\na&nbsp;b\n", [(1.0, 2.0, "a\u00a0b")]),
    "marks of direction": (f"WEBVTT\n\n{ONE}\na&lrm;&rlm;b\n", [(1.0, 2.0, "a\u200e\u200fb")]),
    "references by number": (f"WEBVTT\n\n{ONE}\n&#228;&#xe4;&auml;\n", [(1.0, 2.0, "äää")]),
    "no reference": (f"WEBVTT\n\n{ONE}\nQ&A &foo; &\n", [(1.0, 2.0, "Q&A &foo; &")]),
    "twice escaped": (f"WEBVTT\n\n{ONE}\n&amp;lt;i&amp;gt;\n", [(1.0, 2.0, "&lt;i&gt;")]),
    "a bare >": (f"WEBVTT\n\n{ONE}\na > b\n", [(1.0, 2.0, "a > b")]),
    "any script": (f"WEBVTT\n\n{ONE}\nשלום 日本語 é 😀\n", [(1.0, 2.0, "שלום 日本語 é 😀")]),
}
