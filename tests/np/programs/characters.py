# ruff: noqa: UP031
"""A recurrent character model: one-hot vectors, tanh, gradients clipped in place, Adagrad."""

import numpy as np

data = "hello hello help "
chars = sorted(set(data))
size, hidden = len(chars), 8
to_ix = {ch: i for i, ch in enumerate(chars)}
np.random.seed(5)
Wxh = np.random.randn(hidden, size) * 0.1
Whh = np.random.randn(hidden, hidden) * 0.1
Why = np.random.randn(size, hidden) * 0.1
bh, by = np.zeros((hidden, 1)), np.zeros((size, 1))


def loss_of(inputs, targets, hprev):
    xs, hs, ps, loss = {}, {-1: np.copy(hprev)}, {}, 0
    for t in range(len(inputs)):
        xs[t] = np.zeros((size, 1))
        xs[t][inputs[t]] = 1
        hs[t] = np.tanh(np.dot(Wxh, xs[t]) + np.dot(Whh, hs[t - 1]) + bh)
        y = np.dot(Why, hs[t]) + by
        ps[t] = np.exp(y) / np.sum(np.exp(y))
        loss += -np.log(ps[t][targets[t], 0])
    dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
    dbh, dby = np.zeros_like(bh), np.zeros_like(by)
    dhnext = np.zeros_like(hs[0])
    for t in reversed(range(len(inputs))):
        dy = np.copy(ps[t])
        dy[targets[t]] -= 1
        dWhy += np.dot(dy, hs[t].T)
        dby += dy
        dh = np.dot(Why.T, dy) + dhnext
        dhraw = (1 - hs[t] * hs[t]) * dh
        dbh += dhraw
        dWxh += np.dot(dhraw, xs[t].T)
        dWhh += np.dot(dhraw, hs[t - 1].T)
        dhnext = np.dot(Whh.T, dhraw)
    for dparam in [dWxh, dWhh, dWhy, dbh, dby]:
        np.clip(dparam, -5, 5, out=dparam)
    return loss, [dWxh, dWhh, dWhy, dbh, dby], hs[len(inputs) - 1]


memory = [np.zeros_like(p) for p in (Wxh, Whh, Why, bh, by)]
smooth = -np.log(1.0 / size) * 8
for n in range(20):
    hprev = np.zeros((hidden, 1))
    for p in (0, 8):
        inputs = [to_ix[ch] for ch in data[p : p + 8]]
        targets = [to_ix[ch] for ch in data[p + 1 : p + 9]]
        loss, grads, hprev = loss_of(inputs, targets, hprev)
        smooth = smooth * 0.9 + loss * 0.1
        for param, dparam, mem in zip([Wxh, Whh, Why, bh, by], grads, memory):
            mem += dparam * dparam
            param += -0.1 * dparam / np.sqrt(mem + 1e-8)
    if n % 5 == 0:
        print("iter %d, loss: %f" % (n, smooth))
h, ix, out = np.zeros((hidden, 1)), to_ix["h"], "h"
for _ in range(12):
    x = np.zeros((size, 1))
    x[ix] = 1
    h = np.tanh(np.dot(Wxh, x) + np.dot(Whh, h) + bh)
    ix = np.argmax((np.dot(Why, h) + by).ravel())
    out += chars[ix]
print(out)
