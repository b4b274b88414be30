# ruff: noqa: N816
"""Mini-batches in the order of a permutation, and a random split."""

import numpy as np

np.random.seed(6)
X = np.random.randn(20, 3)
Y = (X.sum(axis=1, keepdims=True) > 0).astype(int)
w, b = np.random.normal(0.0, 0.1, (3, 1)), 0.0
for epoch in range(5):
    order = np.random.permutation(X.shape[0])
    shuffled_X, shuffled_Y = X[order], Y[order, :].reshape((20, 1))
    total = 0.0
    for k in range(0, 20, 6):
        x, y = shuffled_X[k : k + 6], shuffled_Y[k : k + 6]
        a = 1 / (1 + np.exp(-(x @ w + b)))
        total += -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a))
        dz = (a - y) / len(x)
        w -= 0.5 * x.T @ dz
        b -= 0.5 * dz.sum()
    print(epoch, order[:5], "%.6f" % (total / 20))
indices = np.arange(10)
np.random.shuffle(indices)
print(indices, np.random.randint(0, 10, size=4), np.round(w, 4).ravel())
