# ruff: noqa: RUF005
"""Gaussian naive Bayes and a confusion matrix: masks by class, variances, sums of logarithms."""

import numpy as np

np.random.seed(4)
X = np.vstack((np.random.randn(6, 2), np.random.randn(6, 2) + [2.0, 1.0]))
y = np.concatenate((np.zeros(6, dtype=int), np.ones(6, dtype=int)))
classes = np.unique(y)
mean, var = np.zeros((2, 2)), np.zeros((2, 2))
priors = np.zeros(2)
for i, c in enumerate(classes):
    X_c = X[y == c]
    mean[i, :], var[i, :] = X_c.mean(axis=0), X_c.var(axis=0)
    priors[i] = X_c.shape[0] / float(X.shape[0])


def predict(x):
    posteriors = []
    for i in range(len(classes)):
        density = np.exp(-((x - mean[i]) ** 2) / (2 * var[i])) / np.sqrt(2 * np.pi * var[i])
        posteriors.append(np.sum(np.log(density)) + np.log(priors[i]))
    return classes[np.argmax(posteriors)]


predicted = np.array([predict(x) for x in X])
confusion = np.zeros((2, 2), dtype=int)
for a, b in zip(y, predicted):
    confusion[a, b] += 1
print(np.round(mean, 5), np.round(var, 5), priors, sep="\n")
print(predicted, confusion, np.trace(confusion) / np.sum(confusion), sep="\n")
print(np.diag(confusion) / confusion.sum(axis=1), np.count_nonzero(predicted != y))
