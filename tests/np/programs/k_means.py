# ruff: noqa: B007, UP031
"""K-means: distances by broadcasting, argmin, the mean of each cluster, until nothing moves."""

import numpy as np

np.random.seed(8)
X = np.random.rand(12, 2) + np.repeat(np.array([[0, 0], [3, 0], [0, 3]]), 4, axis=0)
centers = X[[0, 5, 9]]
for step in range(10):
    distances = np.stack([np.sqrt(np.sum((X - c) ** 2, axis=1)) for c in centers], axis=1)
    labels = np.argmin(distances, axis=1)
    moved = np.array([X[labels == k].mean(axis=0) for k in range(3)])
    if np.allclose(moved, centers):
        break
    centers = moved
print(step, labels, np.round(centers, 5), sep="\n")
for k in range(3):
    members = np.where(labels == k)[0]
    print(k, members, len(members), "%.5f" % np.linalg.norm(X[members] - centers[k], axis=1).sum())
order = np.argsort(distances[:, 0])
print(order[:4], np.round(np.sort(distances[:, 0])[:4], 5), np.round(np.cumsum(distances[0]), 5))
