"""PureNet 0.1.0 in one file: a feed-forward neural network in pure Python.

    from purenet_core import Network, load, save, network

It imports no more than math, json and, to save, os; and it runs on CPython, PyPy and MicroPython.
`python3 -m purenet bundle` made it from the modules of purenet 0.1.0: change those, not this.

Licence: MIT. Copyright (c) 2026 The PureNet authors.
"""

import json
import math
ENGINES = {}
class PureNetError(ValueError):
    pass
def shape(A, name="matrix"):
    try:
        widths = [len(row) for row in A]
    except TypeError:
        raise PureNetError(f"{name}: expected a list of rows, got {shown(A)}") from None
    columns = widths[0] if widths else 0
    if not columns:
        raise PureNetError(f"{name}: expected at least one row and one column, got {shown(A)}")
    if widths.count(columns) < len(widths):
        i = [width == columns for width in widths].index(False)
        came = counted(widths[i], "value")
        raise PureNetError(f"{name}: row {i} has {came}, but row 0 has {columns:,}")
    return len(widths), columns
def zeros(rows, columns):
    rows, columns = whole_number(rows, "rows", 1), whole_number(columns, "columns", 1)
    return [[0.0] * columns for _ in range(rows)]
def transpose(A):
    shape(A, "transpose")
    return [list(column) for column in zip(*A)]
def dot(A, B):
    (m, k), (k_too, n) = shape(A, "dot"), shape(B, "dot")
    if k != k_too:
        raise PureNetError(f"dot: inner sizes differ: ({m} x {k}) · ({k_too} x {n})")
    columns = list(zip(*B))
    return [[inner_product(row, column) for column in columns] for row in A]
def inner_product(row, column):
    total = -0.0
    for a, b in zip(row, column):
        total += a * b
    return total
def add(A, B):
    check_same_shape("add", "+", A, B)
    return [[a + b for a, b in zip(row_a, row_b)] for row_a, row_b in zip(A, B)]
def subtract(A, B):
    check_same_shape("subtract", "-", A, B)
    return [[a - b for a, b in zip(row_a, row_b)] for row_a, row_b in zip(A, B)]
def multiply(A, B):
    check_same_shape("multiply", "*", A, B)
    return [[a * b for a, b in zip(row_a, row_b)] for row_a, row_b in zip(A, B)]
def check_same_shape(operation, sign, A, B):
    (m, n), (m_too, n_too) = shape(A, operation), shape(B, operation)
    if (m, n) != (m_too, n_too):
        raise PureNetError(f"{operation}: shapes differ: ({m} x {n}) {sign} ({m_too} x {n_too})")
def scale(A, factor):
    shape(A, "scale")
    return [[a * factor for a in row] for row in A]
def apply(function, A, *others):
    shape(A, "apply")
    for B in others:
        check_same_shape("apply", "and", A, B)
    return [list(map(function, *rows)) for rows in zip(A, *others)]
def add_row(A, row):
    m, n = shape(A, "add_row")
    if len(row) != n:
        raise PureNetError(f"add_row: ({m} x {n}) + a row of {len(row)}")
    return [[a + b for a, b in zip(row_a, row)] for row_a in A]
def column_sums(A):
    shape(A, "column_sums")
    totals = list(A[0])
    for row in A[1:]:
        totals = [total + a for total, a in zip(totals, row)]
    return totals
def mean_absolute(A):
    m, n = shape(A, "mean_absolute")
    total = 0.0
    for row in A:
        for a in row:
            total += abs(a)
    return total / (m * n)
def argmax(A):
    shape(A, "argmax")
    return [row.index(max(row)) for row in A]
def all_finite(A):
    return all(math.isfinite(a) for row in A for a in row)
def as_matrix(rows, name="matrix", columns=0, because=""):
    matrix = []
    for i, row in enumerate(_elements(rows, name, "a sequence of rows")):
        values = _elements(row, f"{name}: row {i}", "a row of numbers")
        floats = [_as_float(value, name, i, j) for j, value in enumerate(values)]
        if not floats or (columns and len(floats) != columns):
            needed = str(columns or "at least one")
            wanted = because or (f"row 0 has {columns:,}" if matrix else f"needs {needed}")
            raise PureNetError(f"{name}: row {i} has {counted(len(floats), 'value')}, but {wanted}")
        columns = len(floats)
        matrix.append(floats)
    if not matrix:
        raise PureNetError(f"{name}: expected at least one row, got none")
    return matrix
def _elements(values, name, wanted):
    if hasattr(values, "tolist"):
        values = values.tolist()
    if isinstance(values, (str, bytes, bytearray, dict, set, frozenset)):
        raise PureNetError(f"{name}: expected {wanted}, got {shown(values)}")
    try:
        return iter(values)
    except TypeError:
        raise PureNetError(f"{name}: expected {wanted}, got {shown(values)}") from None
def _as_float(value, name, i, j):
    place = f"{name}: row {i}, column {j}"
    try:
        number = _real(value)
    except (TypeError, ValueError):
        raise PureNetError(f"{place}: expected a real number, got {shown(value)}") from None
    except OverflowError:
        raise PureNetError(f"{place}: {shown(value)} is too large for a float") from None
    if not math.isfinite(number):
        if isinstance(value, int):
            raise PureNetError(f"{place}: {shown(value)} is too large for a float")
        raise PureNetError(f"{place}: expected a finite number, got {shown(value)}")
    return number
def _real(value):
    kind = type(value).__name__
    is_complex = kind.startswith("complex") or kind == "clongdouble"
    if is_complex or isinstance(value, (str, bytes, bytearray, memoryview)):
        raise TypeError
    return float(value)
def whole_number(value, name, lowest, highest=None):
    try:
        number = int(value) if isinstance(value, int) else int(value.__index__())
    except (TypeError, AttributeError):
        number = lowest - 1
    if isinstance(value, bool) or number < lowest or (highest is not None and number > highest):
        limits = f"of at least {lowest}" if highest is None else f"from {lowest} to {highest}"
        raise PureNetError(f"{name}: expected a whole number {limits}, got {shown(value)}")
    return number
def number_within(value, name, test, limits):
    try:
        number = _real(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number) or not test(number):
        raise PureNetError(f"{name}: expected a number {limits}, got {shown(value)}")
    return number
def check_flag(value, name):
    if not isinstance(value, bool):
        raise PureNetError(f"{name}: expected True or False, got {shown(value)}")
    return value
def counted(n, thing):
    return f"{n:,} {thing}" if n == 1 else f"{n:,} {thing}s"
def shown(value):
    kind = type(value).__name__
    try:
        text = repr(value)
    except ValueError:
        if kind == "int":
            return f"an integer of {value.bit_length()} bits"
        return f"a {kind} too long to print"
    if len(text) > 40:
        text = text[:37] + "..."
    return text if value is None or kind in ("int", "float") else f"{text} ({kind})"
def sigmoid(x):
    try:
        return 1.0 / (1.0 + math.exp(-x))
    except (OverflowError, ValueError):
        return 0.0
def sigmoid_slope(output):
    return output * (1.0 - output)
def tanh(x):
    return math.tanh(x)
def tanh_slope(output):
    return 1.0 - output * output
def relu(x):
    return 0.0 if x < 0.0 else x
def relu_slope(output):
    return 1.0 if output > 0.0 else 0.0
LEAK = 0.01
def leaky_relu(x):
    return LEAK * x if x < 0.0 else x
def leaky_relu_slope(output):
    return 1.0 if output > 0.0 else LEAK
def linear(x):
    return x
def linear_slope(output):
    return 1.0
def softmax(row):
    largest = max(row)
    powers = [math.exp(x - largest) for x in row]
    total = 0.0
    for power in powers:
        total += power
    return [power / total for power in powers]
def softmax_deltas(errors, outputs):
    mean = inner_product(errors, outputs)
    return [output * (error - mean) for error, output in zip(errors, outputs)]
class Activation:
    def __init__(self, function, slope):
        self.function = function
        self.slope = slope
    def forward(self, Z):
        return apply(self.function, Z)
    def backward(self, errors, outputs):
        return multiply(errors, apply(self.slope, outputs))
class Softmax:
    def forward(self, Z):
        shape(Z, "softmax")
        return [softmax(row) for row in Z]
    def backward(self, errors, outputs):
        check_same_shape("softmax", "and", errors, outputs)
        return [softmax_deltas(row, output) for row, output in zip(errors, outputs)]
ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, sigmoid_slope),
    "tanh": Activation(tanh, tanh_slope),
    "relu": Activation(relu, relu_slope),
    "leaky_relu": Activation(leaky_relu, leaky_relu_slope),
    "linear": Activation(linear, linear_slope),
    "softmax": Softmax(),
}
SMALLEST_OUTPUT = 2.0**-1074
SMALLEST_REST = 2.0**-53
SUM_TOLERANCE = 1e-6
def squared_error(targets, outputs):
    total = 0.0
    for target, output in zip(targets, outputs):
        error = target - output
        total += error * error
    return 0.5 * total
def binary_cross_entropy(targets, outputs):
    total = 0.0
    for target, output in zip(targets, outputs):
        log_rest = math.log(max(1.0 - output, SMALLEST_REST))
        total -= target * _log(output) + (1.0 - target) * log_rest
    return total
def categorical_cross_entropy(targets, outputs):
    total = 0.0
    for target, output in zip(targets, outputs):
        total -= target * _log(output)
    return total
def _log(probability):
    return math.log(max(probability, SMALLEST_OUTPUT))
def row_loss(loss, output_activation):
    if loss == "squared_error":
        return squared_error
    if loss != "cross_entropy":
        raise PureNetError(f'loss: expected "squared_error" or "cross_entropy", got {loss!r}')
    if output_activation == "sigmoid":
        return binary_cross_entropy
    if output_activation == "softmax":
        return categorical_cross_entropy
    raise PureNetError(
        f'loss: "cross_entropy" needs a sigmoid or softmax output layer, not {output_activation}'
    )
def mean_loss(loss, y, outputs):
    return total_loss(loss, y, outputs) / len(y)
def total_loss(loss, y, outputs):
    check_same_shape("loss", "and", y, outputs)
    total = 0.0
    for targets, output in zip(y, outputs):
        total += loss(targets, output)
    return total
def trivial_loss(loss, y, weights=None):
    weights = [1.0] * len(y) if weights is None else weights
    total = column_sums([[weight] for weight in weights])[0]
    parts = [weight / total for weight in weights]
    mean = dot([parts], y)[0]
    trivial = 0.0
    for part, targets in zip(parts, y):
        trivial += part * loss(targets, mean)
    return trivial
def output_deltas(loss, activation, y, outputs):
    errors = subtract(y, outputs)
    if loss == "cross_entropy":
        return errors
    return ACTIVATIONS[activation].backward(errors, outputs)
def check_targets(loss, activation, y, name="y"):
    if loss != "cross_entropy":
        return
    for i, row in enumerate(y):
        total = 0.0
        for value in row:
            total += value
            if not 0.0 <= value <= 1.0:
                raise PureNetError(
                    f"{name}: row {i} has {value}, but cross_entropy needs values from 0 to 1"
                )
        if activation == "softmax" and abs(total - 1.0) > SUM_TOLERANCE:
            raise PureNetError(
                f"{name}: row {i} adds up to {total}, but softmax needs rows that add up to 1"
            )
def one_hot(labels, classes=()):
    labels, columns = list(labels), list(classes)
    try:
        columns = columns or sorted(set(labels))
        unequal = len(set(columns))
    except TypeError:
        raise PureNetError("labels: expected text or numbers that can be sorted") from None
    if not labels or unequal < len(columns):
        raise PureNetError("labels: expected at least one label, and no class twice")
    for i, label in enumerate(labels):
        if not any(label == column for column in columns):
            raise PureNetError(f"labels: row {i} is {shown(label)}, which is not among the classes")
    return [[1.0 if label == column else 0.0 for column in columns] for label in labels]
LENGTH = 624
MIDDLE = 397
UPPER_BIT, LOWER_BITS = 0x80000000, 0x7FFFFFFF
ALL_BITS = 0xFFFFFFFF
class MT19937:
    def __init__(self, seed):
        word = whole_number(seed, "seed", 0, ALL_BITS)
        self._words = [word] * LENGTH
        for i in range(1, LENGTH):
            word = (1812433253 * (word ^ word >> 30) + i) & ALL_BITS
            self._words[i] = word
        self._used = LENGTH
        self._spare = None
    def random(self):
        high, low = self._next() >> 5, self._next() >> 6
        return (high * 67108864.0 + low) / 9007199254740992.0
    def uniform(self, low, high):
        return low + (high - low) * self.random()
    def normal(self):
        if self._spare is not None:
            number, self._spare = self._spare, None
            return number
        square = 0.0
        while square >= 1.0 or square == 0.0:
            x, y = 2.0 * self.random() - 1.0, 2.0 * self.random() - 1.0
            square = x * x + y * y
        factor = math.sqrt(-2.0 * math.log(square) / square)
        self._spare = factor * x
        return factor * y
    def permutation(self, n):
        order = list(range(n))
        for i in range(n - 1, 0, -1):
            j = self._below(i + 1)
            order[i], order[j] = order[j], order[i]
        return order
    def get_state(self):
        waiting = self._spare is not None
        return "MT19937", list(self._words), self._used, int(waiting), self._spare or 0.0
    def set_state(self, state):
        try:
            name, words, used, waiting, spare = state
            words = [whole_number(word, "state", 0, ALL_BITS) for word in words]
            used = whole_number(used, "state", 0, LENGTH)
            spare = number_within(spare, "state", lambda _: True, "of any size")
            waiting = bool(waiting)
        except (TypeError, ValueError):
            raise PureNetError("state: expected what get_state() returns") from None
        if name != "MT19937" or len(words) != LENGTH or not any(words):
            raise PureNetError(f'state: expected "MT19937" and {LENGTH} words that are not all 0')
        self._words, self._used = words, used
        self._spare = spare if waiting else None
    def _next(self):
        if self._used == LENGTH:
            self._twist()
        word = self._words[self._used]
        self._used += 1
        word ^= word >> 11
        word ^= word << 7 & 0x9D2C5680
        word ^= word << 15 & 0xEFC60000
        return word ^ word >> 18
    def _twist(self):
        words = self._words
        for i in range(LENGTH):
            y = words[i] & UPPER_BIT | words[(i + 1) % LENGTH] & LOWER_BITS
            mixed = words[(i + MIDDLE) % LENGTH] ^ y >> 1
            words[i] = mixed ^ 0x9908B0DF if y & 1 else mixed
        self._used = 0
    def _below(self, n):
        mask = 1
        while mask < n - 1:
            mask = mask << 1 | 1
        number = self._next() & mask
        while number >= n:
            number = self._next() & mask
        return number
_networks = 0
def fresh_seed():
    global _networks
    _networks += 1
    return (hash("purenet") + id(MT19937) // 16 + 2654435769 * _networks) & ALL_BITS
class Network:
    def __init__(
        self,
        sizes,
        *,
        activation="sigmoid",
        output_activation=None,
        loss="squared_error",
        bias=False,
        init="uniform",
        seed=None,
    ):
        self.sizes = _check_sizes(sizes)
        self.activation = activation
        self.output_activation = activation if output_activation is None else output_activation
        _check_activations(self.activation, self.output_activation, len(self.sizes))
        self.loss = loss
        row_loss(loss, self.output_activation)
        self.init = init
        self.seed = fresh_seed() if seed is None else whole_number(seed, "seed", 0, 2**32 - 1)
        self.generator = MT19937(self.seed)
        pairs = zip(self.sizes, self.sizes[1:])
        self.weights = [draw_weights(init, m, n, self.generator) for m, n in pairs]
        biased = check_flag(bias, "bias")
        self.biases = [[0.0] * n for n in self.sizes[1:]] if biased else []
    def __repr__(self):
        return (
            f"Network({self.sizes}, activation={self.activation!r}, "
            f"output_activation={self.output_activation!r}, loss={self.loss!r}, "
            f"bias={bool(self.biases)}, init={self.init!r}, seed={self.seed})"
        )
    def forward(self, X):
        return forward(self, self.check_inputs(X))
    def predict(self, X):
        return self.forward(X)[-1]
    def loss_on(self, X, y):
        X, y = self.check_data(X, y)
        return loss_of(self, X, y)
    def gradients(self, X, y, reduction="sum"):
        X, y = self.check_data(X, y)
        return backward(self, forward(self, X), y, check_reduction(reduction))
    def train(
        self,
        X,
        y,
        *,
        epochs,
        learning_rate=None,
        momentum=0.0,
        batch_size=None,
        reduction="sum",
        shuffle=None,
        validation=None,
        callback=None,
        every=None,
        optimizer="sgd",
        engine="auto",
    ):
        return train(
            self,
            X,
            y,
            epochs=epochs,
            learning_rate=learning_rate,
            momentum=momentum,
            batch_size=batch_size,
            reduction=reduction,
            shuffle=shuffle,
            validation=validation,
            callback=callback,
            every=every,
            optimizer=optimizer,
            engine=engine,
        )
    def copy(self):
        twin = Network(
            self.sizes,
            activation=self.activation,
            output_activation=self.output_activation,
            loss=self.loss,
            init="zeros",
            seed=self.seed,
        )
        twin.init = self.init
        twin.weights = [[list(row) for row in W] for W in self.weights]
        twin.biases = [list(row) for row in self.biases]
        twin.generator.set_state(self.generator.get_state())
        return twin
    def check_inputs(self, X, name="X"):
        check_parameters(self)
        inputs = self.sizes[0]
        return as_matrix(X, name, inputs, f"the network has {counted(inputs, 'input')}")
    def check_data(self, X, y, of=""):
        X = self.check_inputs(X, of + "X")
        last = self.sizes[-1]
        y = as_matrix(y, of + "y", last, f"the network has {counted(last, 'output')}")
        if len(X) != len(y):
            rows, too = counted(len(y), "row"), counted(len(X), "row")
            raise PureNetError(f"{of}y: {rows}, but {of}X has {too}")
        check_targets(self.loss, self.output_activation, y, of + "y")
        return X, y
def forward(network, X):
    activations = [X]
    for k, weights in enumerate(network.weights):
        Z = dot(activations[k], weights)
        if network.biases:
            Z = add_row(Z, network.biases[k])
        activations.append(activation_of(network, k + 1).forward(Z))
    return activations
def loss_of(network, X, y):
    return mean_loss(row_loss(network.loss, network.output_activation), y, forward(network, X)[-1])
def find_deltas(
    network, activations, y
):
    last = len(network.weights)
    outputs = activations[last]
    deltas = {last: output_deltas(network.loss, network.output_activation, y, outputs)}
    for k in range(last - 1, 0, -1):
        errors = dot(deltas[k + 1], transpose(network.weights[k]))
        deltas[k] = activation_of(network, k).backward(errors, activations[k])
    return deltas
def backward(
    network, activations, y, reduction
):
    gradients = find_gradients(network, activations, find_deltas(network, activations, y))
    return [scale(G, 1.0 / len(y)) for G in gradients] if reduction == "mean" else gradients
def find_gradients(
    network, activations, deltas
):
    layers = range(len(network.weights))
    gradients = [dot(transpose(activations[k]), deltas[k + 1]) for k in layers]
    if network.biases:
        gradients += [[column_sums(deltas[k + 1])] for k in layers]
    return gradients
def parameters(network):
    return list(network.weights) + [[row] for row in network.biases]
def set_parameters(network, new):
    layers = len(network.weights)
    network.weights, network.biases = new[:layers], [row for [row] in new[layers:]]
def activation_of(network, k):
    last = k == len(network.weights)
    return ACTIVATIONS[network.output_activation if last else network.activation]
def draw_weights(init, inputs, outputs, generator):
    if init == "zeros":
        return zeros(inputs, outputs)
    if init == "he":
        deviation = math.sqrt(2.0 / inputs)
        return [[deviation * generator.normal() for _ in range(outputs)] for _ in range(inputs)]
    if init == "uniform":
        limit = 1.0
    elif init == "glorot":
        limit = math.sqrt(6.0 / (inputs + outputs))
    else:
        raise PureNetError(f'init: expected "uniform", "glorot", "he" or "zeros", got {init!r}')
    return [[generator.uniform(-limit, limit) for _ in range(outputs)] for _ in range(inputs)]
def check_parameters(network):
    pairs = list(zip(network.sizes, network.sizes[1:]))
    for name, values in (("weights", network.weights), ("biases", network.biases)):
        if len(values) != len(pairs) and not (name == "biases" and not values):
            needed = counted(len(pairs), "layer")
            raise PureNetError(f"{name}: {len(values)}, but the sizes need {needed} of them")
    for k, (m, n) in enumerate(pairs):
        rows, columns = shape(network.weights[k], f"weights[{k}]")
        if (rows, columns) != (m, n):
            came = f"({rows} x {columns})"
            raise PureNetError(f"weights[{k}]: {came}, but the sizes need ({m} x {n})")
    for k, row in enumerate(network.biases):
        if len(row) != network.sizes[k + 1]:
            came = counted(len(row), "value")
            raise PureNetError(f"biases[{k}]: {came}, but the sizes need {network.sizes[k + 1]}")
def check_reduction(reduction):
    if reduction not in ("sum", "mean"):
        raise PureNetError(f'reduction: expected "sum" or "mean", got {reduction!r}')
    return reduction
def _check_sizes(sizes):
    if hasattr(sizes, "tolist"):
        sizes = sizes.tolist()
    if not isinstance(sizes, (list, tuple, range)):
        raise PureNetError(f"sizes: expected a list such as [3, 4, 1], got {shown(sizes)}")
    if len(sizes) < 2:
        raise PureNetError(f"sizes: expected at least two layers, got {shown(sizes)}")
    return [whole_number(size, f"sizes[{k}]", 1) for k, size in enumerate(sizes)]
def _check_activations(activation, output_activation, layers):
    known = ", ".join(sorted(ACTIVATIONS))
    for name, value in (("activation", activation), ("output_activation", output_activation)):
        if value not in list(ACTIVATIONS):
            raise PureNetError(f"{name}: expected one of {known}, got {value!r}")
    if activation == "softmax" and layers > 2:
        raise PureNetError("activation: softmax is for the output layer: say output_activation")
class SGD:
    def __init__(self, learning_rate=1.0, momentum=0.0):
        self.learning_rate = number_within(learning_rate, "learning_rate", _positive, "above 0")
        self.momentum = number_within(momentum, "momentum", _fading, "from 0 to below 1")
        self.velocities = []
    def step(self, parameters, gradients):
        steps = [scale(G, self.learning_rate) for G in gradients]
        if self.momentum:
            kept = [scale(V, self.momentum) for V in remembered(self.velocities, gradients)]
            self.velocities = steps = [add(V, S) for V, S in zip(kept, steps)]
        return [add(W, S) for W, S in zip(parameters, steps)]
class RProp:
    GROW, SHRINK = 1.2, 0.5
    LARGEST, SMALLEST = 50.0, 1e-6
    def __init__(self, learning_rate=0.1):
        self.learning_rate = number_within(learning_rate, "learning_rate", _positive, "above 0")
        self.sizes = []
        self.signs = []
    def step(self, parameters, gradients):
        signs = remembered(self.signs, gradients)
        turns = [apply(_sign_product, S, G) for S, G in zip(signs, gradients)]
        sizes = remembered(self.sizes, gradients, self.learning_rate)
        self.sizes = [apply(self._resized, D, T) for D, T in zip(sizes, turns)]
        self.signs = [apply(_sign_unless_turned, G, T) for G, T in zip(gradients, turns)]
        return [
            apply(lambda w, sign, size: w + sign * size, W, S, D)
            for W, S, D in zip(parameters, self.signs, self.sizes)
        ]
    def _resized(self, size, turn):
        if turn > 0.0:
            return min(size * self.GROW, self.LARGEST)
        return max(size * self.SHRINK, self.SMALLEST) if turn < 0.0 else size
class Adam:
    MEAN_DECAY, SQUARE_DECAY = 0.9, 0.999
    EPSILON = 1e-8
    def __init__(self, learning_rate=0.001):
        self.learning_rate = number_within(learning_rate, "learning_rate", _positive, "above 0")
        self.steps = 0
        self.means = []
        self.squares = []
    def step(self, parameters, gradients):
        means = remembered(self.means, gradients)
        squares = remembered(self.squares, gradients)
        self.means = [apply(self._mean, M, G) for M, G in zip(means, gradients)]
        self.squares = [apply(self._square, S, G) for S, G in zip(squares, gradients)]
        self.steps += 1
        mean_begun = 1.0 - self.MEAN_DECAY**self.steps
        square_begun = 1.0 - self.SQUARE_DECAY**self.steps
        def stepped(weight, mean, square):
            root = math.sqrt(square / square_begun) + self.EPSILON
            return weight + self.learning_rate * (mean / mean_begun) / root
        return [apply(stepped, W, M, S) for W, M, S in zip(parameters, self.means, self.squares)]
    def _mean(self, mean, gradient):
        return self.MEAN_DECAY * mean + (1.0 - self.MEAN_DECAY) * gradient
    def _square(self, square, gradient):
        return self.SQUARE_DECAY * square + (1.0 - self.SQUARE_DECAY) * (gradient * gradient)
def remembered(state, gradients, first=0.0):
    if not state:
        return [apply(lambda _: first, G) for G in gradients]
    if [shape(S) for S in state] != [shape(G) for G in gradients]:
        raise PureNetError("optimizer: it remembers a network of other sizes: take a new one")
    return state
def _positive(rate):
    return rate > 0.0
def _fading(part):
    return 0.0 <= part < 1.0
def _sign_product(sign, gradient):
    return sign if gradient > 0.0 else -sign if gradient < 0.0 else 0.0
def _sign_unless_turned(gradient, turn):
    if turn < 0.0:
        return 0.0
    return 1.0 if gradient > 0.0 else -1.0 if gradient < 0.0 else gradient
def choose(
    optimizer, learning_rate, momentum
):
    if hasattr(optimizer, "step") and not isinstance(optimizer, type):
        if learning_rate is not None or momentum:
            raise PureNetError("optimizer: set its learning_rate and momentum where it is made")
        return optimizer
    if optimizer not in ("sgd", "rprop", "adam"):
        raise PureNetError(f'optimizer: expected "sgd", "rprop" or "adam", got {optimizer!r}')
    if optimizer == "sgd":
        return SGD(1.0 if learning_rate is None else learning_rate, momentum)
    if momentum:
        raise PureNetError(f"momentum: it belongs to sgd; {optimizer} has none")
    if optimizer == "rprop":
        return RProp(0.1 if learning_rate is None else learning_rate)
    return Adam(0.001 if learning_rate is None else learning_rate)
MANY_EPOCHS = 1000
class History:
    def __init__(self):
        self.epochs = []
        self.loss = []
        self.validation_loss = []
        self.stopped = ""
        self.engine = "lists"
    def __repr__(self):
        return (
            f"History(epochs={self.epochs}, loss={self.loss}, "
            f"validation_loss={self.validation_loss}, stopped={self.stopped!r}, "
            f"engine={self.engine!r})"
        )
class Diverged(PureNetError):
    def __init__(self, message, history):
        super().__init__(message)
        self.history = history
    def __reduce__(self):
        return Diverged, (str(self), self.history)
def train(
    network,
    X,
    y,
    *,
    epochs,
    learning_rate=None,
    momentum=0.0,
    batch_size=None,
    reduction="sum",
    shuffle=None,
    validation=None,
    callback=None,
    every=None,
    optimizer="sgd",
    engine="auto",
):
    X, y = network.check_data(X, y)
    if validation is not None:
        validation = _check_validation(network, validation)
    epochs = whole_number(epochs, "epochs", 0)
    every = _check_every(every, epochs, callback)
    check_reduction(reduction)
    optimizer = choose(optimizer, learning_rate, momentum)
    size = _check_batch_size(batch_size, len(X), optimizer)
    shuffle = size < len(X) if shuffle is None else check_flag(shuffle, "shuffle")
    if not all(all_finite(W) for W in parameters(network)):
        raise PureNetError("weights: one is NaN or infinite before the training has begun")
    def learn_rows(X, y):
        return learn(network, X, y, reduction, optimizer)
    chance = network.generator if shuffle else None
    history = History()
    work = (network, X, y, epochs, size, shuffle, reduction, optimizer)
    history.engine, advance = _choose_engine(engine, work)
    for first, end in _stretches(epochs, every):
        done, loss = advance(end - first)
        for epoch in range(first + done, end):
            loss = finish_or_undo(
                network, optimizer, shuffle, lambda: run_epoch(X, y, size, chance, learn_rows)
            )
            if not math.isfinite(loss):
                raise _diverged(epoch, history)
        if not math.isfinite(loss):
            raise _diverged(end - 1, history)
        _write_down(history, network, end - 1, loss, validation)
        if callback is not None and callback(network, history):
            history.stopped = f"the callback stopped it after epoch {end - 1}"
            return history
    history.stopped = f"all {counted(epochs, 'epoch')} done"
    return history
def run_epoch(
    X,
    y,
    batch_size,
    chance,
    learn,
):
    if chance is not None:
        order = chance.permutation(len(X))
        X, y = [X[i] for i in order], [y[i] for i in order]
    total = 0.0
    for start in range(0, len(X), batch_size):
        X_batch, y_batch = X[start : start + batch_size], y[start : start + batch_size]
        total += learn(X_batch, y_batch)
    return total / len(X)
def learn(
    network, X, y, reduction, optimizer
):
    activations = forward(network, X)
    loss = total_loss(row_loss(network.loss, network.output_activation), y, activations[-1])
    gradients = backward(network, activations, y, reduction)
    set_parameters(network, optimizer.step(parameters(network), gradients))
    return loss
def finish_or_undo(
    network, optimizer, shuffle, run
):
    undo = _undoing(network, optimizer, shuffle)
    try:
        loss = run()
        finite = math.isfinite(loss) and all(all_finite(W) for W in parameters(network))
    except BaseException:
        undo()
        raise
    if not finite:
        undo()
        return math.nan
    return loss
def _stretches(epochs, every):
    first = 0
    while first < epochs:
        end = min(first + -first % every + 1, epochs)
        yield first, end
        first = end
def _choose_engine(engine, work):
    if callable(engine):
        return getattr(engine, "__name__", "own"), engine(*work)
    if engine not in ("auto", "lists", "unrolled"):
        raise PureNetError(f'engine: expected "auto", "lists" or "unrolled", got {engine!r}')
    for name in ENGINES:
        if engine in ("auto", name):
            try:
                module = __import__(ENGINES[name], None, None, (name,))
            except Exception:
                continue
            advance = getattr(module, name)(*work, engine == name)
            if advance is not None:
                return name, advance
    return "lists", lambda epochs: (0, math.nan)
def _write_down(
    history,
    network,
    epoch,
    loss,
    validation,
):
    history.epochs.append(epoch)
    history.loss.append(loss)
    if validation is not None:
        history.validation_loss.append(loss_of(network, *validation))
def _check_every(every, epochs, callback):
    if callback is not None and not callable(callback):
        raise PureNetError(f"callback: expected a function, got {shown(callback)}")
    if every is None:
        return 1 if epochs <= MANY_EPOCHS or callback is not None else epochs // 100
    return whole_number(every, "every", 1)
def _check_batch_size(batch_size, rows, optimizer):
    size = rows if batch_size is None else min(whole_number(batch_size, "batch_size", 1), rows)
    if isinstance(optimizer, RProp) and size < rows:
        raise PureNetError(f"batch_size: rprop needs the full batch, {rows} rows, not {size}")
    return size
def _check_validation(
    network, validation
):
    if not isinstance(validation, (tuple, list)) or len(validation) != 2:
        raise PureNetError(f"validation: expected a pair (X, y), got {shown(validation)}")
    return network.check_data(*validation, of="validation ")
def _undoing(network, optimizer, shuffle):
    weights, biases = network.weights, network.biases
    chance = network.generator.get_state() if shuffle else None
    memory = dict(getattr(optimizer, "__dict__", ()))
    def undo():
        network.weights, network.biases = weights, biases
        if chance is not None:
            network.generator.set_state(chance)
        for name in memory:
            setattr(optimizer, name, memory[name])
    return undo
def _diverged(epoch, history):
    history.stopped = (
        f"diverged in epoch {epoch}: the loss or a weight is no longer a finite number; try a "
        'smaller learning_rate, reduction="mean", or inputs scaled to about 1'
    )
    return Diverged(history.stopped, history)
NUDGE = 3e-5
def check_gradients(network, X, y):
    X, y = network.check_data(X, y)
    twin = network.copy()
    gradients = backward(twin, forward(twin, X), y, "mean")
    steepest = max(abs(slope) for gradient in gradients for row in gradient for slope in row)
    floor = max(1e-4 * max(loss_of(twin, X, y), steepest), 1e-7)
    worst = 0.0
    for matrix, gradient in zip(parameters(twin), gradients):
        for row, exact_row in zip(matrix, gradient):
            for j, exact in enumerate(exact_row):
                measured = _downhill(twin, X, y, row, j)
                error = abs(measured - exact) / max(abs(measured), abs(exact), floor)
                worst = max(worst, math.inf if math.isnan(error) else error)
    return worst
def _downhill(network, X, y, row, j):
    kept, losses = row[j], []
    nudge = NUDGE * max(1.0, abs(kept))
    for steps in (-2.0, -1.0, 1.0, 2.0):
        row[j] = kept + steps * nudge
        losses.append(loss_of(network, X, y))
    row[j] = kept
    far_below, below, above, far_above = losses
    return (8.0 * (below - above) - (far_below - far_above)) / (12.0 * nudge)
MEMBERS = (
    "format",
    "version",
    "sizes",
    "activation",
    "output_activation",
    "loss",
    "init",
    "seed",
    "weights",
    "biases",
)
OPTIONS = MEMBERS[3:8]
LISTS = ("sizes", "weights", "biases")
def save(network, path):
    import os
    checked = _checked(network)
    beside = f"{path}.tmp"
    with open(beside, "w", encoding="utf-8") as file:
        for piece in _pieces(checked):
            file.write(piece)
    getattr(os, "replace", os.rename)(beside, path)
def load(path):
    with open(path, encoding="utf-8") as file:
        return _network_of(_parsed(json.load, file))
def dumps(network):
    return "".join(_pieces(_checked(network)))
def loads(text):
    return _network_of(_parsed(json.loads, text))
def _checked(network):
    if not isinstance(network, Network):
        raise PureNetError(f"expected a Network, got {shown(network)}")
    document = {"format": "purenet", "version": 1}
    for name in OPTIONS:
        document[name] = getattr(network, name)
    for name in LISTS:
        document[name] = list(getattr(network, name))
    return _network_of(document)
def _pieces(network):
    yield '{"format": "purenet", "version": 1,\n'
    for name in MEMBERS[2:8]:
        yield f'"{name}": {json.dumps(getattr(network, name))},\n'
    yield '"weights": ['
    for k, matrix in enumerate(network.weights):
        yield ",\n[" if k else "\n["
        for i, row in enumerate(matrix):
            yield (",\n" if i else "") + json.dumps(row)
        yield "]"
    yield f'],\n"biases": {json.dumps(network.biases)}}}\n'
def _parsed(parse, source):
    try:
        return parse(source)
    except (ValueError, RuntimeError):
        raise PureNetError("not JSON, or no text in UTF-8") from None
def _network_of(document):
    _check_members(document)
    sizes, weights, biases = [document[name] for name in LISTS]
    sizes = [whole_number(size, f"sizes[{k}]", 1) for k, size in enumerate(sizes)]
    if len(sizes) < 2:
        raise PureNetError(f"sizes: expected at least two layers, got {shown(sizes)}")
    network = Network([1] * min(len(sizes), 3), **{name: document[name] for name in OPTIONS})
    network.generator = MT19937(network.seed)
    for k in range(len(weights)):
        weights[k] = as_matrix(weights[k], f"weights[{k}]")
    for k in range(len(biases)):
        biases[k] = as_matrix([biases[k]], f"biases[{k}]")[0]
    network.sizes, network.weights, network.biases = sizes, weights, biases
    check_parameters(network)
    return network
def _check_members(document):
    if not isinstance(document, dict) or document.get("format") != "purenet":
        raise PureNetError('not a model of PureNet: expected an object with "format": "purenet"')
    if document.get("version") != 1:
        raise PureNetError(f"version: expected 1, got {shown(document.get('version'))}")
    if document.get("estimator") is not None:
        raise PureNetError("expected a network, got an estimator: the command bundle folds one")
    for name in MEMBERS:
        if name not in document:
            raise PureNetError(f"{name} is missing")
    for name in document:
        if name not in MEMBERS and name not in ("history", "estimator"):
            raise PureNetError(f"unknown member {shown(name)}")
    for name in LISTS:
        if not isinstance(document[name], list):
            raise PureNetError(f"{name}: expected a list, got {shown(document[name])}")
network = Network(
    [3, 4, 1],
    activation="sigmoid",
    output_activation="sigmoid",
    loss="squared_error",
    init="zeros",
    seed=1,
)
network.init = "uniform"
network.weights = [
 [
  [-0.26386537770305735, 0.32999453067588114, -1.4058770608256042, -0.45822529727175115],
  [-0.7463380967711088, -0.9999243177326584, -1.2894838458295248, -0.32004741958473526],
  [-0.2462177045376076, -0.10465048758938354, -0.3034540055068158, 0.39349873429079096]
 ],
 [
  [-0.6224265289968114],
  [0.7437585306247165],
  [-1.3519677215897343],
  [0.3848728645333756]
 ]
]
network.biases = []
