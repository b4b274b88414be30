# ruff: noqa: UP031
"""Logistic regression as a course's exercise, with its assertions about shapes and kinds."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def propagate(w, b, X, Y):
    m = X.shape[1]
    A = sigmoid(np.dot(w.T, X) + b)
    cost = -1 / m * np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    dw, db = 1 / m * np.dot(X, (A - Y).T), 1 / m * np.sum(A - Y)
    assert dw.shape == w.shape
    assert db.dtype == float
    cost = np.squeeze(cost)
    assert cost.shape == ()
    return {"dw": dw, "db": db}, cost


w, b = np.array([[1.0], [2.0]]), 2.0
X, Y = np.array([[1.0, 2.0, -1.0], [3.0, 4.0, -3.2]]), np.array([[1, 0, 1]])
grads, cost = propagate(w, b, X, Y)
print("dw = " + str(grads["dw"]))
print("db = %.8f" % grads["db"])
print("cost = %.8f" % cost)
costs = []
for i in range(100):
    grads, cost = propagate(w, b, X, Y)
    w, b = w - 0.009 * grads["dw"], b - 0.009 * grads["db"]
    if i % 25 == 0:
        costs.append(float(np.round(cost, 6)))
print(costs, w, round(float(b), 6))
A = sigmoid(np.dot(w.T, X) + b)
prediction = np.zeros((1, 3))
for i in range(A.shape[1]):
    prediction[0, i] = 1 if A[0, i] > 0.5 else 0
assert prediction.shape == (1, 3)
print(prediction, (A > 0.5) * 1.0, 100 - np.mean(np.abs(prediction - Y)) * 100)
