"""A perceptron and an Adaline as classes, row by row, with where and standardized columns."""

import numpy as np


class Perceptron:
    def __init__(self, eta=0.1, n_iter=6):
        self.eta, self.n_iter = eta, n_iter

    def fit(self, X, y):
        self.w_ = np.zeros(1 + X.shape[1])
        self.errors_ = []
        for _ in range(self.n_iter):
            errors = 0
            for xi, target in zip(X, y):
                update = self.eta * (target - self.predict(xi))
                self.w_[1:] += update * xi
                self.w_[0] += update
                errors += int(update != 0.0)
            self.errors_.append(errors)
        return self

    def net_input(self, X):
        return np.dot(X, self.w_[1:]) + self.w_[0]

    def predict(self, X):
        return np.where(self.net_input(X) >= 0.0, 1, -1)


class Adaline(Perceptron):
    def fit(self, X, y):
        self.w_ = np.zeros(1 + X.shape[1])
        self.cost_ = []
        for _ in range(self.n_iter):
            errors = y - self.net_input(X)
            self.w_[1:] += self.eta * X.T.dot(errors)
            self.w_[0] += self.eta * errors.sum()
            self.cost_.append((errors**2).sum() / 2.0)
        return self


X = np.array([[5.1, 1.4], [4.9, 1.4], [4.7, 1.3], [7.0, 4.7], [6.4, 4.5], [6.9, 4.9]])
y = np.where(np.arange(6) < 3, -1, 1)
ppn = Perceptron().fit(X, y)
print(ppn.errors_, ppn.w_, ppn.predict(X))
X_std = np.copy(X)
X_std[:, 0] = (X[:, 0] - X[:, 0].mean()) / X[:, 0].std()
X_std[:, 1] = (X[:, 1] - X[:, 1].mean()) / X[:, 1].std()
ada = Adaline(eta=0.01, n_iter=5).fit(X_std, y)
print([f"{c:.6f}" for c in ada.cost_], ada.predict(X_std) == y)
print(X_std.mean(axis=0).round(6) + 0.0, X_std.std(axis=0).round(6))
