# ruff: noqa: N816, UP031
"""A two-layer classifier of spirals: one-hot rows and losses by fancy indexing, ReLU by a mask."""

import numpy as np

np.random.seed(0)
N, D, K = 8, 2, 3
X, y = np.zeros((N * K, D)), np.zeros(N * K, dtype="uint8")
for j in range(K):
    ix = range(N * j, N * (j + 1))
    r = np.linspace(0.0, 1, N)
    t = np.linspace(j * 4, (j + 1) * 4, N) + np.random.randn(N) * 0.2
    X[ix] = np.c_[r * np.sin(t), r * np.cos(t)]
    y[ix] = j

h = 12
W, b = 0.1 * np.random.randn(D, h), np.zeros((1, h))
W2, b2 = 0.1 * np.random.randn(h, K), np.zeros((1, K))
step_size, reg = 1.0, 1e-3
num_examples = X.shape[0]
for i in range(60):
    hidden = np.maximum(0, np.dot(X, W) + b)
    scores = np.dot(hidden, W2) + b2
    exp_scores = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    losses = -np.log(probs[range(num_examples), y])
    data_loss = np.sum(losses) / num_examples
    loss = data_loss + 0.5 * reg * np.sum(W * W) + 0.5 * reg * np.sum(W2 * W2)
    if i % 10 == 0:
        print("iteration %d: loss %.6f" % (i, loss))
    dscores = probs.copy()
    dscores[range(num_examples), y] -= 1
    dscores /= num_examples
    dW2, db2 = np.dot(hidden.T, dscores), np.sum(dscores, axis=0, keepdims=True)
    dhidden = np.dot(dscores, W2.T)
    dhidden[hidden <= 0] = 0
    dW, db = np.dot(X.T, dhidden), np.sum(dhidden, axis=0, keepdims=True)
    dW2 += reg * W2
    dW += reg * W
    W += -step_size * dW
    b += -step_size * db
    W2 += -step_size * dW2
    b2 += -step_size * db2
predicted = np.argmax(np.maximum(0, X @ W + b) @ W2 + b2, axis=1)
print("training accuracy: %.2f" % np.mean(predicted == y))
print(predicted, (predicted == y).sum(), np.unique(predicted))
