"""Benchmarks: ratios of programs that run side by side, once their answers agree.

`timing` takes times of `workloads`, and `answers` checks their results. These run on MicroPython
too, and so does `inside`, which serves them to others. `harness` needs a desktop, and `processes`
starts processes.

`benchmark` defines a benchmark: `suite`, `cost` and `interpreters` measure the workloads;
`engines`, `parallel`, `quality`, `tables`, `carry`, `heap`, `chips` and `peers` each have a
question of their own. `compare` judges two measurements, `recompute` guards the stored answers.
`show` prints a benchmark's file again, and `chart` draws it with `plot`; `page` puts both into
README.md, from the files in results/.
"""
