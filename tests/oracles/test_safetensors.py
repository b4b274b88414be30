"""safetensors: the official library and PyTorch read what is written, and the other way round."""

import numpy as np
import pytest
from both_ways import both_ways
from fuzzing import tally_of
from hypothesis import given
from hypothesis import strategies as st
from models import (
    any_networks,
    histories,
    parameters_of,
)
from safetensors_files import (
    foreign_tensors,
    numbers_of,
    written,
)
from support import bits, complaint

from purenet import Network
from purenet.core.backpropagation import parameters
from purenet.core.matrix import all_finite
from purenet.formats import load, save

encode, decode = both_ways("safetensors")

pytest.importorskip("safetensors")

import safetensors
import safetensors.numpy


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.safetensors"


# -- what is written -------------------------------------------------------------------------------


@given(network=any_networks(), history=st.none() | histories())
def test_the_official_library_reads_what_pytorch_would_have_written(network, history):
    data = encode(network, history)
    tensors = safetensors.numpy.load(data)
    layers = range(len(network.weights))
    biased = [f"{2 * k}.bias" for k in layers if network.biases]
    assert set(tensors) == {*(f"{2 * k}.weight" for k in layers), *biased}
    for k in layers:
        assert bits(tensors[f"{2 * k}.weight"].T.tolist()) == bits(network.weights[k])
    assert bits([tensors[name].tolist() for name in biased]) == bits(network.biases)
    # Numbers begin where a processor likes to have them.
    assert int.from_bytes(data[:8], "little") % 8 == 0


# -- four bytes a number -------------------------------------------------------------------------


@given(network=any_networks())
def test_with_float32_the_answers_are_those_of_the_rounded_weights(network):
    with np.errstate(over="ignore"):
        rounded = network.copy()
        rounded.weights = [np.float32(W).tolist() for W in network.weights]
        rounded.biases = [np.float32(b).tolist() for b in network.biases]
    if not all(map(all_finite, parameters(rounded))):
        assert "needs 64 bits: leave out float32" in complaint(encode, network, None, True)
        return
    data = encode(network, None, True)
    assert parameters_of(decode(data)[0]) == parameters_of(rounded)
    assert {tensor.dtype.str for tensor in safetensors.numpy.load(data).values()} == {"<f4"}


# -- files made by others ------------------------------------------------------------------------


@given(network=foreign_tensors())
def test_the_official_library_finds_the_same_bytes_in_tensors_of_any_kind(network):
    """tests/formats/test_safetensors.py has PureNet read these files."""
    _, tensors = network
    official = dict(safetensors.deserialize(written(tensors, __metadata__={"format": "pt"})))
    assert tensors == {
        name: (tensor["dtype"], tensor["shape"], bytes(tensor["data"]))
        for name, tensor in official.items()
    }


@pytest.mark.parametrize("bias", [False, True])
def test_pytorch_goes_on_with_what_was_saved_and_the_other_way_round(path, bias):
    torch = pytest.importorskip("torch")
    import safetensors.torch  # without PyTorch, it cannot be imported

    network = Network([3, 4, 2], activation="tanh", output_activation="sigmoid", bias=bias, seed=1)
    X = [[0.5, -1.0, 2.0], [0.0, 1.0, -0.25]]
    save(network, path)
    modules = [torch.nn.Linear(3, 4, bias=bias), torch.nn.Tanh()]
    modules += [torch.nn.Linear(4, 2, bias=bias), torch.nn.Sigmoid()]
    sequence = torch.nn.Sequential(*modules).double()
    sequence.load_state_dict(safetensors.torch.load_file(path))
    # Sums of four numbers near 1 in another order, and another exp().
    answers = sequence(torch.tensor(X, dtype=torch.float64)).tolist()
    assert abs(np.array(answers) - network.predict(X)).max() < 1e-14
    safetensors.torch.save_file(sequence.bfloat16().state_dict(), path)
    loaded = load(path, activation="tanh", output_activation="sigmoid")
    assert loaded.sizes == network.sizes
    for module, W in zip(sequence[::2], loaded.weights):
        assert bits(W) == bits(module.weight.T.tolist())
    assert loaded.biases == ([module.bias.tolist() for module in sequence[::2]] if bias else [])


@pytest.mark.parametrize("affine", [False, True])
def test_a_batch_norm_of_pytorchs_is_folded_where_its_number_says(path, affine):
    torch = pytest.importorskip("torch")
    import safetensors.torch  # without PyTorch, it cannot be imported

    nn = torch.nn
    torch.manual_seed(1)
    layers = [nn.BatchNorm1d(3, affine=affine), nn.Linear(3, 5), nn.BatchNorm1d(5), nn.ReLU()]
    layers += [nn.Linear(5, 4, bias=False), nn.ReLU(), nn.BatchNorm1d(4, affine=affine)]
    layers += [nn.Linear(4, 2), nn.BatchNorm1d(2), nn.Sigmoid()]
    module = nn.Sequential(*layers).double()
    for _ in range(9):
        module(3.0 * torch.randn(20, 3, dtype=torch.float64) + 1.0)
    safetensors.torch.save_file(module.eval().state_dict(), path)
    guess = "taken as 0, 2 before the activation of 1, 6 behind the activation of 4, 8 before the"
    with pytest.warns(UserWarning, match=f"^BatchNorm: {guess} activation of 7; eps=1e-05"):
        loaded = load(path, activation="relu", output_activation="sigmoid")
    assert loaded.sizes == [3, 5, 4, 2]
    X = torch.randn(20, 3, dtype=torch.float64)
    # Sums of a few numbers near 1, in another order.
    assert abs(np.array(loaded.predict(X.tolist())) - module(X).tolist()).max() < 1e-13


# -- files that are drawn ----------------------------------------------------------------------


def test_a_file_that_is_loaded_is_read_by_the_official_library_as_the_same(tmp_path):
    tally = tally_of("safetensors", 1, range(2000), tmp_path, as_officially_read)
    assert tally.loaded > 400


def as_officially_read(data, model):
    """Fail if the official library refuses what was loaded, or reads other numbers."""
    if model is None or b"running_mean" in data:  # which is folded into the weights
        return
    network = getattr(model, "network_", model)
    theirs = [
        bits(numbers_of(tensor["dtype"], tensor["data"]).reshape(tensor["shape"]).T.tolist())
        for name, tensor in safetensors.deserialize(data)
        if name.endswith(".weight")
    ]
    assert sorted(theirs) == sorted(bits(W) for W in network.weights)
