"""Benchmarks: ratios of things that ran side by side, and only after their answers agreed.

`timing` takes times, `workloads` are what is timed, `answers` what has to come out: these run on
MicroPython too, and so does `inside`, which serves them to others. `harness` has what needs a
desktop, `processes` what needs a process of its own. `suite`, `cost` and `interpreters` measure,
`compare` judges two measurements, `recompute` guards the stored answers. `engines`, `parallel`,
`quality`, `carry`, `heap` and `peers` each have a question of their own.

What they wrote to files, `show` prints again and `chart` draws; `page` puts both into README.md,
from the files in results/.
"""
