"""XOR with momentum, whose velocities are made by zeros_like, in a list of layers."""

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


np.random.seed(3)
sizes = [2, 4, 1]
biases = [np.random.randn(n, 1) for n in sizes[1:]]
weights = [np.random.randn(n, m) for m, n in zip(sizes[:-1], sizes[1:])]
velocities = [np.zeros_like(w) for w in weights]
data = [(np.array([[a], [b]]), np.array([[a ^ b]])) for a in (0, 1) for b in (0, 1)]
for epoch in range(200):
    nabla_b = [np.zeros(b.shape) for b in biases]
    nabla_w = [np.zeros(w.shape) for w in weights]
    for x, y in data:
        activation, activations, zs = x, [x], []
        for b, w in zip(biases, weights):
            z = np.dot(w, activation) + b
            zs.append(z)
            activation = sigmoid(z)
            activations.append(activation)
        delta = (activations[-1] - y) * sigmoid(zs[-1]) * (1 - sigmoid(zs[-1]))
        for k in range(1, len(sizes)):
            if k > 1:
                slope = sigmoid(zs[-k]) * (1 - sigmoid(zs[-k]))
                delta = np.dot(weights[-k + 1].transpose(), delta) * slope
            nabla_b[-k] += delta
            nabla_w[-k] += np.dot(delta, activations[-k - 1].transpose())
    velocities = [0.9 * v - 0.5 * g for v, g in zip(velocities, nabla_w)]
    weights = [w + v for w, v in zip(weights, velocities)]
    biases = [b - 0.5 * g for b, g in zip(biases, nabla_b)]
    if epoch % 50 == 0:
        print(epoch, round(float(sum(np.linalg.norm(g) ** 2 for g in nabla_w)), 6))
for x, y in data:
    a = x
    for b, w in zip(biases, weights):
        a = sigmoid(np.dot(w, a) + b)
    print(x.ravel(), y.item(), np.round(a, 3))
