"""Models and tokenizers in Hugging Face form, made on the spot, that know one answer."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from tokenizers.trainers import BpeTrainer

ANSWER = ("Ada", "Quinn")
"""Whatever is asked, a tiny reader answers with these words, where the passage has them."""

WORDS = "ada quinn who was elected mayor of springfield voters went to the polls on tuesday".split()
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,?!'"


def word_pieces() -> Tokenizer:
    """Return a tokenizer of BERT's kind: lower case, word pieces, two types of token."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces = [*special, *LETTERS, *(f"##{letter}" for letter in LETTERS), *WORDS]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])],
    )
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer


def byte_pairs(*, trim_offsets: bool = True) -> Tokenizer:
    """Return a tokenizer of RoBERTa's kind: bytes, and a space belongs to the piece after it."""
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = BpeTrainer(
        vocab_size=500,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([f"{' '.join(ANSWER)} {' '.join(ANSWER)}"] * 9, trainer)
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), trim_offsets=trim_offsets, add_prefix_space=False
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def save_bert(folder: Path, *, layers: int = 1, positions: int = 384) -> None:
    """Save a BERT that answers with `ANSWER`."""
    from transformers import BertConfig, BertForQuestionAnswering

    tokenizer = word_pieces()
    config = BertConfig(**_size(tokenizer, layers), max_position_embeddings=positions)
    _save(folder, BertForQuestionAnswering, config, tokenizer, ["ada"], ["quinn"])
    save_tokenizer(
        folder,
        tokenizer,
        tokenizer_class="BertTokenizer",
        model_max_length=positions,
        cls_token="[CLS]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        unk_token="[UNK]",
        mask_token="[MASK]",
    )


def save_roberta(folder: Path) -> None:
    """Save a RoBERTa that answers with `ANSWER`; nothing but its positions limits its windows."""
    from transformers import RobertaConfig, RobertaForQuestionAnswering

    tokenizer = byte_pairs()
    config = RobertaConfig(
        **_size(tokenizer, 1), max_position_embeddings=130, type_vocab_size=1, pad_token_id=1
    )
    firsts, lasts = ([word, f"Ġ{word}"] for word in ANSWER)
    _save(folder, RobertaForQuestionAnswering, config, tokenizer, firsts, lasts)
    save_tokenizer(
        folder,
        tokenizer,
        tokenizer_class="RobertaTokenizer",
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        mask_token="<mask>",
    )


def save_tokenizer(folder: Path, tokenizer: Tokenizer, **config: object) -> None:
    """Save the tokenizer's own file, and beside it what transformers wants to know."""
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps(config), "utf-8")


def _size(tokenizer: Tokenizer, layers: int) -> dict[str, Any]:
    return {
        "vocab_size": tokenizer.get_vocab_size(),
        "hidden_size": 32,
        "num_hidden_layers": layers,
        "num_attention_heads": 2,
        "intermediate_size": 64,
    }


def _save(
    folder: Path,
    model_of: Callable[..., object],
    config: object,
    tokenizer: Tokenizer,
    *answer: Sequence[str],
) -> None:
    """Save a random model whose start and end logits are high at the pieces of the answer."""
    import torch
    from transformers import PreTrainedModel

    torch.manual_seed(0)
    model = model_of(config)
    assert isinstance(model, PreTrainedModel)
    with torch.no_grad():
        words = model.get_input_embeddings().weight
        head = model.get_submodule("qa_outputs").weight
        assert isinstance(words, torch.Tensor)
        assert isinstance(head, torch.Tensor)
        head.zero_()
        for direction, pieces in enumerate(answer):
            head[direction, direction] = 1
            for piece in pieces:
                if (number := tokenizer.token_to_id(piece)) is not None:
                    words[number, direction] = 10
    model.save_pretrained(folder)
