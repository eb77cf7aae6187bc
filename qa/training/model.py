"""The reader while it is trained: a Hugging Face model, with attention that CPUs are quick at."""

import json
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface, BertForQuestionAnswering
from transformers.masking_utils import eager_mask

from qa.training.batches import Batch
from qa.training.hf_files import CONFIG, TOKENIZER_FILES, copy_files

ATTENTION = "batched_products"


def load_model(folder: Path) -> BertForQuestionAnswering:
    """Load a reader in Hugging Face form, without dropout, ready to be trained in 32 bits."""
    model: BertForQuestionAnswering = BertForQuestionAnswering.from_pretrained(  # nosec B615
        folder,
        dtype=torch.float32,
        attn_implementation=ATTENTION,
        local_files_only=True,
        use_safetensors=True,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    model.train()
    return model


def save_model(model: BertForQuestionAnswering, start: Path, folder: Path) -> None:
    """Write *model* in Hugging Face form; its tokenizer is that of the folder it started from."""
    model.save_pretrained(folder)
    # Which attention trained it is of no use to those who load it.
    config = json.loads((folder / CONFIG).read_text("utf-8"))
    config.pop("_attn_implementation", None)
    (folder / CONFIG).write_text(json.dumps(config, indent=2) + "\n", "utf-8")
    copy_files(TOKENIZER_FILES, start, folder)


def loss_of(model: BertForQuestionAnswering, batch: Batch, *, bf16: bool) -> Tensor:
    """Return the mean cross-entropy of the start and the end pieces of *batch*."""
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        output = model(
            input_ids=torch.from_numpy(batch.pieces),
            token_type_ids=torch.from_numpy(batch.types),
            attention_mask=torch.from_numpy(batch.mask),
        )
    wanted = ((output.start_logits, batch.starts), (output.end_logits, batch.ends))
    losses = [
        nn.functional.cross_entropy(logits.float(), torch.from_numpy(places))
        for logits, places in wanted
    ]
    return torch.stack(losses).mean()


def _batched_products(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    scaling: float,
    **_: object,
) -> tuple[Tensor, None]:
    """Attend by products of contiguous matrices, (texts * heads, length, width of a head).

    torch's own kernel for CPUs takes three times as long in bfloat16, most of it backwards.
    """
    texts, heads, length, width = query.shape
    query, key, value = (
        part.reshape(texts * heads, length, width) for part in (query * scaling, key, value)
    )
    scores = torch.bmm(query, key.transpose(1, 2)).view(texts, heads, length, length)
    if attention_mask is not None:
        scores = scores + attention_mask
    shares = scores.softmax(dim=-1).view(texts * heads, length, length).to(value.dtype)
    mixed = torch.bmm(shares, value).view(texts, heads, length, width)
    return mixed.transpose(1, 2).contiguous(), None


AttentionInterface.register(ATTENTION, _batched_products)
AttentionMaskInterface.register(ATTENTION, eager_mask)
