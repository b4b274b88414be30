"""Layers as classes: dense, ReLU and softmax with cross-entropy, trained by Adam."""

import numpy as np


class Dense:
    def __init__(self, n_inputs, n_neurons):
        self.weights = 0.1 * np.random.randn(n_inputs, n_neurons)
        self.biases = np.zeros((1, n_neurons))

    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.dot(inputs, self.weights) + self.biases

    def backward(self, dvalues):
        self.dweights = np.dot(self.inputs.T, dvalues)
        self.dbiases = np.sum(dvalues, axis=0, keepdims=True)
        self.dinputs = np.dot(dvalues, self.weights.T)


class ReLU:
    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.maximum(0, inputs)

    def backward(self, dvalues):
        self.dinputs = dvalues.copy()
        self.dinputs[self.inputs <= 0] = 0


class SoftmaxLoss:
    def forward(self, inputs, y_true):
        exp_values = np.exp(inputs - np.max(inputs, axis=1, keepdims=True))
        self.output = exp_values / np.sum(exp_values, axis=1, keepdims=True)
        y_pred = np.clip(self.output, 1e-7, 1 - 1e-7)
        if len(y_true.shape) == 1:
            confidences = y_pred[range(len(y_pred)), y_true]
        elif len(y_true.shape) == 2:
            confidences = np.sum(y_pred * y_true, axis=1)
        return np.mean(-np.log(confidences))

    def backward(self, y_true):
        samples = len(self.output)
        if len(y_true.shape) == 2:
            y_true = np.argmax(y_true, axis=1)
        self.dinputs = self.output.copy()
        self.dinputs[range(samples), y_true] -= 1
        self.dinputs = self.dinputs / samples


class Adam:
    def __init__(self, rate=0.05):
        self.rate, self.t = rate, 0

    def update(self, layer):
        if not hasattr(layer, "m"):
            layer.m, layer.v = np.zeros_like(layer.weights), np.zeros_like(layer.weights)
        layer.m = 0.9 * layer.m + 0.1 * layer.dweights
        layer.v = 0.999 * layer.v + 0.001 * layer.dweights**2
        m, v = layer.m / (1 - 0.9**self.t), layer.v / (1 - 0.999**self.t)
        layer.weights += -self.rate * m / (np.sqrt(v) + 1e-7)
        layer.biases += -self.rate * layer.dbiases


np.random.seed(7)
X = np.random.uniform(-1, 1, size=(15, 2))
y = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0)
one_hot = np.eye(3)[y]
dense1, relu, dense2, loss = Dense(2, 6), ReLU(), Dense(6, 3), SoftmaxLoss()
optimizer = Adam()
for epoch in range(41):
    dense1.forward(X)
    relu.forward(dense1.output)
    dense2.forward(relu.output)
    value = loss.forward(dense2.output, y if epoch % 2 else one_hot)
    predictions = np.argmax(loss.output, axis=1)
    accuracy = np.mean(predictions == y)
    if epoch % 10 == 0:
        print(f"epoch: {epoch}, acc: {accuracy:.3f}, loss: {value:.6f}")
    loss.backward(y if epoch % 2 else one_hot)
    dense2.backward(loss.dinputs)
    relu.backward(dense2.dinputs)
    dense1.backward(relu.dinputs)
    optimizer.t += 1
    for layer in (dense1, dense2):
        optimizer.update(layer)
print(predictions, y)
print(np.round(dense2.biases, 4), dense1.weights.shape)
