"""Models as JSON."""

from json_files import SECONDS_A_MEBIBYTE, most_memory

from grammars.documents import bytes_of, damaged, with_faults
from grammars.models import biases, document, weights

ENDING = ".json"

__all__ = ["ENDING", "SECONDS_A_MEBIBYTE", "draw", "most_memory"]


def draw(chance):
    """Return the bytes of a file, and no options."""
    about = document(chance)
    about["weights"] = weights(chance, about["sizes"])
    about["biases"] = biases(chance, about["sizes"])
    if chance.random() < 0.7:
        about = with_faults(chance, about)
    data = bytes_of(chance, about)
    return damaged(chance, data) if chance.random() < 0.05 else data, {}
