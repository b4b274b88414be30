"""A Hopfield network: outer products store patterns, signs bring a noisy one back."""

import numpy as np

patterns = np.array([[1, -1, 1, -1, 1, -1], [1, 1, 1, -1, -1, -1]])
n = patterns.shape[1]
W = np.zeros((n, n))
for p in patterns:
    W += np.outer(p, p)
W[np.arange(n), np.arange(n)] = 0
W /= n
state = patterns[0].copy()
state[0] *= -1
print("noisy   ", state, "energy %.4f" % (-0.5 * state @ W @ state))
for _ in range(5):
    new = np.where(W.dot(state) >= 0, 1, -1)
    if np.array_equal(new, state):
        break
    state = new
print("restored", state, "energy %.4f" % (-0.5 * state @ W @ state), (state == patterns[0]).all())
print(W)
print(np.sign(W), np.any(W > 0.5), W[::-1, 1:3], W[W > 0].size, sep="\n")
