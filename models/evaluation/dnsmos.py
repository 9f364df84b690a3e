"""DNSMOS as published: already ONNX, so the recipe only passes it on."""


def dnsmos(content: bytes) -> bytes:
    """The model's own bytes."""
    return content
