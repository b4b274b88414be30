# ruff: noqa: UP031
"""Dropout by binomial masks, and sampling by choice."""

import numpy as np

np.random.seed(9)
X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
y = np.array([[0, 1, 1, 0]]).T
syn0, syn1 = 2 * np.random.random((3, 8)) - 1, 2 * np.random.random((8, 1)) - 1
keep = 0.8
for j in range(60):
    l1 = 1 / (1 + np.exp(-(np.dot(X, syn0))))
    l1 *= np.random.binomial(1, keep, size=l1.shape) * (1.0 / keep)
    l2 = 1 / (1 + np.exp(-(np.dot(l1, syn1))))
    l2_delta = (y - l2) * (l2 * (1 - l2))
    l1_delta = l2_delta.dot(syn1.T) * (l1 * (1 - l1))
    syn1 += l1.T.dot(l2_delta)
    syn0 += X.T.dot(l1_delta)
    if j % 20 == 0:
        print("%.6f" % np.mean(np.abs(y - l2)))
p = np.exp([0.1, 0.5, 2.0])
p = p / p.sum()
print([int(np.random.choice(range(3), p=p.ravel())) for _ in range(6)])
print(np.random.choice(12, 5, replace=False))
