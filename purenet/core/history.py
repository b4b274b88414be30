"""What a training run records, and the error of one that diverged."""

from .checks import PureNetError


class History:
    """The record of a training run: lists of the same length, and why the run ended.

    `epochs` counts from 0. `loss` is the mean over the rows, each as the network saw it in that
    epoch, before it learned from it. `validation_loss` is measured after the epoch; without
    validation data that list stays empty. `stopped` says in words why the training ended, and
    `engine` which engine was chosen.

    >>> History()
    History(epochs=[], loss=[], validation_loss=[], stopped='', engine='lists')
    """

    def __init__(self) -> None:
        self.epochs: "list[int]" = []
        self.loss: "list[float]" = []
        self.validation_loss: "list[float]" = []
        self.stopped = ""
        self.engine = "lists"

    def __repr__(self) -> str:
        return (
            f"History(epochs={self.epochs}, loss={self.loss}, "
            f"validation_loss={self.validation_loss}, stopped={self.stopped!r}, "
            f"engine={self.engine!r})"
        )

    def record(self, epoch: int, loss: float, validation_loss: "float | None") -> None:
        """Add an entry for an epoch.

        >>> history = History()
        >>> history.record(0, 0.5, None)
        >>> history.epochs, history.loss, history.validation_loss
        ([0], [0.5], [])
        """
        self.epochs.append(epoch)
        self.loss.append(loss)
        if validation_loss is not None:
            self.validation_loss.append(validation_loss)


class Diverged(PureNetError):
    """Training reached NaN or infinity; the message says in which epoch, and what to try.

    `history` is the record until then. The network has the last finite weights.

    >>> issubclass(Diverged, PureNetError)
    True
    """

    history: History

    @classmethod
    def after(cls, epoch: int, history: History) -> "Diverged":
        """Return the error of a training that diverged in this epoch, and end its history with it.

        >>> str(Diverged.after(3, History()))[:20]
        'diverged in epoch 3:'
        """
        history.stopped = (
            f"diverged in epoch {epoch}: the loss or a weight is no longer a finite number; try a "
            'smaller learning_rate, reduction="mean", or inputs scaled to about 1'
        )
        error = cls(history.stopped)
        error.history = history
        return error
