"""Benchmarks: ratios of things that ran side by side, and only after their answers agreed.

`timing` takes times, `workloads` are what is timed, `answers` what has to come out: these run on
MicroPython too, and so does `inside`, which serves them to others. `harness` has what needs a
desktop, `processes` what needs a process of its own.

`benchmark` says what a benchmark is: `suite`, `cost` and `interpreters` measure the workloads;
`engines`, `parallel`, `quality`, `carry`, `heap` and `peers` each have a question of their own.
`compare` judges two measurements, `recompute` guards the stored answers. What a benchmark wrote to
a file, `show` prints again and `chart` draws with `plot`; `page` puts both into README.md, from the
files in results/.
"""
