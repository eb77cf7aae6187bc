"""Readers in Hugging Face form: that they read as transformers does, and what is refused."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import huggingface_hub.constants
import numpy as np
import pytest
from tokenizers import processors

from corpus.passages import split_story
from embeddings.retriever import Hit
from qa.assemble import assemble, open_reader, open_store
from qa.confidence import BUNDLED as CONFIDENCE
from qa.errors import ReaderDamaged, ReaderNotFound, ReaderUnsuitable
from qa.reading.hf_reader import HfReader
from qa.reading.windows import context_of
from qa.settings import Settings, load_settings
from tests.fakes import mayor_story
from tests.tiny_models import save_bert, save_roberta, save_tokenizer, word_pieces

QUESTION = "Who was elected mayor of Springfield?"
WEIGHTS = "model.safetensors"


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny-bert"
    save_bert(folder)
    return folder


@pytest.fixture
def folder(bert: Path, tmp_path: Path) -> Path:
    """A copy of the tiny BERT that a test may spoil."""
    return Path(shutil.copytree(bert, tmp_path / "reader"))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty Hugging Face cache, and no network."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    return tmp_path / "cache"


def hits() -> list[Hit]:
    story = mayor_story(body="Ada Quinn won.\n\nA longer paragraph, in which nobody won a thing.")
    return [Hit(passage=passage, story=story, score=0.0) for passage in split_story(story)]


def save_untyped_bert(folder: Path) -> None:
    save_bert(folder)
    path = folder / "tokenizer_config.json"
    inputs = {"model_input_names": ["input_ids", "attention_mask"]}
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | inputs), "utf-8")


@pytest.mark.parametrize("save", [save_bert, save_untyped_bert, save_roberta])
def test_scores_are_those_that_transformers_computes(
    save: Callable[[Path], None], tmp_path: Path
) -> None:
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    save(tmp_path)
    short, *_ = hits()
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    encoded = tokenizer(QUESTION, context_of(short)[0], return_tensors="pt")
    with torch.inference_mode():
        output = AutoModelForQuestionAnswering.from_pretrained(tmp_path)(**encoded)
    tokens = encoded.tokens()
    first = max(at for at, token in enumerate(tokens) if token.lower().endswith("ada"))
    last = max(at for at, token in enumerate(tokens) if token.lower().endswith("quinn"))
    starts, ends = output.start_logits[0], output.end_logits[0]
    assert ("token_type_ids" in encoded) == (save is save_bert)
    expected = float(starts[first] + ends[last] - starts[0] - ends[0])

    for company in ([short], hits()):
        best = HfReader(str(tmp_path)).read(QUESTION, company)[0]
        assert best.text == "Ada Quinn"
        assert np.isclose(best.score, expected, atol=1e-4)


def test_a_name_tells_weights_and_tokenizers_apart(bert: Path, folder: Path) -> None:
    name = HfReader(str(bert)).name
    assert name.startswith("tiny-bert@")
    assert HfReader(str(folder)).name.partition("@")[2] == name.partition("@")[2]
    save_bert(folder, layers=2)
    assert HfReader(str(folder)).name.partition("@")[2] != name.partition("@")[2]


def test_a_hub_name_is_read_from_the_cache(bert: Path, cache: Path) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    repository = cache / "models--news--tiny-bert"
    shutil.copytree(bert, repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit, "utf-8")

    reader = HfReader("news/tiny-bert")

    assert reader.name.startswith("news/tiny-bert@")
    assert reader.read(QUESTION, hits())[0].text == "Ada Quinn"


@pytest.mark.parametrize("model", ["news/tiny-bert", "/no/such/folder", "no such name"])
def test_a_model_that_is_not_there_says_how_to_get_it(model: str, cache: Path) -> None:
    with pytest.raises(ReaderNotFound, match="set DATELINE_READER__MODEL to the folder"):
        HfReader(model)


def test_a_hub_out_of_reach_says_how_to_get_the_model(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", "http://127.0.0.1:9")

    with pytest.raises(ReaderNotFound, match="`hf download news/tiny-bert`"):
        HfReader("news/tiny-bert")


def test_weights_that_could_run_code_are_refused(folder: Path) -> None:
    (folder / WEIGHTS).rename(folder / "pytorch_model.bin")

    with pytest.raises(ReaderUnsuitable, match=r"holds no model\.safetensors"):
        HfReader(str(folder))


def test_code_that_a_model_brings_is_never_run(folder: Path) -> None:
    (folder / "modeling.py").write_text("raise SystemExit('it ran')", "utf-8")
    config = (folder / "config.json").read_text("utf-8")
    own = '{"auto_map": {"AutoModelForQuestionAnswering": "modeling.Model"}, '
    (folder / "config.json").write_text(own + config.lstrip().removeprefix("{"), "utf-8")

    assert HfReader(str(folder)).read(QUESTION, hits())


def test_a_model_without_a_head_for_answers_is_refused(folder: Path) -> None:
    from transformers import BertModel

    BertModel.from_pretrained(folder, add_pooling_layer=False).save_pretrained(folder)

    with pytest.raises(ReaderUnsuitable, match=r"not trained to find answers.*qa_outputs"):
        HfReader(str(folder))


def test_a_model_of_another_kind_is_refused(folder: Path) -> None:
    (folder / "config.json").write_text('{"model_type": "vit"}', "utf-8")

    with pytest.raises(ReaderUnsuitable, match="can't be loaded for extractive"):
        HfReader(str(folder))


@pytest.mark.parametrize("config", ["{", '{"model_type": "nothing we know"}'])
def test_a_configuration_that_says_nothing_is_refused(folder: Path, config: str) -> None:
    (folder / "config.json").write_text(config, "utf-8")

    with pytest.raises(ReaderUnsuitable, match="can't be loaded for extractive"):
        HfReader(str(folder))


def test_a_model_without_a_tokenizer_is_refused(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()

    with pytest.raises(ReaderUnsuitable, match="holds no tokenizer"):
        HfReader(str(folder))


def test_a_slow_tokenizer_is_refused(folder: Path) -> None:
    (folder / "tokenizer.json").rename(folder / "vocab.json")
    (folder / "prophetnet.tokenizer").write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\nada\n", "utf-8")
    config = '{"tokenizer_class": "ProphetNetTokenizer"}'
    (folder / "tokenizer_config.json").write_text(config, "utf-8")

    with pytest.raises(ReaderUnsuitable, match="no fast tokenizer"):
        HfReader(str(folder))


def test_a_null_answer_elsewhere_than_at_the_first_token_is_refused(folder: Path) -> None:
    tokenizer = word_pieces()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A [CLS]",
        pair="$A [SEP] $B:1 [CLS]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    save_tokenizer(folder, tokenizer, tokenizer_class="PreTrainedTokenizerFast", cls_token="[CLS]")

    with pytest.raises(ReaderUnsuitable, match="classifier token first"):
        HfReader(str(folder))


def test_a_model_that_reads_too_little_is_refused(tmp_path: Path) -> None:
    save_bert(tmp_path, positions=16)

    with pytest.raises(ReaderUnsuitable, match="reads only 16 word pieces"):
        HfReader(str(tmp_path))


def test_damaged_weights_are_refused(folder: Path) -> None:
    weights = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(weights[: len(weights) // 2])

    with pytest.raises(ReaderDamaged, match="are damaged"):
        HfReader(str(folder))


def test_weights_of_another_size_are_refused(folder: Path) -> None:
    config = (folder / "config.json").read_text("utf-8")
    (folder / "config.json").write_text(
        config.replace('"hidden_size": 32', '"hidden_size": 48'), "utf-8"
    )

    with pytest.raises(ReaderUnsuitable, match="can't be loaded for extractive"):
        HfReader(str(folder))


def settings_of(model: Path, data: Path, **more: object) -> Settings:
    return load_settings(data=data, reader={"engine": "huggingface", "model": str(model)}, **more)


def test_the_settings_choose_it(bert: Path, tmp_path: Path) -> None:
    reader = open_reader(settings_of(bert, tmp_path))

    assert reader.name == HfReader(str(bert)).name


@pytest.mark.models
def test_answers_are_read_and_rated_as_the_settings_say(bert: Path, tmp_path: Path) -> None:
    fitted = json.loads(CONFIDENCE.read_text("utf-8"))
    fitted["calibration"] = dict.fromkeys(fitted["calibration"], 0.0)
    (tmp_path / "confidence.json").write_text(json.dumps(fitted), "utf-8")
    rated = {"confidence_model": tmp_path / "confidence.json", "threshold": 0.4}
    settings = settings_of(bert, tmp_path / "data", answer=rated)
    store = open_store(settings)
    story = mayor_story()
    store.put([(story, split_story(story))])
    store.close()

    assistant = assemble(settings)
    answer = assistant.ask(QUESTION)
    assistant.store.close()

    assert (answer.text, answer.confidence.p) == ("Ada Quinn", 0.5)
    assert answer.receipt.reader.startswith("tiny-bert@")


def test_asking_by_default_needs_no_torch() -> None:
    program = (
        "import sys, qa.assemble\n"
        "sys.exit(bool({'torch', 'transformers', 'huggingface_hub'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
