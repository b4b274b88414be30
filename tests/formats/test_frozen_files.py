"""Files that an older version wrote: every later version loads them to the same bits.

The folder `frozen` holds a model of each kind in each format, two checkpoints and a bundle, all
written by version 0.1.0, and `answers.json`, what that version held in memory as it wrote them.
"""

import importlib.util
import json
from pathlib import Path

import pytest

from purenet import Classifier, Network, load
from purenet.datasets import iris
from purenet.formats import load_history
from purenet.formats.checkpoint import load_checkpoint

FROZEN = Path(__file__).parent / "frozen"
ANSWERS = json.loads((FROZEN / "answers.json").read_text())
MODELS = [name for name in ANSWERS if not name.startswith("checkpoint")]
FORMATS = (".json", ".npz", ".safetensors", ".onnx")

# What version 0.1 called otherwise.
NEW_NAMES = {
    "l2": "weight_decay",
    "standardise": "standardize",
    "validation": "validation_fraction",
}

# How the checkpoints were trained, every option that matters: a default may change.
OF_THE_CHECKPOINTS = {
    "activation": "sigmoid",
    "batch_size": 32,
    "weight_decay": 1e-3,
    "standardize": True,
    "validation_fraction": 0.15,
    "patience": 20,
    "restarts": 1,
}


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("name", MODELS)
def test_a_model_file_of_version_0_1_loads_to_the_same_bits(name, ending):
    model, expected = load(FROZEN / f"{name}{ending}"), ANSWERS[name]
    network = model if isinstance(model, Network) else model.network_
    assert network.weights == expected["weights"]
    assert network.biases == expected["biases"]
    assert load_history(FROZEN / f"{name}{ending}").loss == expected["history"]["loss"]
    assert model.predict(expected["rows"]) == expected["predict"]
    if "predict_proba" in expected:
        assert model.predict_proba(expected["rows"]) == expected["predict_proba"]
    if isinstance(model, Network):
        assert repr(model) == expected["options"]
    else:
        options = {NEW_NAMES.get(name, name): kept for name, kept in expected["options"].items()}
        assert options.items() <= model.get_params().items()


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_a_checkpoint_of_version_0_1_goes_on_to_the_same_bits(optimizer):
    expected = ANSWERS[f"checkpoint-{optimizer}"]
    descent = load_checkpoint(str(FROZEN / f"checkpoint-{optimizer}.json"), "frozen")
    seen = []
    X, species = iris()
    classifier = Classifier(
        **OF_THE_CHECKPOINTS,
        **expected["options"],
        callback=lambda descent: seen.append((descent.network.weights, descent.network.biases)),
    )
    classifier.resume(X[::5], species[::5], descent)
    assert seen[-1] == (expected["weights"], expected["biases"])
    assert classifier.loss_curve_ == expected["loss"]


def test_a_bundle_of_version_0_1_still_answers_with_the_same_bits():
    path = FROZEN / "network_article_bundle.py"
    spec = importlib.util.spec_from_file_location("network_article_bundle", path)
    bundle = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bundle)
    expected = ANSWERS["network-article"]
    assert bundle.network.weights == expected["weights"]
    assert bundle.network.predict(expected["rows"]) == expected["predict"]
