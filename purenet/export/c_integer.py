"""A header in C99 that computes in whole numbers: see `integer`.

`template_integer.h` has the fixed parts that those of `template.h` are too exact for.
"""

from __future__ import annotations

from typing import Any

from ..core._types import Row, Rows
from ..core.checks import as_matrix
from ..formats.model import Model, describe
from .c_header import C
from .folded import Layer
from .integer import LAST_PLACE, LIMITS, SLOPES, WholeLayer, WholeNumbers
from .layout import parts_of


class WholeC(C):
    """A header in whole numbers, with the ranges of `rows` if they are given."""

    code = "whole"

    def __init__(self, model: Any, *, rows: Rows | None = None, **options: Any) -> None:
        width = describe(model).network.sizes[0]
        self.rows = None if rows is None else as_matrix(rows, "rows", width)
        super().__init__(model, **{**options, "number": options.get("number") or "float"})
        self.values = "uint16_t"
        self.copies_inputs = True  # they become whole numbers of steps
        self.bytes_of_weight, self.bytes_of_neuron = 1, 7
        self.bytes_of_input = {"float": 8, "double": 16}.get(self.kind_of_inputs(), 7)
        self.rename(parts_of("template_integer.h"))

    def own_model(self) -> Model:
        """Return the model unchanged, because folding would leave some weights no digits."""
        is_double = not self.is_single or bool(self.far_columns())
        self.whole = WholeNumbers(self.described, self.rows, is_double)
        return self.described

    def rounded(self) -> Any:
        """Return the model in whole numbers."""
        return self.whole

    def example_row(self) -> Row:
        """Return the rounded means of whole rows, because each row is the caller's own."""
        if self.rows and self.whole.inputs.kind:
            return [float(round(sum(column) / len(column))) for column in zip(*self.rows)]
        return super().example_row()

    def kind_of_inputs(self) -> str:
        """Return the type of inputs, which are whole if the rows given are."""
        return self.whole.inputs.kind or super().kind_of_inputs()

    def _input(self, value: float) -> str:
        return str(int(value)) if self.whole.inputs.kind else super()._input(value)

    # -- the header --------------------------------------------------------------------------------

    def whole_array(self, name: str, kind: str, *rows: Any) -> str:
        """Return a constant array of whole numbers."""
        size = str(sum(map(len, rows)))
        return self.array(name, [list(map(str, row)) for row in rows], kind, size)

    def layer(self, layer: Layer) -> tuple[str, str]:
        """Return a layer's arrays, and the loop that computes it."""
        k, m, n = layer.k, len(layer.weights), len(layer.biases)
        whole = self.whole.layers[k]
        arrays = [
            f"/* Layer {k + 1}, {m} x {n}: a row of weights for each neuron. */\n",
            self.whole_array(f"weights_{k}", "int8_t", *whole.weights),
            self.whole_array(f"biases_{k}", "int32_t", whole.biases),
        ]
        words = {"SOURCE": ("even", "odd")[k % 2], "COUNT": str(n), "WIDTH": str(m)}
        loop, value = ["loop"], "sum"
        if not layer.is_last or self.model.kind == "classifier":
            arrays.append(self.whole_array(f"factors_{k}", "uint16_t", whole.factors))
            arrays.append(self.whole_array(f"shifts_{k}", "uint8_t", whole.shifts))
            loop, value = ["loop", "scaled"], "value"
        if not layer.is_last:
            value = f"net_{_function(layer.activation)}(value{_settings(whole)})"
        target = "sums" if layer.is_last else ("odd", "even")[k % 2]
        step = "".join(self.fitted(self.parts[part], words) for part in loop)
        step = step.replace("_K", f"_{k}")
        return "".join(arrays), self.named(f"{step}        {target}[j] = {value};\n    }}")

    def activation(self, name: str) -> str:
        """Return the function of the last layer, which is computed in floats."""
        return super().activation(name) if name == self.model.network.output_activation else ""

    def holds(self) -> dict[str, Any]:
        """Return the conditions of the templates' parts and lines, and whether they hold."""
        hidden = map(_function, self.model.network.layer_activations[:-1])
        return {
            **super().holds(),
            **dict.fromkeys(hidden, True),
            "whole numbers": True,
            "whole inputs": self.whole.inputs.kind,
        }

    def words(self) -> dict[str, str]:
        """Return the model's own words and parts for those of the templates."""
        last, kind = self.model.network.output_activation, self.whole.inputs.kind
        scale, unit = self.whole.scale, " standard deviations" if self.model.inputs else ""
        low, high = (f"{(q - scale.zero) * scale.step:.3g}" for q in (0, self.whole.largest))
        worth, terms = self.whole.worth()
        outputs = self.array("worth", [[self.number(x, "the step of an output") for x in worth]])
        outputs += self.array("terms", [[self.number(x, "the mean of a target") for x in terms]])
        return {
            **super().words(),
            **self._reading(),
            "whole of outputs": outputs,
            "KIND": f"{kind}, {LIMITS.get(kind)}",
            "REACH": f"{low} to {high}{unit}",
            self.named("NET_LARGEST 32767"): self.named(f"NET_LARGEST {self.whole.largest}"),
            self.named("NET_HALF 16383"): self.named(f"NET_HALF {self.whole.half}"),
            "TABLE\n": self.whole_array("table", "uint16_t", self.whole.table) + "\n",
            "ACTIVATION;": ""
            if last == "linear"
            else f"{self.name}_{last}(outputs, {len(worth)});",
        }

    def _reading(self) -> dict[str, str]:
        """Return the numbers that make inputs whole, and how the function reads them."""
        kind, *rows = self.whole.inputs
        types = ["uint16_t", "int32_t", "uint8_t"] if kind else [self.kind_of_inputs()] * 2
        words = {"whole of scales": ""}
        for name, each, row in zip(("factor", "offset", "shift"), types, rows):
            texts = [str(x) if kind else self._input(x) for x in row]
            words[name.upper()] = texts[0]  # the same for all
            if self.model.inputs:
                words["whole of scales"] += self.array(f"{name}s", [texts], each)
                reader = each[:-2].upper() if kind else "READ"
                words[name.upper()] = self.named(f"NET_{reader}(&net_{name}s[i])")
        return words

    # -- what it takes -----------------------------------------------------------------------------

    def ram_bytes(self) -> int:
        """Return the bytes of whole numbers on the stack of net_predict_class."""
        return 2 * sum(self._buffers().values()) + 4 * self.model.network.sizes[-1]


def _settings(layer: WholeLayer) -> str:
    """Return the further arguments of the function for a layer's activation."""
    function = _function(layer.activation)
    if function == "curve":
        return f", {layer.stride}u, {LAST_PLACE // layer.stride}u"
    factor, shift = SLOPES.get(layer.activation, (0, 0))
    return f", {layer.scale.zero}, {factor}u, {shift}u" if function == "line" else ""


def _function(activation: str) -> str:
    """Return the part of the template for an activation of a hidden layer."""
    return {"relu": "ramp", "leaky_relu": "line", "linear": "line"}.get(activation, "curve")
