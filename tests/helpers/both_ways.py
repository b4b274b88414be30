"""Models to a format's bytes and back, without a file."""

import importlib

from purenet import History
from purenet.formats.model import Asked, build, describe


def both_ways(name):
    """Return functions that encode a model as a format's bytes, and decode these."""
    form = importlib.import_module(f"purenet.formats.{name}")

    def encode(model, history=None, float32=False):
        return form.write(describe(model, history), float32)

    def decode(data, *asked):
        described = form.read(data, Asked(*asked))
        return build(described), described.history or History()

    return encode, decode
