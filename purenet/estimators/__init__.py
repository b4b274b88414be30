"""Networks for real data, by scikit-learn's conventions and without scikit-learn.

`Classifier` and `Regressor` take raw rows. They standardize the inputs, hold back a part of the
rows to tell when the network starts to learn the others by heart, and keep the best weights.

Reading order: `arrays` converts a caller's rows, `preparation` scales columns, `descent` trains one
network, `sharding` spreads the work, `base` keeps the options, `estimator` puts these together,
`classifier` and `regressor` define the targets, and `outcome` judges a fit. `defaults` holds the
default choices, and `conventions` the requirements of scikit-learn.
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
