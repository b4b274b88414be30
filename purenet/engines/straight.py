"""Training as straight-line source: every weight a local variable, every sum spelled out.

For a small network, Python's time goes into the loops, the lists and the calls around the
arithmetic. The source written here has none of them: an epoch is a list of assignments. It has two
forms. With few rows, each row is spelled out too, and inputs and targets that are exactly 0 or 1
become part of the text. Otherwise the assignments are in a loop over the rows of a batch, which
adds up the rows' negative gradients.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from .expressions import (
    activate,
    added,
    delta,
    factor,
    indented,
    listed,
    names,
    products,
    row_loss,
    softmax_deltas,
)
from .plan import Plan
from .steps import BEGINS, MEMORY, function_source, update

# The outputs of these are bounded, so the loss is finite as long as the weights are. An enormous
# target can still make it infinite, but then in every epoch. So checking the last epoch's loss is
# enough.
_BOUNDED = ("sigmoid", "tanh", "softmax")
_STOP = ["if loss - loss != 0.0:  # infinite, or NaN", "    break"]


def train_source(plan: Plan) -> str:
    """Return the source of train(epochs, weights, ...), which returns the loss and the new state.

    Each item of `epochs` is a list of batches, and each batch a list of pairs: a row of inputs and
    a row of targets. With `row_by_row`, an item is a list of such pairs. If the rows are in the
    text, an item is ignored. The loss is the last epoch's mean over the rows. The function ends
    early if an epoch's loss is not finite.

    >>> print(train_source(Plan((1, 1), ("linear",), "squared_error", False, "sgd")))
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
    return function_source("train", ["epochs", *state_of(plan)], body)


def state_of(plan: Plan) -> list[str]:
    """Return the names of the state, which a source takes after the epochs and returns at the end.

    >>> state_of(Plan((3, 1), ("sigmoid",), "squared_error", True, "adam"))
    ['weights', 'biases', 'means', 'squares', 'steps']
    """
    state = ["weights", *(["biases"] if plan.biased else []), *MEMORY[plan.optimizer]]
    return [*state, "steps"] if plan.optimizer == "adam" else state


def _lists(items: list[Any]) -> list[str]:
    """Return the lines of a list of lists; the innermost ones have a line each."""
    if isinstance(items[0], str):
        return [f"{listed(items)},"]
    return ["[", *indented([line for item in items for line in _lists(item)]), "],"]


class _Writer:
    """The source of one training, part by part; the public methods return lines.

    Biases are the weights of an input that is always 1. A place is the part of each name that
    identifies its row: the row's number, or nothing in a loop, in which the same lines serve every
    row.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.sizes = plan.sizes
        self.layers = list(zip(plan.sizes, plan.sizes[1:]))
        self.places = [()] if plan.rows is None else [(r,) for r in range(len(plan.rows))]
        # Whether a loop adds up the negative gradients before the update. If not, they need no
        # names, because each is written in its update.
        self._summed = plan.rows is None and not plan.row_by_row
        # Only a sigmoid layer gains from negated weights: its exp(-z) needs -z. A negated number
        # says so in its name, so that a reader can follow the signs.
        negated = [plan.tuned and activation == "sigmoid" for activation in plan.activations]
        self.signs = ["minus_" if each else "" for each in negated]

    # -- names -------------------------------------------------------------------------------

    def _activations(self, k: int, place: tuple[int, ...]) -> list[str]:
        # Layer 0 is the data, whose numbers may be constants in the text.
        if k == 0:
            return self._data("X", 0, place)
        return names("activations", k, *place, count=self.sizes[k])

    def _inputs(self, k: int, place: tuple[int, ...]) -> list[str]:
        """Return the factors of layer k + 1's weights; the last is that of its biases."""
        return self._activations(k, place) + ["1.0"] * self.plan.biased

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
        sign = "minus_" if self._deltas_negated(k) else ""
        return names(sign + "deltas", k, *place, count=self.sizes[k])

    def _deltas_negated(self, k: int) -> bool:
        """Tell whether layer k's deltas come out negated, from weights that are negated."""
        # They come back through the weights of every later layer, and two negations cancel.
        return self.signs[k:].count("minus_") % 2 == 1

    def _is_idle(self, place: tuple[int, ...]) -> bool:
        """Tell whether a row has only inputs of 0.0, from which the first layer learns nothing."""
        return self.plan.without_zeros and {*self._inputs(0, place)} == {"0.0"}

    def _named(self, prefix: str, what: str, k: int) -> list[list[str]]:
        """Return the names of a number for each of a layer's weights, or of its biases."""
        place = [(k,)] if what == "biases" else [(k, i) for i in range(self.sizes[k])]
        return [names(prefix, *each, count=self.sizes[k + 1]) for each in place]

    def _weights(self, k: int) -> list[list[str]]:
        return self._named(self.signs[k] + "weights", "weights", k)

    def _parameters(self) -> Iterator[tuple[str, int, list[list[str]]]]:
        """Yield each matrix of parameters: its kind, layer and names; biases are one row."""
        for what in ["weights", "biases"] if self.plan.biased else ["weights"]:
            for k, sign in enumerate(self.signs):
                yield what, k, self._named(sign + what, what, k)

    def _memory(self) -> dict[str, list[list[list[str]]]]:
        """Return the names of what an optimizer remembers of each matrix of parameters."""
        # It is never negated, because only plain descent is tuned.
        return {
            what: [
                [names(what, p, i, count=len(row)) for i, row in enumerate(matrix)]
                for p, (_, _, matrix) in enumerate(self._parameters())
            ]
            for what in MEMORY[self.plan.optimizer]
        }

    # -- the state, taken apart and put together -----------------------------------------------

    def taken_apart(self) -> list[str]:
        """Assign every number of the state, and of the data in the text, to its name."""
        lines = []
        for what, k, matrix in self._parameters():
            for i, row in enumerate(matrix):
                given = f"weights[{k}][{i}]" if what == "weights" else f"biases[{k}]"
                if self.signs[k]:  # not -number, which would turn a weight of 0.0 into -0.0
                    given = f"[0.0 - number for number in {given}]"
                # A list on the left unpacks a row in one line, and fails if its length is wrong.
                lines.append(f"{listed(row)} = {given}")
        for what, matrices in self._memory().items():
            for p, matrix in enumerate(matrices):
                lines += [f"{listed(row)} = {what}[{p}][{i}]" for i, row in enumerate(matrix)]
        for r, halves in enumerate(self.plan.rows or ()):
            for what, constants in zip(("X", "y"), halves):
                # A row of nothing but constants needs no names.
                if "" in constants:
                    lines.append(f"{listed(names(what, r, count=len(constants)))} = {what}[{r}]")
        return lines

    def put_together(self) -> list[str]:
        """Return the loss, and the state in lists of the original shape."""
        state: dict[str, list[Any]] = {"weights": [], "biases": [], **self._memory()}
        for what, k, matrix in self._parameters():
            if self.signs[k]:
                # Not -number, because in `core` a weight that becomes zero is 0.0 and never -0.0.
                matrix = [[f"0.0 - {number}" for number in row] for row in matrix]
            state[what] += [matrix] if what == "weights" else matrix
        lines = []
        for what in filter(state.get, state):
            opened, *inside, _ = _lists(state[what])
            lines += [f"{what} = {opened}", *inside, "]"]
        return [*lines, f"return loss, {', '.join(state_of(self.plan))}"]

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
        lines = ["batch_loss = 0.0"]
        for what, k, _ in self._parameters():
            lines += [f"{total} = -0.0" for row in self._sums(what, k) for total in row]
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
            activation = self.plan.activations[k]
            biases = f" + biases[{k}]" if self.plan.biased else ""
            # The equation becomes a comment in the source, for its readers.
            formula = f"{activation}(activations[{k}] · weights[{k}]{biases})"
            lines.append(f"# activations[{k + 1}] = {formula}    {self._by(k)} · ({m} x {n})")
            matrices = [matrix for _, layer, matrix in self._parameters() if layer == k]
            columns = [list(column) for column in zip(*chain(*matrices))]
            for place in self.places:
                outputs = self._activations(k + 1, place)
                if k == 0 and self._is_idle(place):
                    # Every product is left out, and the sigmoid of the sum, 0, is 0.5.
                    lines += [f"{output} = 0.5" for output in outputs]
                    continue
                # Only the inputs of the first layer can be 0.0 in the text.
                without_zeros = self.plan.without_zeros and k == 0
                inputs = self._inputs(k, place)
                sums = [products(inputs, column, without_zeros) for column in columns]
                lines += activate("negated_" * bool(self.signs[k]) + activation, outputs, sums)
        return lines

    def _backward(self) -> list[str]:
        lines = self._output_deltas()
        for k in range(len(self.layers) - 1, 0, -1):
            activation, (m, n) = self.plan.activations[k - 1], self.layers[k]
            formula = f"(deltas[{k + 1}] · weights[{k}]ᵀ)"
            formula += "" if activation == "linear" else f" * slope(activations[{k}])"
            lines.append(f"# deltas[{k}] = {formula}    {self._by(k + 1)} · ({n} x {m})")
            for place in self.places:
                # No gradient uses the first deltas of an idle row.
                if k == 1 and self._is_idle(place):
                    continue
                ahead = self._deltas(k + 1, place)
                errors = [factor(products(ahead, weights)) for weights in self._weights(k)]
                triples = zip(self._deltas(k, place), errors, self._activations(k, place))
                lines += [f"{d} = {delta(activation, e, a)}" for d, e, a in triples]
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
                triples = zip(here, errors, outputs)
                lines += [f"{d} = {delta(activation, e, a)}" for d, e, a in triples]
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

    def _terms(self, what: str, k: int) -> list[list[list[str]]]:
        """Return each parameter's negative gradient: its terms, one for each row."""
        inputs = [list(column) for column in zip(*[self._inputs(k, p) for p in self.places])]
        deltas = [list(column) for column in zip(*[self._deltas(k + 1, p) for p in self.places])]
        inputs = inputs[self.sizes[k] :] if what == "biases" else inputs[: self.sizes[k]]
        without_zeros = self.plan.without_zeros and k == 0
        return [[products(x, d, without_zeros) for d in deltas] for x in inputs]

    def _formula(self, what: str, k: int) -> tuple[str, str]:
        """Return the formula of a layer's negative gradient and its shapes, for a comment."""
        if what == "biases":
            return f"column sums of deltas[{k + 1}]", self._by(k + 1)
        m, (n0, n) = len(self.places), self.layers[k]
        return f"activations[{k}]ᵀ · deltas[{k + 1}]", f"({n0} x {m}) · ({m} x {n})"

    def _rule(self, what: str, k: int, p: int) -> list[str]:
        """Return the comments on an update: its formula and its shapes."""
        kind, number = self.plan.optimizer, f"{self.signs[k]}{what}[{k}]"
        gradient, shapes = self._formula(what, k)
        if self._summed:
            # The loop that adds up the sum already has its equation.
            gradient, shapes = f"{_sum_of(what)}[{k}]", ""
        elif self._scales() and what == "weights":
            gradient = f"({gradient})"
        if kind in ("rprop", "adam"):
            rules = [f"{number} += a step of {kind} along {gradient}"]
        else:
            scaled = " * ".join([gradient, *self._scales()])
            memory = [f"{each}[{p}]" for each in MEMORY[kind]]
            rules = update(kind, number, memory, [scaled], "-" if self.signs[k] else "+")
        return [f"# {rules[0]}    {shapes}".rstrip(), *[f"# {rule}" for rule in rules[1:]]]

    def _scales(self) -> list[str]:
        """Return the factors of a negative gradient: a row's share in the mean, and the rate."""
        scales = []
        if self.plan.mean and not self.plan.row_by_row:
            scales.append("share" if self.plan.rows is None else repr(1.0 / len(self.places)))
        if self.plan.optimizer in ("sgd", "momentum") and not self.plan.unit_rate:
            scales.append("learning_rate")
        return scales

    def _sums(self, what: str, k: int) -> list[list[str]]:
        """Return the names of the sums of a layer's negative gradients."""
        return self._named(_sum_of(what), what, k)

    def _gradients(self) -> list[str]:
        """Return the lines that add one row's negative gradients to those of its batch."""
        lines = ["", "# -- negative gradients --"]
        for what, k, _ in self._parameters():
            lines.append(f"# {_sum_of(what)}[{k}] += {'    '.join(self._formula(what, k))}")
            # Negated deltas are subtracted here, so that a sum is never negated, and the update
            # depends only on the sign of its weight.
            sign = "-" if self._deltas_negated(k + 1) else "+"
            pairs = zip(chain(*self._sums(what, k)), chain(*self._terms(what, k)))
            lines += [f"{total} {sign}= {added(terms)}" for total, terms in pairs]
        return lines

    def _updates(self) -> list[str]:
        lines = ["", "# -- updates --", *BEGINS.get(self.plan.optimizer, [])]
        memory = self._memory().values()
        for p, (what, k, numbers) in enumerate(self._parameters()):
            lines += self._rule(what, k, p)
            gradients = self._terms(what, k)
            if self._summed:
                gradients = [[[total] for total in row] for row in self._sums(what, k)]
            kept = [chain(*matrices[p]) for matrices in memory]
            for number, terms, *others in zip(chain(*numbers), chain(*gradients), *kept):
                if terms:  # no terms are left if an input is 0.0 in every row
                    lines += self._update(k, number, terms, others)
        return lines

    def _update(self, k: int, number: str, terms: list[str], memory: list[str]) -> list[str]:
        if self._scales():
            # Not each term, because `core` scales the sum, and another order rounds differently.
            terms = [" * ".join([factor(terms), *self._scales()])]
        # A negated weight and negated terms each turn the sign, and together they cancel. A sum
        # over a batch is never negated.
        negated_terms = self._deltas_negated(k + 1) and not self._summed
        sign = "-" if bool(self.signs[k]) != negated_terms else "+"
        return update(self.plan.optimizer, number, memory, terms, sign)


def _sum_of(what: str) -> str:
    """Return the name of sums of negative gradients."""
    return "negative_bias_gradients" if what == "biases" else "negative_gradients"
