"""A neural network in eleven lines: the first program of the article, with a seed added.

Two layers of weights learn XOR. Everything that the other lessons take apart is here: the forward
pass (l1, l2), the two deltas, and the two updates. Source: Andrew Trask, "A Neural Network in
11 lines of Python" (2015), https://iamtrask.github.io/2015/07/12/basic-python-network/.
"""

import sys

sys.path.append(f"{sys.path[0]}/../..")  # to find purenet when this file is run directly

import purenet.np as np

np.random.seed(1)
X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
y = np.array([[0, 1, 1, 0]]).T
syn0 = 2 * np.random.random((3, 4)) - 1
syn1 = 2 * np.random.random((4, 1)) - 1
for _ in range(60000):
    l1 = 1 / (1 + np.exp(-(np.dot(X, syn0))))
    l2 = 1 / (1 + np.exp(-(np.dot(l1, syn1))))
    l2_delta = (y - l2) * (l2 * (1 - l2))
    l1_delta = l2_delta.dot(syn1.T) * (l1 * (1 - l1))
    syn1 += l1.T.dot(l2_delta)
    syn0 += X.T.dot(l1_delta)
print(l2)

# Places to look
#
# Ten seconds is long for sixteen weights: in this notation each *, - and np.exp is a call that
# makes a new array, with its numbers one by one in a list. The same arithmetic, written out for
# this one network, takes less than a second:
#     python3 -m purenet source
# print(l2) shows the outputs from before the last update of the weights. After it, the first one is
# 0.00260570 instead of 0.00260572, as this command prints:
#     python3 -m purenet
# l2 * (1 - l2) is the slope of the sigmoid, taken from its output. Why not from its input?
#     python3 -m purenet why slope
# l2_delta.dot(syn1.T): why is the matrix transposed, and what would happen if it were not?
#     python3 -m purenet why transpose
# y - l2, and then +=: other books subtract. Which is right?
#     python3 -m purenet why plus
#
# Exercises, each with the command that shows the answer:
# 1. From which numbers is the first of the sixteen in l1_delta computed, before any learning?
#     python3 -m purenet trace --cell "l1_delta[0][0]"
# 2. How wrong is the network with 3 hidden units, and how wrong with 10?
#     python3 -m purenet --hidden 3
#     python3 -m purenet --hidden 10
# 3. This program has sixteen lines of code: eleven are the article's. What are the other five for?
#     python3 -m purenet lesson eleven-lines --source
