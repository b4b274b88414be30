"""Small data that ships with the package, so that every example runs offline.

Two toy problems are written out below: the article's inputs with its two targets. Two real ones are
in files of this folder; each names its source and license in its first lines as well:

`iris.csv`
    150 flowers. Measured by Edgar Anderson, published by R. A. Fisher, "The use of multiple
    measurements in taxonomic problems", Annals of Eugenics 7 (1936), 179-188,
    https://doi.org/10.1111/j.1469-1809.1936.tb02137.x. UCI Machine Learning Repository,
    https://doi.org/10.24432/C56C76, license CC BY 4.0. Changed from the UCI file: rows 35
    and 38, counted from 1, are as Fisher printed them; "Iris-" is cut from the species.
`digits.txt.gz`
    1,797 images. E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits"
    (1998), its test set, `optdigits.tes`. UCI Machine Learning Repository,
    https://doi.org/10.24432/C50P49, license CC BY 4.0. Changed from the UCI file: only the layout,
    one character a pixel.

The license: https://creativecommons.org/licenses/by/4.0/. The article: Andrew Trask, "A Neural
Network in 11 lines of Python" (2015), https://iamtrask.github.io/2015/07/12/basic-python-network/.

Curved problems are made rather than stored: `curved(name, rows, seed)` draws one of `CURVED`.

Every function returns a pair `(X, y)` of new lists, one example a row, which the caller may
change. A data file is read anew on each call and never kept.
"""

from __future__ import annotations

from .curved import CURVED, curved

__all__ = ["CURVED", "article_two_layer", "curved", "digits", "iris", "xor"]

# digits.txt.gz writes ink, 0 to 16, as one digit of base 17.
_INK = {figure: float(value) for value, figure in enumerate("0123456789abcdefg")}


def xor() -> tuple[list[list[float]], list[list[float]]]:
    """Return the article's XOR problem: X (4 x 3) and y (4 x 1), all 0.0 or 1.0.

    y is 1 if exactly one of the first two columns is 1. No single layer of weights can learn that;
    the article's three-layer network does.

    The third column is always 1 because that network has no biases: the weights that leave
    this column are added to the hidden sums whatever the row, which is what a bias does.
    Without it the row [0, 0] would give every hidden unit a sum of 0, whatever the weights.

    Source: Andrew Trask's article, see the top of this module.

    >>> X, y = xor()
    >>> X
    [[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]]
    >>> y
    [[0.0], [1.0], [1.0], [0.0]]
    """
    return _article_inputs(), [[0.0], [1.0], [1.0], [0.0]]


def article_two_layer() -> tuple[list[list[float]], list[list[float]]]:
    """Return the article's first problem: X (4 x 3) and y (4 x 1), all 0.0 or 1.0.

    X is that of `xor`, third column included; y is its first column, so one layer of weights
    is enough. Source: Andrew Trask's article, see the top of this module.

    >>> X, y = article_two_layer()
    >>> y
    [[0.0], [0.0], [1.0], [1.0]]
    >>> y == [row[:1] for row in X]
    True
    """
    return _article_inputs(), [[0.0], [0.0], [1.0], [1.0]]


def iris() -> tuple[list[list[float]], list[str]]:
    """Return Fisher's iris flowers: X (150 x 4) in cm, and y, the 150 names of their species.

    The columns are sepal length, sepal width, petal length and petal width. Rows 0 to 49 are
    "setosa", 50 to 99 "versicolor", 100 to 149 "virginica": shuffle before you split.

    The numbers are those of Fisher (1936), R and scikit-learn. The UCI file has errors in its
    rows 35 and 38, counted from 1: it says 4.9, 3.1, 1.5, 0.1 in both. Source and license: see
    the top of this module.

    >>> X, y = iris()
    >>> X[0], y[0]
    ([5.1, 3.5, 1.4, 0.2], 'setosa')
    >>> X[35 - 1], X[38 - 1]
    ([4.9, 3.1, 1.5, 0.2], [4.9, 3.6, 1.4, 0.1])
    """
    _, *lines = _lines("iris.csv")
    rows = [line.split(",") for line in lines]
    return [[float(cm) for cm in row[:4]] for row in rows], [row[4] for row in rows]


def digits() -> tuple[list[list[float]], list[int]]:
    """Return handwritten digits: X (1797 x 64), ink from 0.0 to 16.0, and y, 1797 ints 0 to 9.

    A row of X is an image of 8 x 8 pixels, row by row from the top left. A pixel counts the
    black dots in one 4 x 4 block of the 32 x 32 bitmap: 0 is blank paper, 16 is solid ink.

    These are the images and the order of scikit-learn's `load_digits`: the test set of the UCI
    data, from 13 writers. Source and license: see the top of this module.

    >>> X, y = digits()
    >>> y[0]
    0
    >>> for start in range(0, 64, 8):
    ...     print(*(f"{ink:2.0f}" for ink in X[0][start : start + 8]))
     0  0  5 13  9  1  0  0
     0  0 13 15 10 15  5  0
     0  3 15  2  0 11  8  0
     0  4 12  0  0  8  8  0
     0  5  8  0  0  9  8  0
     0  4 11  0  1 12  7  0
     0  2 14  5 10 12  0  0
     0  0  6 13 10  0  0  0
    """
    rows = [line.split(" ") for line in _lines("digits.txt.gz")]
    return [[_INK[figure] for figure in row[1]] for row in rows], [int(row[0]) for row in rows]


def _article_inputs() -> list[list[float]]:
    return [[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]]


def _lines(name: str) -> list[str]:
    """Return the lines of a data file in this folder, without its `#` comments."""
    # Imported here, because `import purenet` has to be fast and rarely needs the data.
    import gzip
    import pkgutil

    # Not open(), because a package inside a zip file has no path to open.
    data = pkgutil.get_data(__name__, name)
    if data is None:
        raise FileNotFoundError(f"{__name__}: {name}: this package's importer reads no files")
    if name.endswith(".gz"):
        data = gzip.decompress(data)
    return [line for line in data.decode("ascii").splitlines() if not line.startswith("#")]
