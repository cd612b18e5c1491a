"""The kinds of model that a job can name, and the files of each.

Finding models is `installed.py`'s matter; loading them is the engines'.
"""

from collections.abc import Collection
from pathlib import Path

from pipeline.records import record


@record
class ModelKind:
    """One kind of model.

    Args:
        name: as lists show it.
        option: the job's option that names a model of this kind.
        needed: required files; each entry lists alternatives, of which the first found is used.
        optional: files that an engine reads if they exist.
        remedy: how to get a complete model.
    """

    name: str
    option: str
    needed: tuple[tuple[str, ...], ...]
    optional: tuple[str, ...]
    remedy: str

    def missing(self, names: Collection[str]) -> tuple[str, ...]:
        """The required files that are not among the names; of alternatives the first."""
        return tuple(some[0] for some in self.needed if not any(name in names for name in some))

    def choose(self, names: Collection[str]) -> tuple[str, ...]:
        """Those of the names that an engine reads, of alternatives one."""
        needed = (next(name for name in some if name in names) for some in self.needed)
        return (*needed, *(name for name in self.optional if name in names))


WHISPER = ModelKind(
    "Whisper",
    "transcribe.model",
    (("model.bin",), ("config.json",), ("tokenizer.json",), ("vocabulary.json", "vocabulary.txt")),
    ("preprocessor_config.json",),
    "convert it with ct2-transformers-converter --copy_files tokenizer.json",
)
WAV2VEC2 = ModelKind(
    "Wav2Vec2",
    "align.model",
    (("model.bin",), ("vocabulary.json",), ("vocab.json",), ("preprocessor_config.json",)),
    ("config.json", "tokenizer_config.json"),
    "convert one: ct2-transformers-converter --model NAME --output_dir FOLDER"
    " --copy_files vocab.json tokenizer_config.json preprocessor_config.json",
)
"""NAME: a checkpoint with `do_stable_layer_norm`, which all large models have."""
SENTENCES = ModelKind(
    "sentence encoder",
    "topics.embedder",
    (("tokenizer.json",), ("model.onnx", "onnx/model.onnx")),
    ("1_Pooling/config.json", "sentence_bert_config.json", "config.json"),
    "name one that holds tokenizer.json and model.onnx in topics.embedder, or"
    " `cuecast models get sentence-transformers/all-MiniLM-L6-v2`",
)

KINDS = (WHISPER, WAV2VEC2, SENTENCES)


def find_kind(names: Collection[str]) -> ModelKind | None:
    """The kind of model that has files of these names; None if no kind is complete."""
    return next((kind for kind in KINDS if not kind.missing(names)), None)


def list_files(folder: Path) -> set[str]:
    """The files of a folder that belong to some kind of model."""
    known = {name for kind in KINDS for some in (*kind.needed, kind.optional) for name in some}
    return {name for name in known if (folder / name).is_file()}
