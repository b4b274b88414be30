# ruff: noqa: UP031
"""Ridge regression by gradient descent, judged by k folds that concatenate joins."""

import numpy as np

np.random.seed(11)
n, k = 20, 4
X = np.random.uniform(-1, 1, (n, 3))
X = np.hstack((np.ones((n, 1)), X))
true_w = np.array([0.5, -1.0, 2.0, 0.0])
y = X.dot(true_w) + 0.1 * np.random.randn(n)


def fit(X, y, rate=0.1, decay=0.01, epochs=100):
    w = np.zeros(X.shape[1])
    for _ in range(epochs):
        error = X.dot(w) - y
        w -= rate * (2.0 / len(y) * X.T.dot(error) + decay * w)
    return w


fold = n // k
scores = []
for i in range(k):
    test = slice(i * fold, (i + 1) * fold)
    kept = [X[j * fold : (j + 1) * fold] for j in range(k) if j != i]
    targets = [y[j * fold : (j + 1) * fold] for j in range(k) if j != i]
    X_train, y_train = np.concatenate(kept, axis=0), np.concatenate(targets)
    w = fit(X_train, y_train)
    residual = y[test] - X[test] @ w
    r2 = 1 - np.sum(residual**2) / np.sum((y[test] - np.mean(y[test])) ** 2)
    scores.append(r2)
    print(i, X_train.shape, y_train.shape, np.round(w, 4), "%.5f" % r2)
print(
    "%.5f +- %.5f" % (np.mean(scores), np.std(scores)), np.argmax(scores), np.median(scores) > 0.9
)
