"""One layer of weights: the article's two-layer network, three inputs and one output.

The target is simply the first input. The network does not know that: it finds out which column
predicts the answer by nudging three weights ten thousand times. Source: Andrew Trask, "A Neural
Network in 11 lines of Python" (2015), https://iamtrask.github.io/2015/07/12/basic-python-network/.
"""

import sys

sys.path.append(f"{sys.path[0]}/../..")  # to find purenet when this file is run directly

import purenet.np as np


def nonlin(x, deriv=False):
    """Return the sigmoid of x or, with deriv, the slope at a sigmoid's output x."""
    if deriv:
        # With f the sigmoid, the slope at some input is f(input) * (1 - f(input)). Some printings
        # of the article, the Russian ones among them, return f(x) * (1 - f(x)) with an undefined f:
        # change that to this line. Below, x is l1, which is already f(input). The slope is at most
        # 0.25, where x is 0.5.
        return x * (1 - x)
    return 1 / (1 + np.exp(-x))


X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
y = np.array([[0, 0, 1, 1]]).T

np.random.seed(1)
syn0 = 2 * np.random.random((3, 1)) - 1  #     (3 x 1), from -1 to 1

for _ in range(10000):
    l0 = X  #                                  (4 x 3)
    l1 = nonlin(np.dot(l0, syn0))  #           (4 x 3) · (3 x 1) = (4 x 1)
    l1_error = y - l1  #                       (4 x 1)
    l1_delta = l1_error * nonlin(l1, True)  #  (4 x 1) * (4 x 1) = (4 x 1)      !!!
    syn0 += np.dot(l0.T, l1_delta)  #          (3 x 4) · (4 x 1) = (3 x 1)      !!!

print("Output After Training:")
print(l1)

# Places to look
#
# Compare l1 in the first iteration, which is a guess, with l1 in the last, which is an answer.
#     python3 -m purenet trace two-layer
#     python3 -m purenet trace two-layer --at 9999
# Follow l1_error: it shrinks quickly at first, and then more and more slowly.
#     python3 -m purenet trace two-layer --follow "l1_error[0][0]"
# The first line marked !!! says how much each answer should change: where the network is sure (l1
# near 0 or 1), the slope is small, so a sure answer changes little. At l1 = 0.5 the slope is
# largest: 0.25.
#     python3 -m purenet why slope
# The second one says how much each weight does change: every row adds its input times its delta.
# The first weight grows to 9.67, because its column equals the answer in every row. It passes 9.5,
# the weight in the article's picture, after 8,448 updates.
#     python3 -m purenet trace two-layer --follow "syn0[0][0]"
#     python3 -m purenet trace two-layer --at 8447 --follow "syn0[0][0]" --until 8448
#
# Exercises, each with the command that shows the answer:
# 1. Which of the four rows pull the second weight up in the first iteration, and which down?
#     python3 -m purenet trace two-layer --follow "syn0[1][0]"
# 2. By hand: the first row is [0, 0, 1]. Which single weight decides l1[0][0]?
#     python3 -m purenet trace two-layer --cell "l1[0][0]"
# 3. The third column is always 1. What is it for?
#     python3 -m purenet why bias
