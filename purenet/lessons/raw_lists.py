"""The three-layer network without notation: every operation is a call of `purenet.core.matrix`.

Each line is the same line of `three_layer.py`. The operations behind `*`, `-` and `.T` have names
here, and a matrix is a list of rows.
"""

import sys

sys.path.append(f"{sys.path[0]}/../..")  # to find purenet when this file is run directly

from purenet.core.activations import sigmoid, sigmoid_slope
from purenet.core.matrix import add, apply, dot, mean_absolute, multiply, subtract, transpose
from purenet.core.mt19937 import MT19937

X = [[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]]
y = [[0.0], [1.0], [1.0], [0.0]]

generator = MT19937(1)  # the generator that np.random.seed(1) seeds
syn0 = [[2.0 * generator.random() - 1.0 for _ in range(4)] for _ in range(3)]
syn1 = [[2.0 * generator.random() - 1.0 for _ in range(1)] for _ in range(4)]

for j in range(60000):
    l0 = X  #                                                    (4 x 3)
    l1 = apply(sigmoid, dot(l0, syn0))  #                        (4 x 3) · (3 x 4) = (4 x 4)
    l2 = apply(sigmoid, dot(l1, syn1))  #                        (4 x 4) · (4 x 1) = (4 x 1)
    l2_error = subtract(y, l2)  #                                (4 x 1)
    if j % 10000 == 0:
        print(f"Error:{mean_absolute(l2_error):.12g}")
    l2_delta = multiply(l2_error, apply(sigmoid_slope, l2))  #   (4 x 1) * (4 x 1) = (4 x 1)
    l1_error = dot(l2_delta, transpose(syn1))  #                 (4 x 1) · (1 x 4) = (4 x 4)
    l1_delta = multiply(l1_error, apply(sigmoid_slope, l1))  #   (4 x 4) * (4 x 4) = (4 x 4)
    syn1 = add(syn1, dot(transpose(l1), l2_delta))  #            (4 x 4) · (4 x 1) = (4 x 1)
    syn0 = add(syn0, dot(transpose(l0), l1_delta))  #            (3 x 4) · (4 x 4) = (3 x 4)

# Places to look
#
# syn1 = add(...) makes a new list, while += in three_layer.py changes the array. Nothing else uses
# the old list, so the numbers are the same.
# dot, transpose and the rest are a few lines each: purenet/core/matrix.py.
#
# Exercises, each with the command that shows the answer:
# 1. dot(l2_delta, syn1), without the transpose: what does it say?
#     python3 -m purenet why transpose
# 2. `Network([3, 4, 1], seed=1).train(X, y, epochs=60_000)` trains the same network. Are its errors
# the same?
#     python3 -m purenet
# 3. Go down one more step, to nothing but `for` and `math.exp`:
#     python3 -m purenet lesson loops --source
