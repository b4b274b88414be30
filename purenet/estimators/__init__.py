"""Networks for real data, by scikit-learn's conventions and without scikit-learn.

`Classifier` and `Regressor` take rows as they are. They standardize the inputs, hold back a part of
the rows to see where learning turns into learning by heart, and keep the weights that did best.

Reading order: `arrays` is the door, `preparation` scales columns, `descent` trains one network,
`sharding` spreads the work, `estimator` puts these together, `classifier` and `regressor` say what
a target is, `outcome` what a fit has come to; `defaults` has the choices where none is told, and
`conventions` is what scikit-learn asks of an estimator.
"""

from ..core import opener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .classifier import Classifier
    from .outcome import NotLearnedWarning
    from .regressor import Regressor

__all__ = ["Classifier", "NotLearnedWarning", "Regressor"]


__getattr__ = opener(
    __name__, {"Classifier": "classifier", "NotLearnedWarning": "outcome", "Regressor": "regressor"}
)
