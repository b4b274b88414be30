"""Benchmarks: ratios of things that ran side by side, and only after their answers agreed.

`timing` takes times, `workloads` are what is timed, `answers` what has to come out: these run on
MicroPython too, and so does `inside`, which serves them to others. `harness` has what needs a
desktop, `processes` what needs a process of its own. `suite`, `cost` and `interpreters` measure,
`compare` judges two measurements, `recompute` guards the stored answers. `engines`, `parallel`,
`quality`, `carry` and `heap` each have a question of their own. `peers` drives other libraries by
its `peer_adapters`; `with_pyperf` and the folder `pyperformance` are for users of those tools.
"""
