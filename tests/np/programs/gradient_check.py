# ruff: noqa: UP031
"""The gradient of a small network beside slopes measured by differences, element by element."""

import numpy as np

np.random.seed(2)
X, t = np.random.rand(5, 3), np.array([0, 2, 1, 1, 0])
params = {
    "W1": np.random.randn(3, 4),
    "b1": np.zeros(4),
    "W2": np.random.randn(4, 3),
    "b2": np.zeros(3),
}


def softmax(x):
    x = x - np.max(x, axis=-1, keepdims=True)
    return np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True)


def forward():
    a1 = np.dot(X, params["W1"]) + params["b1"]
    z1 = 1 / (1 + np.exp(-a1))
    return z1, softmax(np.dot(z1, params["W2"]) + params["b2"])


def loss():
    y = forward()[1]
    return -np.sum(np.log(y[np.arange(len(t)), t] + 1e-7)) / len(t)


def numerical_gradient(f, x):
    h = 1e-4
    grad = np.zeros_like(x)
    for i in range(x.size):
        tmp = x.flat[i]
        x.flat[i] = tmp + h
        fxh1 = f()
        x.flat[i] = tmp - h
        fxh2 = f()
        grad.flat[i] = (fxh1 - fxh2) / (2 * h)
        x.flat[i] = tmp
    return grad


z1, y = forward()
dy = (y - np.eye(3)[t]) / len(t)
da1 = np.dot(dy, params["W2"].T) * z1 * (1.0 - z1)
grads = {
    "W1": np.dot(X.T, da1),
    "b1": np.sum(da1, axis=0),
    "W2": np.dot(z1.T, dy),
    "b2": np.sum(dy, axis=0),
}
for key in params:
    measured = numerical_gradient(loss, params[key])
    difference = np.mean(np.abs(measured - grads[key]))
    print(key, difference < 1e-5, np.allclose(measured, grads[key], atol=1e-5))
    print(np.round(grads[key], 5))
print("%.8f" % loss())
