"""Training as straight-line source: every weight a local variable, every sum spelled out.

For a small network, Python's time goes into the loops, the lists and the calls around the
arithmetic. The source written here has none of them: an epoch is a list of assignments. It has two
forms. With few rows, each row is spelled out too, and inputs and targets that are exactly 0 or 1
become part of the text. Otherwise the assignments are in a loop over the rows of a batch, which
adds up the rows' negative gradients.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .expressions import (
    FUNCTIONS,
    added,
    delta,
    factor,
    indented,
    layer,
    listed,
    name,
    names,
    once,
    products,
    row_loss,
    softmax_deltas,
)
from .plan import MEMORY, Plan, state_of

# The parameters that the generated function may have beside the epochs and the state. It has only
# those that its text uses. All but the first three are attributes of the optimizer.
SETTINGS = [
    *("X", "y", "rows", "learning_rate", "momentum"),
    *("GROW", "SHRINK", "LARGEST", "SMALLEST", "MEAN_DECAY", "SQUARE_DECAY", "EPSILON", "steps"),
]

# The outputs of these are bounded, so the loss is finite as long as the weights are. An enormous
# target can still make it infinite, but then in every epoch. So checking the last epoch's loss is
# enough.
_BOUNDED = ("sigmoid", "tanh", "softmax")
_STOP = ["if loss - loss != 0.0:  # infinite, or NaN", "    break"]


# The means that Adam keeps start from zero, and dividing by these corrects for that.
_ADAM_BEGINS = (
    "steps += 1",
    "mean_begun = 1.0 - MEAN_DECAY**steps",
    "square_begun = 1.0 - SQUARE_DECAY**steps",
)


def training_source(plan: Plan) -> str:
    """Return the source of train(epochs, weights, ...), which returns the loss and the new state.

    Each item of `epochs` is a list of batches, and each batch a list of pairs: a row of inputs and
    a row of targets. With `row_by_row`, an item is a list of such pairs. If the rows are in the
    text, an item is ignored. The loss is the last epoch's mean over the rows. The function ends
    early if an epoch's loss is not finite.

    >>> print(training_source(Plan((1, 1), ("linear",), "squared_error", False, "sgd")))
    def train(epochs, weights, rows, learning_rate):
        [weights_0_0_0] = weights[0][0]
        for batches in epochs:
            loss = 0.0
            for batch in batches:
                batch_loss = 0.0
                negative_gradients_0_0_0 = -0.0
                for [X_0], [y_0] in batch:
                    # -- forward --
                    # activations[1] = linear(activations[0] · weights[0])    (1 x 1) · (1 x 1)
                    activations_1_0 = X_0 * weights_0_0_0
    <BLANKLINE>
                    # -- deltas --
                    # deltas[1] = y - activations[1]    (1 x 1)
                    deltas_1_0 = y_0 - activations_1_0
    <BLANKLINE>
                    # -- negative gradients --
                    # negative_gradients[0] += activations[0]ᵀ · deltas[1]    (1 x 1) · (1 x 1)
                    negative_gradients_0_0_0 += X_0 * deltas_1_0
                    batch_loss += 0.5 * ((y_0 - activations_1_0) * (y_0 - activations_1_0))
                loss += batch_loss
    <BLANKLINE>
                # -- updates --
                # weights[0] += negative_gradients[0] * learning_rate
                weights_0_0_0 += negative_gradients_0_0_0 * learning_rate
            loss = loss / rows
            if loss - loss != 0.0:  # infinite, or NaN
                break
        weights = [
            [
                [weights_0_0_0],
            ],
        ]
        return loss, weights
    """
    writer = _Writer(plan)
    body = [*writer.taken_apart(), *writer.epochs(), *writer.put_together()]
    # Without the comments, which may name what the code does not use.
    words = {word for line in body for word in re.findall(r"\w+", line.partition("#")[0])}
    used = [word for word in (*SETTINGS, *FUNCTIONS) if word in words - {*writer.state}]
    head = f"def train({', '.join(['epochs', *writer.state, *used])}):"
    return "\n".join([head, *indented(body)])


def _nested(what: str, matrices: list[list[list[str]]]) -> list[str]:
    lines = [f"{what} = ["]
    for matrix in matrices:
        lines += ["    [", *[f"        {listed(row)}," for row in matrix], "    ],"]
    return [*lines, "]"]


class _Writer:
    """The source of one training, part by part; the public methods return lines."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.sizes = plan.sizes
        self.layers = list(zip(plan.sizes, plan.sizes[1:]))
        # The part of each name that identifies its row: the row's number, or nothing in a loop,
        # in which the same lines serve every row.
        self.places = [()] if plan.rows is None else [(r,) for r in range(len(plan.rows))]
        # Whether a loop adds up the negative gradients before the update. If not, they need no
        # names, because each is written in its update.
        self._summed = plan.rows is None and not plan.row_by_row
        # The formulas of the deltas that are written where they are used.
        self.written_in_place: dict[str, str] = {}
        self.memory = MEMORY[plan.optimizer]
        self.state = state_of(plan)

    # -- names -------------------------------------------------------------------------------

    def _activations(self, k: int, place: tuple[int, ...]) -> list[str]:
        # Layer 0 is the data, whose numbers may be constants in the text.
        if k == 0:
            return self._data("X", 0, place)
        return names("activations", k, *place, count=self.sizes[k])

    def _targets(self, place: tuple[int, ...]) -> list[str]:
        return self._data("y", 1, place)

    def _data(self, what: str, half: int, place: tuple[int, ...]) -> list[str]:
        # `half` is 0 for inputs and 1 for targets: sizes[0] inputs, sizes[-1] targets.
        numbers = names(what, *place, count=self.sizes[-half])
        if self.plan.rows is None:
            return numbers
        # With a constant, a product can be shortened to its other factor, or left out.
        constants = self.plan.rows[place[0]][half]
        return [constant or number for constant, number in zip(constants, numbers)]

    def _deltas(self, k: int, place: tuple[int, ...]) -> list[str]:
        # A negated number says so in its name, so that a reader can follow the signs.
        sign = "minus_" if self._deltas_negated(k) else ""
        return names(sign + "deltas", k, *place, count=self.sizes[k])

    def _deltas_negated(self, k: int) -> bool:
        """Tell whether layer k's deltas come out negated, from weights that are negated."""
        # They come back through the weights of every later layer, and two negations cancel.
        return [self._sign(ahead) for ahead in range(k, len(self.layers))].count("minus_") % 2 == 1

    def _is_idle(self, place: tuple[int, ...]) -> bool:
        """Tell whether a row has only inputs of 0.0, from which the first layer learns nothing."""
        return self._inputs_used(place) == []

    def _is_used_once(self, place: tuple[int, ...]) -> bool:
        """Tell whether each of a row's deltas in the first layer is a term of only one gradient.

        Such a delta can be written in that weight's update. The first layer's weights are updated
        first, while the numbers in the delta's formula are still unchanged. Biases are updated
        later, when these have changed.
        """
        # If only one input is used, each delta is a term of only one gradient, and a factor of 1.0
        # leaves it alone there.
        lonely = self._inputs_used(place) == ["1.0"]
        return self.plan.tuned and lonely and not self.plan.biased

    def _inputs_used(self, place: tuple[int, ...]) -> list[str]:
        """Return the inputs that a row's gradients use; a bias counts as an input of 1."""
        inputs = self._activations(0, place) + ["1.0"] * self.plan.biased
        return [x for x in inputs if not self.plan.without_zeros or x != "0.0"]

    def _weights(self, k: int) -> list[list[str]]:
        m, n = self.layers[k]
        return [names(self._sign(k) + "weights", k, i, count=n) for i in range(m)]

    def _biases(self, k: int) -> list[str]:
        n = self.sizes[k + 1] if self.plan.biased else 0
        return names(self._sign(k) + "biases", k, count=n)

    def _sign(self, k: int) -> str:
        # Only a sigmoid layer gains from negated weights: its exp(-z) needs -z.
        return "minus_" if self.plan.tuned and self._activation(k + 1) == "sigmoid" else ""

    def _activation(self, k: int) -> str:
        return self.plan.activations[k - 1]

    def _like_parameters(self, what: str) -> list[list[list[str]]]:
        """Return names of a number for each parameter: the weights, then each layer's biases."""
        # The shapes are those of an optimizer's memory, in which biases are matrices of one row.
        shapes = self.layers + ([(1, n) for _, n in self.layers] if self.plan.biased else [])
        return [[names(what, p, i, count=n) for i in range(m)] for p, (m, n) in enumerate(shapes)]

    # -- the state, taken apart and put together -----------------------------------------------

    def taken_apart(self) -> list[str]:
        """Assign every number of the state, and of the data in the text, to its name."""
        # Only the formula of a negated sigmoid uses this variable.
        lines = ["one = 1.0"] if any(map(self._sign, range(len(self.layers)))) else []
        for k in range(len(self.layers)):
            for i, row in enumerate(self._weights(k)):
                # A list on the left unpacks a row in one line, and fails if its length is wrong.
                lines.append(f"{listed(row)} = {self._negated(k, f'weights[{k}][{i}]')}")
        for k in range(len(self.layers) if self.plan.biased else 0):
            lines.append(f"{listed(self._biases(k))} = {self._negated(k, f'biases[{k}]')}")
        # Memory is never negated, because only plain descent is tuned.
        for what in self.memory:
            for p, matrix in enumerate(self._like_parameters(what)):
                lines += [f"{listed(row)} = {what}[{p}][{i}]" for i, row in enumerate(matrix)]
        for r, halves in enumerate(self.plan.rows or ()):
            for what, constants in zip(("X", "y"), halves):
                # A row of nothing but constants needs no names.
                if "" in constants:
                    lines.append(f"{listed(names(what, r, count=len(constants)))} = {what}[{r}]")
        return lines

    def _negated(self, k: int, row: str) -> str:
        # Not -number, which would turn a weight of 0.0 into -0.0.
        return f"[0.0 - number for number in {row}]" if self._sign(k) else row

    def put_together(self) -> list[str]:
        """Return the loss, and the state in lists of the original shape."""
        layers = range(len(self.layers))
        weights = [[self._back(k, row) for row in self._weights(k)] for k in layers]
        lines = _nested("weights", weights)
        if self.plan.biased:
            rows = [f"    {listed(self._back(k, self._biases(k)))}," for k in layers]
            lines += ["biases = [", *rows, "]"]
        for what in self.memory:
            lines += _nested(what, self._like_parameters(what))
        return [*lines, f"return loss, {', '.join(self.state)}"]

    def _back(self, k: int, row: list[str]) -> list[str]:
        # Not -number, because in `core` a weight that becomes zero is 0.0 and never -0.0.
        return [f"0.0 - {number}" for number in row] if self._sign(k) else row

    # -- the loops -----------------------------------------------------------------------------

    def epochs(self) -> list[str]:
        """Return the loop over the epochs."""
        if self.plan.rows is not None:
            losses = [self._loss(place) for place in self.places]
            loss = [f"loss = ({added(losses)}) / {float(len(losses))!r}"]
            inside = [*self._forward(), *self._backward(), *self._updates()]
            if self.plan.activations[-1] in _BOUNDED:
                # Nothing in an epoch depends on its loss, so only the last one's is computed.
                return ["for _ in epochs:", *indented(inside), *loss]
            return ["for _ in epochs:", *indented([*inside, *loss, *_STOP])]
        if self.plan.row_by_row:
            # Each row has its own update, so there are no sums over a batch.
            inside = self._over_rows("batches", self._updates(), "loss")
        else:
            inside = ["for batch in batches:", *indented(self._batch())]
        inside = ["loss = 0.0", *inside, "loss = loss / rows", *_STOP]
        return ["for batches in epochs:", *indented(inside)]

    def _batch(self) -> list[str]:
        # Sums start from -0.0, because -0.0 + x is x for every x, even for -0.0.
        zeros = [
            f"{self._sum(p, i, j)} = -0.0"
            for _, _, p, parameter in self._parameters()
            for i, row in enumerate(parameter)
            for j in range(len(row))
        ]
        lines = ["batch_loss = 0.0", *zeros]
        lines += self._over_rows("batch", self._gradients(), "batch_loss")
        lines += ["loss += batch_loss"]
        # Not a constant, because the last batch may have fewer rows.
        lines += ["share = 1.0 / len(batch)"] if self.plan.mean else []
        return lines + self._updates()

    def _over_rows(self, rows: str, learn: list[str], loss: str) -> list[str]:
        inputs, targets = self._activations(0, ()), self._targets(())
        inside = [*self._forward(), *self._backward(), *learn, f"{loss} += {self._loss(())}"]
        return [f"for {listed(inputs)}, {listed(targets)} in {rows}:", *indented(inside)]

    # -- backpropagation -----------------------------------------------------------------------

    def _forward(self) -> list[str]:
        lines = ["# -- forward --"]
        for k, (m, n) in enumerate(self.layers):
            activation = self._activation(k + 1)
            biases = f" + biases[{k}]" if self.plan.biased else ""
            # The equation becomes a comment in the source, for its readers.
            formula = f"{activation}(activations[{k}] · weights[{k}]{biases})"
            lines.append(f"# activations[{k + 1}] = {formula}    {self._by(k)} · ({m} x {n})")
            for place in self.places:
                if k == 0 and self._is_idle(place):
                    # Every product is left out, and the sigmoid of the sum, 0, is 0.5.
                    lines += [f"{output} = 0.5" for output in self._activations(1, place)]
                    continue
                lines += layer(
                    "negated_sigmoid_with_one" if self._sign(k) else activation,
                    self._activations(k, place),
                    self._weights(k),
                    self._biases(k),
                    self._activations(k + 1, place),
                    # Only the inputs of the first layer can be 0.0 in the text.
                    self.plan.without_zeros and k == 0,
                )
        return lines

    def _backward(self) -> list[str]:
        lines = self._output_deltas()
        for k in range(len(self.layers) - 1, 0, -1):
            formula = f"(deltas[{k + 1}] · weights[{k}]ᵀ)"
            if self._activation(k) != "linear":
                formula += f" * slope(activations[{k}])"
            m, n = self.layers[k]
            lines.append(f"# deltas[{k}] = {formula}    {self._by(k + 1)} · ({n} x {m})")
            for place in self.places:
                # No gradient uses the first deltas of an idle row.
                if k == 1 and self._is_idle(place):
                    continue
                ahead = self._deltas(k + 1, place)
                for weights, here, output in zip(
                    self._weights(k), self._deltas(k, place), self._activations(k, place)
                ):
                    error = factor(products(ahead, weights))
                    formula = delta(self._activation(k), error, output)
                    if k == 1 and self._is_used_once(place):
                        self.written_in_place[here] = formula
                    else:
                        lines.append(f"{here} = {formula}")
        return lines

    def _output_deltas(self) -> list[str]:
        k, activation = len(self.layers), self.plan.activations[-1]
        # Cross-entropy cancels the slope of the output layer, and the slope of linear is 1.0.
        slope_is_left_out = self.plan.loss == "cross_entropy" or activation == "linear"
        formula = f"y - activations[{k}]" if slope_is_left_out else f"(y - activations[{k}])"
        formula += "" if slope_is_left_out else f" * slope(activations[{k}])"
        lines = ["", "# -- deltas --", f"# deltas[{k}] = {formula}    {self._by(k)}"]
        for place in self.places:
            outputs, here = self._activations(k, place), self._deltas(k, place)
            errors = [f"({y} - {a})" for y, a in zip(self._targets(place), outputs)]
            if slope_is_left_out:
                # No factor follows the error, so it needs no brackets.
                lines += [f"{d} = {error[1:-1]}" for d, error in zip(here, errors)]
            elif activation == "softmax":
                lines += softmax_deltas(here, errors, outputs)
            else:
                deltas = [delta(activation, e, a) for e, a in zip(errors, outputs)]
                if self.plan.tuned and activation == "sigmoid":
                    # For a target of 1.0, the error is the 1.0 - a of the slope: compute it once.
                    deltas = [once(d, f"(1.0 - {a})", "rest") for d, a in zip(deltas, outputs)]
                lines += [f"{d} = {formula}" for d, formula in zip(here, deltas)]
        return lines

    def _by(self, k: int) -> str:
        return f"({len(self.places)} x {self.sizes[k]})"

    def _loss(self, place: tuple[int, ...]) -> str:
        return row_loss(
            self.plan.loss,
            self.plan.activations[-1],
            self._targets(place),
            self._activations(len(self.layers), place),
        )

    # -- what the gradients do -----------------------------------------------------------------

    def _parameters(self) -> Iterator[tuple[str, int, int, list[list[str]]]]:
        """Yield each matrix of parameters: its kind, layer, number among all, and names."""
        for k in range(len(self.layers)):
            yield "weights", k, k, self._weights(k)
        for k in range(len(self.layers) if self.plan.biased else 0):
            yield "biases", k, len(self.layers) + k, [self._biases(k)]

    def _terms(self, what: str, k: int, i: int, j: int) -> list[str]:
        """Return the terms of one parameter's negative gradient, one for each row."""
        deltas = [self._deltas(k + 1, place)[j] for place in self.places]
        # A delta that has no line of its own is written here.
        deltas = [self.written_in_place.get(d, d) for d in deltas]
        if what == "biases":
            return deltas
        activations = [self._activations(k, place)[i] for place in self.places]
        return products(activations, deltas, self.plan.without_zeros and k == 0)

    def _formula(self, what: str, k: int) -> tuple[str, str]:
        """Return the formula of a layer's negative gradient and its shapes, for a comment."""
        if what == "biases":
            return f"column sums of deltas[{k + 1}]", self._by(k + 1)
        m, (n0, n) = len(self.places), self.layers[k]
        return f"activations[{k}]ᵀ · deltas[{k + 1}]", f"({n0} x {m}) · ({m} x {n})"

    def _rule(self, what: str, k: int, p: int) -> list[str]:
        """Return the comments on an update: its formula and its shapes."""
        gradient, shapes = self._formula(what, k)
        if self._summed:
            # The loop that adds up the sum already has its equation.
            gradient, shapes = self._sums(what, k), ""
        elif self._scales() and what == "weights":
            gradient = f"({gradient})"
        if self.plan.optimizer in ("rprop", "adam"):
            return [
                f"# {what}[{k}] += a step of {self.plan.optimizer} along {gradient}    {shapes}"
            ]
        for scale in self._scales():
            gradient += f" * {scale}"
        if self.plan.optimizer == "momentum":
            velocities = f"velocities[{p}]"
            return [
                f"# {velocities} = {velocities} * momentum + {gradient}    {shapes}",
                f"# {what}[{k}] += {velocities}",
            ]
        sign = "-" if self._sign(k) else "+"
        return [f"# {self._sign(k)}{what}[{k}] {sign}= {gradient}    {shapes}"]

    def _scales(self) -> list[str]:
        """Return the factors of a negative gradient: a row's share in the mean, and the rate."""
        scales = []
        if self.plan.mean and not self.plan.row_by_row:
            scales.append("share" if self.plan.rows is None else repr(1.0 / len(self.places)))
        if self.plan.optimizer in ("sgd", "momentum") and not self.plan.unit_rate:
            scales.append("learning_rate")
        return scales

    def _sums(self, what: str, k: int) -> str:
        """Return the name of a layer's sum of negative gradients, for a comment."""
        return f"negative_{'bias_' if what == 'biases' else ''}gradients[{k}]"

    def _sum(self, p: int, i: int, j: int) -> str:
        """Return the name of one parameter's sum of negative gradients."""
        layers = len(self.layers)
        if p < layers:
            return name("negative_gradients", p, i, j)
        return name("negative_bias_gradients", p - layers, j)

    def _gradients(self) -> list[str]:
        """Return the lines that add one row's negative gradients to those of its batch."""
        lines = ["", "# -- negative gradients --"]
        for what, k, p, parameter in self._parameters():
            lines.append(f"# {self._sums(what, k)} += {'    '.join(self._formula(what, k))}")
            for i, row in enumerate(parameter):
                for j in range(len(row)):
                    terms = self._terms(what, k, i, j)
                    # Negated deltas are subtracted here, so that a sum is never negated, and the
                    # update depends only on the sign of its weight.
                    sign = "-" if self._deltas_negated(k + 1) else "+"
                    lines.append(f"{self._sum(p, i, j)} {sign}= {added(terms)}")
        return lines

    def _updates(self) -> list[str]:
        lines = ["", "# -- updates --"]
        # Once for all parameters, because they share the number of steps.
        lines += _ADAM_BEGINS if self.plan.optimizer == "adam" else ()
        for what, k, p, parameter in self._parameters():
            lines += [line.rstrip() for line in self._rule(what, k, p)]
            for i, row in enumerate(parameter):
                for j, number in enumerate(row):
                    place = (p, i, j)
                    terms = self._terms(what, k, i, j)
                    if self._summed:
                        terms = [self._sum(*place)]
                    if terms:  # no terms are left if an input is 0.0 in every row
                        lines += self._update(number, k, terms, place)
        return lines

    def _update(
        self, number: str, k: int, terms: list[str], place: tuple[int, int, int]
    ) -> list[str]:
        if self._scales():
            # Not each term, because `core` scales the sum, and another order rounds differently.
            terms = [" * ".join([factor(terms), *self._scales()])]
        # Only plain descent is tuned, so the other optimizers' terms and weights have no sign.
        if self.plan.optimizer == "adam":
            return _adam(number, terms, place)
        if self.plan.optimizer == "rprop":
            return _rprop(number, terms, place)
        if self.plan.optimizer == "momentum":
            velocity = name("velocities", *place)
            step = factor(terms)
            return [f"{velocity} = {velocity} * momentum + {step}", f"{number} += {velocity}"]
        # A negated weight and negated terms each turn the sign, and together they cancel. A sum
        # over a batch is never negated.
        negated_terms = self._deltas_negated(k + 1) and not self._summed
        sign = "-" if bool(self._sign(k)) != negated_terms else "+"
        return [f"{number} {sign}= {added(terms)}"]


def _adam(number: str, terms: list[str], place: tuple[int, int, int]) -> list[str]:
    mean, square = name("means", *place), name("squares", *place)
    # The expressions of core.optimizers.Adam, in its order of operations.
    return [
        f"gradient = -{factor(terms, signed=True)}",
        f"{mean} = MEAN_DECAY * {mean} + (1.0 - MEAN_DECAY) * gradient",
        f"{square} = SQUARE_DECAY * {square} + (1.0 - SQUARE_DECAY) * (gradient * gradient)",
        f"root = sqrt({square} / square_begun) + EPSILON",
        f"{number} -= learning_rate * ({mean} / mean_begun) / root",
    ]


def _rprop(number: str, terms: list[str], place: tuple[int, int, int]) -> list[str]:
    # A step grows if its direction stays, and shrinks if it turns. After a turn its sign is 0.0,
    # so that this step is left out, and the next one neither grows nor shrinks.
    size, sign = name("sizes", *place), name("signs", *place)
    return [
        f"gradient = -{factor(terms, signed=True)}",
        f"turn = -{sign} if gradient > 0.0 else {sign} if gradient < 0.0 else 0.0",
        f"{sign} = -1.0 if gradient > 0.0 else 1.0 if gradient < 0.0 else -gradient",
        "if turn > 0.0:",
        f"    {size} = min({size} * GROW, LARGEST)",
        "elif turn < 0.0:",
        f"    {size} = max({size} * SHRINK, SMALLEST)",
        f"    {sign} = 0.0",
        f"{number} += {sign} * {size}",
    ]
