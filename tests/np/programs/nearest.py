# ruff: noqa: UP031
"""Nearest neighbors with a vote, a weighted one, and the median as a regression."""

import numpy as np

X = np.array([[1.0, 1.1], [1.0, 1.0], [0.0, 0.0], [0.0, 0.1], [0.5, 0.4], [0.9, 0.2]])
labels = np.array([0, 0, 1, 1, 1, 0])
heights = np.array([10.0, 12.0, 3.0, 2.5, 6.0, 9.0])


def classify(x, k=3):
    differences = np.tile(x, (X.shape[0], 1)) - X
    distances = ((differences**2).sum(axis=1)) ** 0.5
    nearest = distances.argsort()[:k]
    values, counts = np.unique(labels[nearest], return_counts=True)
    weights = 1.0 / (distances[nearest] + 1e-9)
    mean = np.sum(weights * heights[nearest]) / np.sum(weights)
    return values[np.argmax(counts)], np.median(heights[nearest]), mean


for x in ([0.0, 0.2], [1.0, 0.9], [0.6, 0.5]):
    label, middle, mean = classify(np.array(x))
    print(x, label, middle, "%.6f" % mean)
minimum, ranges = X.min(0), X.max(0) - X.min(0)
normal = (X - np.tile(minimum, (len(X), 1))) / np.tile(ranges, (len(X), 1))
print(normal, np.percentile(heights, 25), np.percentile(heights, 75))
