"""What files a fuzzer writes: a module for each format, which draws files that are nearly valid.

Each module has `draw(chance)`, which returns the bytes of a file and the options that reading it
needs; `ENDING`, that of its name; and `most_memory(data)`, which says what its size explains. A
file is put together from the format's own parts, and a fault may be in any of them: each part is
drawn, and then perhaps replaced by another.

`chance` has the methods of `random.Random`, so that a file is a number: `random.Random(number)`
draws it again, a million of them in a night. hypothesis's `randoms()` draws it too, and makes the
file smaller that it finds a failure with.
"""
