"""The page: template, style, scripts, words and data in one file."""

from __future__ import annotations

import hashlib
import json
import math
import re
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from textwrap import indent
from typing import Any

from ..activation_table import TABLE
from ..core._types import Rows
from ..core.checks import PureNetError, shown, whole_number
from ..core.network import Network
from ..export.javascript import EXPORT
from ..export.layout import chosen, filled_in, parts_of, text_of
from ..formats.writing import FileName, replace_file
from ..lessons.programs import training_of
from .frames import Training, in_base64, record

LESSONS = ("three-layer", "two-layer")  # without arguments
LANGUAGES = ("en", "ru")
SCRIPTS = ("trainer.js", "numbers.js", "pictures.js", "play.js", "page.js")
# The parts of an exported file that the page trains with.
TRAINER = (
    "code of forward for all",
    "code of learning for training",
    "code of biases for training and biases",
    "code of targets for training and numbers",
)
TESTED = 64  # inputs of each function

# The functions that a browser may round differently: what uses them, and inputs as networks have
# them.
FUNCTIONS = {
    "exp": ({"sigmoid", "softmax"}, [(n - 31.5) / 3.7 for n in range(TESTED)]),
    "tanh": ({"tanh"}, [(n - 31.5) / 9.1 for n in range(TESTED)]),
    "log": ({"cross_entropy"}, [(n + 0.5) / 65.3 for n in range(TESTED)]),
}


class Page:
    """A page as HTML, which a notebook shows and `save` writes; `notes` say what is left out."""

    def __init__(self, html: str, notes: list[str]) -> None:
        self.html, self.notes = html, notes

    def __repr__(self) -> str:
        return f"<Page of {len(self.html):,} characters>"

    def _repr_html_(self) -> str:
        style = "width:100%;height:900px;border:0"
        content = escape(self.html)
        return f'<iframe sandbox="allow-scripts" style="{style}" srcdoc="{content}"></iframe>'

    def save(self, path: FileName) -> None:
        """Write the page to a file, completely or not at all."""
        replace_file(path, self.html.encode())


def report(
    network: Network | None = None,
    X: Rows | None = None,
    y: Rows | None = None,
    *,
    epochs: int | None = None,
    learning_rate: float = 1.0,
    title: str = "network",
    lang: str = "en",
) -> Page:
    """Return a training as one HTML page; the network is unchanged.

    Without arguments, these are the article's two trainings. A network is trained on the inputs
    X (m x n₀) and the targets y (m x n_L) by plain descent on all rows, for 10,000 epochs unless
    `epochs` says otherwise; with `epochs=0` the page shows its state. `lang` is "en" or "ru".

    Raises PureNetError for data that does not fit, and for a network that is too large for a page.

    >>> page = report(Network([1, 1], seed=1), [[3]], [[1]], epochs=2)
    >>> page.html[:15], page.notes
    ('<!doctype html>', [])
    """
    if network is None:
        return page_of([lesson(name, epochs, learning_rate) for name in LESSONS], lang)
    epochs = 10_000 if epochs is None else whole_number(epochs, "epochs", 0)
    X, y = network.check_data(X, y)
    return page_of([Training(title, network, X, y, epochs, learning_rate)], lang)


def lesson(name: str, epochs: int | None = None, learning_rate: float = 1.0) -> Training:
    """Return one of the article's trainings.

    >>> lesson("two-layer").epochs, lesson("three-layer", 100).epochs
    (10000, 100)
    """
    network, X, y, usual = training_of(name)
    return Training(name, network, X, y, usual if epochs is None else epochs, learning_rate)


def page_of(trainings: Sequence[Training], lang: str = "en") -> Page:
    """Return the page of some trainings, in a language."""
    found = [record(training) for training in trainings]
    last = "".join(training.pop("last") for training in found)
    used = {name for training in found for name in [*training["activations"], training["loss"]]}
    data = {"trainings": found, "checks": checks_of(used)}
    html = filled(data, lang, last, ", ".join(training.title for training in trainings))
    return Page(html, [note for training in found for note in training["notes"]])


def filled(data: dict[str, Any], lang: str, last: str = "", heading: str = "") -> str:
    """Return the template with words, style, script and data, as HTML.

    `last` is shown where no script runs, as HTML; `heading` is added to the title.
    """
    if lang not in LANGUAGES:
        raise PureNetError(f'lang: expected "en" or "ru", got {shown(lang)}')
    words = {key: texts[lang] for key, texts in all_words().items()}
    if not heading:
        words.update({key.partition("_")[2]: words[key] for key in words if "playground_" in key})
    script = "\n" + script_of()
    recording = json.dumps({**data, "words": words}, ensure_ascii=False, allow_nan=False)
    texts = {
        **{key: escape(text) for key, text in words.items()},
        "lang": lang,
        "heading": escape(heading or words["title"]),
        "policy": policy_for(script),
        "style": text_of("page/page.css"),
        "last": last,
        "recording": recording.replace("<", "\\u003c"),
        "script": script,
    }
    html = re.sub(r"{{(\w+)}}", lambda place: texts[place[1]], text_of("page/page.html"))
    return re.sub("[\ud800-\udfff]", "\ufffd", html)  # halves of characters, which no file can hold


def policy_for(script: str) -> str:
    """Return the policy that lets a page run this script, and load nothing."""
    code = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{code}'"


def all_words() -> dict[str, dict[str, str]]:
    """Return the words of the page: each key with its text in each language.

    >>> all_words()["play"]
    {'en': 'Play', 'ru': 'Пуск'}
    """
    words: dict[str, dict[str, str]] = json.loads(text_of("page/words.json"))
    return words


def script_of() -> str:
    """Return the page's scripts, with the trainer of an exported file."""
    text = '"use strict";\n\n' + "\n".join(text_of(f"page/{name}") for name in SCRIPTS)
    text = text.replace("  PARTS;\n", indent(_trainer(), "  "))
    return text.replace("ACTIVATIONS;\n", _activations())


def _trainer() -> str:
    parts = parts_of("template.js")
    facts = {"no inputs", "no outputs", "numbers", "biases"}
    text = EXPORT.sub("", chosen("\n".join(parts[name] for name in TRAINER), facts))
    text = text.replace("changedBiases(layer", "!biased ? layer.biases : changedBiases(layer")
    words = {"INPUTS": "layers[0].weights.length", "RATE": "1", "OUTPUTS": "targets.length"}
    return filled_in(text, words)


def _activations() -> str:
    parts = parts_of("template.js")
    pieces = [parts[name] for name in ("linear", "softmax", "errorsAlone", "softmaxDeltas")]
    for name, row in TABLE.items():
        if row.slope is None or name == "linear":
            continue
        function = "leakyRelu" if name == "leaky_relu" else name
        forward = parts["activation"].replace("FORMULA", str(row.javascript).format(z="x"))
        back = parts["deltas"].replace("SLOPE", row.slope_in_c.format(a="output"))
        pieces += [re.sub(r"\bactivate", function, text) for text in (forward, back)]
    return "\n".join(pieces)


def checks_of(used: set[str]) -> dict[str, str]:
    """Return inputs and outputs of the functions behind these activations and losses.

    >>> list(checks_of({"tanh", "softmax", "squared_error"}))
    ['exp', 'tanh']
    """
    return {
        name: in_base64([*inputs, *map(getattr(math, name), inputs)])
        for name, (users, inputs) in FUNCTIONS.items()
        if users & used
    }
