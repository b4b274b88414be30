"""Tables: learn a model from a CSV file, and report how it was understood and how good it is.

`learn("data.csv", target="y")` does what the command `train` does, and `read("data.csv")` gives a
`Table` to look at first. Nothing here prints: `learn` returns a `Learned` with the model, its
scores, and a sentence for whatever was guessed, filled in or left out.

Reading order: `csv_table` reads the cells, `columns` finds out what they mean, `problem` what there
is to learn, `scores` judges the answers, and `learning` puts these together. `notes` has the
sentences that name an option.
"""

from ..core import opener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .csv_table import Table, read
    from .learning import Learned, learn

__all__ = ["Learned", "Table", "learn", "read"]

__getattr__ = opener(
    __name__,
    {"Learned": "learning", "Table": "csv_table", "learn": "learning", "read": "csv_table"},
)
