"""A hidden layer: the article's three-layer network learns XOR.

The answer is 1 if one of the first two inputs is 1 but not both. No single input predicts it, so
one layer of weights cannot learn it; a hidden layer can compute values that do. The new step is to
ask how much each hidden value contributed to the error: that is backpropagation. Source: Andrew
Trask, "A Neural Network in 11 lines of Python" (2015),
https://iamtrask.github.io/2015/07/12/basic-python-network/.
"""

import sys

sys.path.append(f"{sys.path[0]}/../..")  # to find purenet when this file is run directly

import purenet.np as np


def nonlin(x, deriv=False):
    """Return the sigmoid of x or, with deriv, the slope at a sigmoid's output x."""
    if deriv:
        return x * (1 - x)
    return 1 / (1 + np.exp(-x))


X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
y = np.array([[0], [1], [1], [0]])

np.random.seed(1)
syn0 = 2 * np.random.random((3, 4)) - 1  #           (3 x 4)
syn1 = 2 * np.random.random((4, 1)) - 1  #           (4 x 1)

for j in range(60000):
    l0 = X  #                                        (4 x 3)
    l1 = nonlin(np.dot(l0, syn0))  #                 (4 x 3) · (3 x 4) = (4 x 4)
    l2 = nonlin(np.dot(l1, syn1))  #                 (4 x 4) · (4 x 1) = (4 x 1)
    l2_error = y - l2  #                             (4 x 1)
    if j % 10000 == 0:
        print(f"Error:{np.mean(np.abs(l2_error)):.12g}")  # as many digits as Python 2 showed
    l2_delta = l2_error * nonlin(l2, deriv=True)  #  (4 x 1) * (4 x 1) = (4 x 1)
    l1_error = l2_delta.dot(syn1.T)  #               (4 x 1) · (1 x 4) = (4 x 4)      !!!
    l1_delta = l1_error * nonlin(l1, deriv=True)  #  (4 x 4) * (4 x 4) = (4 x 4)
    syn1 += l1.T.dot(l2_delta)  #                    (4 x 4) · (4 x 1) = (4 x 1)
    syn0 += l0.T.dot(l1_delta)  #                    (3 x 4) · (4 x 4) = (3 x 4)

# Places to look
#
# The line marked !!! sends the error back through the weights that brought it: a hidden value that
# had a large weight in the answer gets a large part of the blame.
#     python3 -m purenet trace --cell "l1_error[2][1]"
# Every matrix of one iteration, at the start and when half of the work is done:
#     python3 -m purenet trace
#     python3 -m purenet trace --at 30000
# What has each hidden unit learned? Compare the four rows of l1 after training with X and y.
#     python3 -m purenet trace --at 60000
#
# Exercises, each with the command that shows the answer:
# 1. Why can the sum of the pulls on a weight be near zero although no row is answered right?
#     python3 -m purenet trace --follow "syn0[0][1]"
# 2. What happens with two hidden units? (Not every seed succeeds.)
#     python3 -m purenet --hidden 2
#     python3 -m purenet why xor
# 3. The same without any notation, in lists, in loops, and as plain arithmetic:
#     python3 -m purenet lesson raw-lists --source
#     python3 -m purenet lesson loops --source
#     python3 -m purenet source
