"""The three-layer network with nothing but `for` and `math.exp`.

Every number is computed in plain sight. i counts the examples, j the inputs, and k the hidden
units; there is one output, so it needs no counter. The first weights are written out: they are the
values of `2 * random() - 1` after NumPy's seed 1.
"""

import math

X = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
y = [0, 1, 1, 0]

syn0 = [
    [-0.165955990594852, 0.4406489868843162, -0.9997712503653102, -0.39533485473632046],
    [-0.7064882183657739, -0.8153228104624044, -0.6274795772446582, -0.3088785459139045],
    [-0.20646505153866013, 0.07763346800671389, -0.1616109711934104, 0.370439000793519],
]
syn1 = [-0.5910955005369651, 0.7562348727818908, -0.9452248136041477, 0.34093502035680445]

for iteration in range(60000):
    error = 0.0
    syn0_change = [[0.0] * 4 for j in range(3)]
    syn1_change = [0.0] * 4
    for i in range(4):
        # Forward: each hidden unit adds up its weighted inputs and squashes the sum.
        l1 = []
        for k in range(4):
            z = 0.0
            for j in range(3):
                z += X[i][j] * syn0[j][k]
            l1.append(1 / (1 + math.exp(-z)))
        z = 0.0
        for k in range(4):
            z += l1[k] * syn1[k]
        l2 = 1 / (1 + math.exp(-z))

        # Backward: the error times the slope, then through each weight to the hidden unit.
        l2_error = y[i] - l2
        error += abs(l2_error)
        l2_delta = l2_error * (l2 * (1 - l2))
        for k in range(4):
            l1_error = l2_delta * syn1[k]
            l1_delta = l1_error * (l1[k] * (1 - l1[k]))
            syn1_change[k] += l1[k] * l2_delta
            for j in range(3):
                syn0_change[j][k] += X[i][j] * l1_delta

    if iteration % 10000 == 0:
        print(f"Error:{error / 4:.12g}")

    # The weights change only now, after all four examples.
    for k in range(4):
        syn1[k] += syn1_change[k]
        for j in range(3):
            syn0[j][k] += syn0_change[j][k]

# Places to look
#
# The three nested loops around X[i][j] * syn0[j][k] are a complete matrix product.
# syn0_change adds up over i, the examples: with matrices, X.T.dot(l1_delta) does that.
# The weights change after the loop over i, not in it. If they changed in it, this would be online
# learning, one example at a time: a different program, with different numbers.
#
# Exercises, each with the command that shows the answer:
# 1. How many multiplications does one iteration take, forward, backward and in the changes? (Count
# the loops' here, and compare with the stars that are written out there.)
#     python3 -m purenet source
# 2. Which of them multiply by 0 or 1, and could be left out?
#     python3 -m purenet source --tuned
# 3. Does the order in which the examples are added up matter?
#     python3 -m purenet why last-digits
