"""The mathematics, with nothing but `math`: copy this folder anywhere, under any name.

Reading order: `matrix`, `activations`, `losses`, `network`, `training`, and then `optimizers` and
`mt19937`, which stand apart.
"""
