"""From the published Whisper tiny (Radford et al. 2022) to one network, from waveform to tokens.

Published are an encoder, which wants features, and a decoder, which wants its caches of attention handed
back at every token: 20 MB each time, too much to carry between Python and a browser's runtime. Here the
features are part of the graph, and greedy decoding is a loop inside it. Input: waveform float32
[1, up to 480 000 samples] at 16 kHz, prompt int64 [1, n]. Output: tokens int64 [m], without the end mark,
and no_speech float32 [1], the probability that nobody speaks.
"""

from __future__ import annotations

import json

import numpy as np
import numpy.typing as npt
import onnx
from onnx import GraphProto, TensorProto, helper

from models.features import whisper_log_mel
from models.graphs import Builder, extract, floats, integers, prefixed, pruned, serialise

OPSET = 11
LAYERS = 4
END = 50_257  # the tokens from here on are no text: end, start, languages, tasks, times
BLANK = 220
NO_SPEECH = 50_362
VOCABULARY = 51_865
MAX_TOKENS = 220
CACHES = [f"{layer}.decoder.{kind}" for layer in range(LAYERS) for kind in ("key", "value")]
FIXED_CACHES = [f"{layer}.encoder.{kind}" for layer in range(LAYERS) for kind in ("key", "value")]


def recogniser(encoder: bytes, decoder: bytes, generation: bytes) -> bytes:
    """One network from the published two, and the list of tokens that are never written."""
    graph = Builder()
    published = onnx.load_from_string(encoder).graph
    graph.graph.initializer.extend(published.initializer)
    log_mel = whisper_log_mel(graph, "waveform")
    graph.graph.node.extend(prefixed(published.node, "encoder/", {"input_features": log_mel}))

    published = onnx.load_from_string(decoder).graph
    graph.graph.initializer.extend(published.initializer)
    choice = next(node for node in published.node if node.op_type == "If")
    hidden = {"encoder_hidden_states": "encoder/last_hidden_state"}
    graph.graph.node.extend(prefixed((node for node in published.node if node is not choice), "", hidden))
    branches = {attribute.name: attribute.g for attribute in choice.attribute}

    never = json.loads(generation)["suppress_tokens"]
    graph.graph.node.extend(prefixed(branches["else_branch"].node, "first/", {"input_ids": "prompt"}))
    first = _choose(graph, "first/logits", graph.constant(_penalty([*never, BLANK])))
    body = _step(branches["then_branch"], graph.constant(_penalty(never)))
    limit, going = graph.constant(MAX_TOKENS, np.int64), _is_text(graph, first)
    caches = [f"first/present.{name}" for name in CACHES]
    outputs = ["last", *(f"last/{name}" for name in CACHES), "stacked"]
    graph.graph.node.append(helper.make_node("Loop", [limit, going, first, *caches], outputs, body=body))
    at_start = graph.node("Gather", "first/logits", graph.constant([0], np.int64), axis=1)
    chances = graph.node("Reshape", graph.node("Softmax", at_start, axis=2), graph.constant([-1], np.int64))
    graph.node("Gather", chances, graph.constant([NO_SPEECH], np.int64), output="no_speech")
    graph.node("Reshape", "stacked", graph.constant([-1], np.int64), output="tokens")
    model = extract(
        graph.graph,
        "recogniser",
        [floats("waveform", [1, "samples"]), integers("prompt", [1, "prompt_length"])],
        [integers("tokens", ["length"]), floats("no_speech", [1])],
        OPSET,
    )
    return serialise(model)


def _step(published: GraphProto, penalty: str) -> GraphProto:
    """The body of the loop: the last token and the caches in, the next token and the caches out."""
    step = Builder(prefix="step/")
    names = {"input_ids": "token"}
    names |= {f"past_key_values.{name}": f"past/{name}" for name in CACHES}
    names |= {f"past_key_values.{name}": f"first/present.{name}" for name in FIXED_CACHES}
    step.graph.node.extend(prefixed(published.node, "next/", names))
    token = _choose(step, "next/logits", penalty)
    going = _is_text(step, token)
    written = step.node("Identity", "token")
    caches = [f"next/present.{name}" for name in CACHES]
    return helper.make_graph(
        pruned(step.graph.node, [going, token, *caches, written]),
        "step",
        [
            integers("count", []),
            helper.make_tensor_value_info("going", TensorProto.BOOL, []),
            integers("token", [1, 1]),
            *(floats(f"past/{name}", [1, "heads", "past", "width"]) for name in CACHES),
        ],
        [
            helper.make_tensor_value_info(going, TensorProto.BOOL, []),
            integers(token, [1, 1]),
            *(floats(name, [1, "heads", "present", "width"]) for name in caches),
            integers(written, [1, 1]),
        ],
        step.graph.initializer,
    )


def _penalty(never: list[int]) -> npt.NDArray[np.float32]:
    """What is added to the logits: nothing for text and the end mark, far too much for all else."""
    penalty = np.zeros(VOCABULARY, np.float32)
    penalty[never] = penalty[END + 1 :] = -1e9
    return penalty


def _choose(graph: Builder, logits: str, penalty: str) -> str:
    """The likeliest token [1, 1] after the last of `logits` [1, n, vocabulary]."""
    last = graph.node("Gather", logits, graph.constant([-1], np.int64), axis=1)
    return graph.node("ArgMax", graph.node("Add", last, penalty), axis=2, keepdims=0)


def _is_text(graph: Builder, token: str) -> str:
    """Whether a token [1, 1] is not the end mark, as a scalar."""
    scalar = graph.node("Squeeze", token, axes=[0, 1])
    return graph.node("Less", scalar, graph.constant(END, np.int64))


def tokens(vocabulary: bytes) -> bytes:
    """The text tokens as a JSON list, each a string whose characters are bytes (Latin-1).

    The published vocabulary writes each byte as a printable character (GPT-2's byte-level BPE, Radford 2019).
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in printable]
    bytes_of = {chr(byte): chr(byte) for byte in printable}
    bytes_of |= {chr(256 + index): chr(byte) for index, byte in enumerate(hidden)}
    ids: dict[str, int] = json.loads(vocabulary)
    written = ["".join(bytes_of[char] for char in token) for token, index in sorted(ids.items(), key=lambda i: i[1])]
    return json.dumps(written[:END], ensure_ascii=True).encode()
