"""The choices that an estimator makes by default: how many units, and how many epochs.

An epoch of 40 rows is two updates and one of 100,000 rows is 3,000, and a network needs updates.
So `UPDATES` and `PATIENCE` count updates, and the number of rows turns them into epochs.

How these were chosen: on the five real and thirteen curved data sets of `python3 -m benchmarks
quality`, which prints their scores, with 5 to 60 seeds each. One thing was varied at a time:
units first, the rest with 16 tanh units or, for progress and the learning rate, with 32 relu units.

| tried | result |
|---|---|
| as many sigmoid units as inputs and outputs | stops on its first plateau: XOR wrong for 14 of 20 |
| 16 relu units | XOR wrong for 2 of 10: too many units are dead on 4 points |
| 32 relu units | all curved sets, but 0.04 less R² on diabetes, 0.006 less on breast_cancer |
| 8 tanh units | the real sets as well as 16 |
| **16 tanh units** | all curved sets, and no real set is worse |
| 24 tanh units | no better than 16, and 1.4 times the time |
| patience of 600 updates, not **360** | 0.008 more R² on the absolute value, a third more time |
| progress of 0.0001 of the trivial loss | the scores of **0.001**, up to twice the time |
| weight decay of 0.001 | digits 0.972 |
| **of 0.03** | digits 0.976, and no other set is worse |
| of 0.1 | digits 0.976 too, but parity wrong for 1 of 60, and 0.01 less R² on the sine |
| learning rate of 0.005 | the scores of **0.01** in 1.3 times the time |
"""

from __future__ import annotations

# The hidden layer has at least the first number of units, and at most the second: as many as
# inputs and outputs together, but no more than a quarter of the rows.
FEWEST_UNITS, MOST_UNITS = 16, 32

# The maximum number of updates, and the number without progress after which a training stops; but
# never fewer epochs than these, so that large tables are seen often enough.
UPDATES, PATIENCE = 7200, 360
FEWEST_EPOCHS, FEWEST_PATIENT = 200, 20

# Progress is a loss lower than before by this fraction of the trivial answer's loss. Less does not
# count: a classifier's loss falls towards 0 for thousands of epochs while its answers stay.
PROGRESS = 1e-3

# A loss that beats the trivial answer's by less than this fraction of it is hardly better.
HARDLY = 0.01

BATCH_SIZE = 32


def verdict(loss: float, trivial: float) -> str:
    """Return how a loss compares with that of the trivial answer, "" if it is better.

    >>> [verdict(loss, 1.0) for loss in (2.0, 0.999, 0.5)]
    ['no better', 'hardly better', '']
    """
    if not loss < trivial:  # NaN is no better either
        return "no better"
    return "hardly better" if loss > (1.0 - HARDLY) * trivial else ""


def hidden_units(inputs: int, outputs: int, rows: int) -> int:
    """Return the size of the hidden layer.

    >>> hidden_units(2, 2, 4), hidden_units(64, 10, 1000), hidden_units(10, 12, 1000)
    (16, 32, 22)
    """
    return max(FEWEST_UNITS, min(inputs + outputs, rows // 4, MOST_UNITS))


def epochs_for(rows: int, batch_size: int) -> tuple[int, int]:
    """Return the maximum number of epochs, and the number without progress that ends a training.

    >>> epochs_for(4, 4), epochs_for(100, 32), epochs_for(100_000, 32)
    ((7200, 360), (1800, 90), (200, 20))
    """
    updates = -(-rows // batch_size)
    return max(FEWEST_EPOCHS, -(-UPDATES // updates)), max(FEWEST_PATIENT, -(-PATIENCE // updates))
