# ruff: noqa: B007
"""Pixels as integers: scaled, padded into flat rows, one-hot targets, a confusion of shapes."""

import numpy as np

glyphs = ["0110100110010110", "0010011000100111", "1110001001000111"]
images = np.array([[int(c) * 255 for c in glyph] for glyph in glyphs])
targets = np.array([0, 1, 2])
inputs = (images / 255.0 * 0.99) + 0.01
onehot = np.zeros((3, 3)) + 0.01
onehot[np.arange(3), targets] = 0.99
np.random.seed(1)
wih = np.random.rand(5, 16) - 0.5
who = np.random.rand(3, 5) - 0.5
sigmoid = lambda x: 1 / (1 + np.exp(-x))  # noqa: E731
for epoch in range(60):
    for record, target in zip(inputs, onehot):
        ins, outs = np.array(record, ndmin=2).T, np.array(target, ndmin=2).T
        hidden = sigmoid(np.dot(wih, ins))
        final = sigmoid(np.dot(who, hidden))
        output_errors = outs - final
        hidden_errors = np.dot(who.T, output_errors)
        who += 0.3 * np.dot(output_errors * final * (1.0 - final), np.transpose(hidden))
        wih += 0.3 * np.dot(hidden_errors * hidden * (1.0 - hidden), np.transpose(ins))
scorecard = []
for record, target in zip(inputs, targets):
    answer = sigmoid(who @ sigmoid(wih @ record.reshape(16, 1)))
    label = np.argmax(answer)
    scorecard.append(1 if label == target else 0)
    print(target, label, np.round(answer.flatten(), 3))
print("performance =", np.asarray(scorecard).sum() / np.asarray(scorecard).size)
print(
    images[0].reshape((4, 4)),
    np.flip(images[0].reshape(4, 4), 1)[0],
    images.max(),
    images.dtype == int,
)
