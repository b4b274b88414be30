"""Benchmarks: ratios of programs that run side by side, once their answers agree.

`timing` takes times of `workloads`, and `answers` checks their results. These run on MicroPython
too, and so does `inside`, which serves them to others. `one_file` puts those of `portable` into one
file for any other Python, with `board` as its program. `harness` needs a desktop, and `processes`
starts processes.

`benchmark` defines a benchmark: `suite`, `cost` and `interpreters` measure the workloads;
`engines`, `large`, `parallel`, `quality`, `tables`, `carry`, `heap`, `chips` and `peers` each have
a question of their own. `long_run` goes round for minutes and takes no times. `compare` judges two
measurements, `recompute` guards the stored answers. `show` prints a benchmark's file again, and
`chart` draws it with `plot`; `page` puts both into README.md, from the files in results/.
"""
