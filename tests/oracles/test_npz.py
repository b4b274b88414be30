"""Files of NumPy's arrays that scikit-learn has trained are read unchanged."""

import warnings

import numpy as np
import pytest
from support import bits

from purenet.formats import load

pytest.importorskip("sklearn")

from sklearn.neural_network import MLPClassifier, MLPRegressor


def test_what_scikit_learn_has_trained_is_read_as_it_is(tmp_path):
    path = tmp_path / "model.npz"
    X = [[i * 0.5, -i % 3] for i in range(12)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # three steps are not enough, it says
        models = [
            MLPRegressor(hidden_layer_sizes=3, activation="tanh", max_iter=3, random_state=1).fit(
                X, range(12)
            ),
            MLPClassifier(hidden_layer_sizes=(2, 3), max_iter=3, random_state=1).fit(
                X, [0, 1, 2] * 4
            ),
            MLPClassifier(hidden_layer_sizes=2, activation="logistic", max_iter=3).fit(
                X, [0, 1] * 6
            ),
        ]
    for model in models:
        arrays = {f"coefs_{k}": W for k, W in enumerate(model.coefs_)}
        arrays.update({f"intercepts_{k}": b for k, b in enumerate(model.intercepts_)})
        texts = {name: getattr(model, name) for name in ("activation", "out_activation_")}
        np.savez(path, **arrays, **texts)
        network = load(path)
        assert [bits(W) for W in network.weights] == [bits(W) for W in model.coefs_]
        assert bits(network.biases) == bits(model.intercepts_)
        # Sums of a few numbers near 1 in another order.
        expected = model.predict_proba(X) if hasattr(model, "classes_") else model.predict(X)
        expected = np.reshape(expected, (12, -1))[:, -network.sizes[-1] :]
        assert abs(np.array(network.predict(X)) - expected).max() < 1e-13
