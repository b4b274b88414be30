"""The fixed parts of an exported Python file, which run unchanged: see `python`.

The exporter cuts this file at the lines with a name between dashes. A file has the parts "for"
which the model fits, in this order, without the lines that are "for" another. In them, the names in
capitals that are assigned here become the model's own. Constants, activations and deltas become its
own, too.

Sandboxes that run other people's programs lack parts of Python. So the text uses only what all of
them have: functions, lists, `for`, `if` and `try`. It has no classes, no `a[i] += b`, no names that
begin with an underscore, no unpacking of tuples and no list times a number. It calls only the
built-in functions that RestrictedPython allows, so not `max`, `zip` and `enumerate`, except in the
program and in the style "bigint". Only `open` reads a program's input on every Python:
MicroPython's `input` does not notice its end, and Python 2's executes it. Text pasted into a
notebook or a web page runs as `__main__` too, but there `__file__` is missing. Sandboxes refuse the
name `__name__`, so the text asks `globals` for it.
"""

from math import exp, frexp, ldexp

CLASSES = ["a", "b"]
INPUTS = OUTPUTS = COUNT = 2
ZERO = 4231
LEAK = 0.01
ROW = [0.5, -1.5]
ANSWER = [2.5, 0.125]
LIMIT = 0.001
SLOPE = 1.0
STEPS = LAYERS = None


# -- note of lists for lists and no characters --
# WEIGHTS[k][j] are the weights of neuron j in layer k + 1, where layer 0 is the row.
#


# -- note of unrolled for unrolled --
# Every weight stands where it is used. layer_1_0 is the output of neuron 0 in layer 1.
#


# -- note of characters for characters --
# WEIGHTS[k][j] are the weights of neuron j in layer k + 1, COUNT characters each.
#


# -- note of float32 for float32 --
# WEIGHTS[k] are layer k + 1: for each neuron, its bias and its weights, four bytes each.
#


# -- note of int8 for int8 --
# WEIGHTS[k] are layer k + 1: for each neuron, its bias and its scale as text, then its weights as
# whole numbers of that scale, a byte each, in which 128 is 0.
#


# -- note of bigint for bigint --
# WEIGHTS[k] are layer k + 1: an integer for each input, with a weight of each neuron in slots. A
# weight of neuron j is a number of steps of 2**-SHIFTS[k][j]. The file needs Python 3.
#


# -- note of training for training --
# train(rows, targets, iterations) learns TARGET for each row that predict takes,
# by plain gradient descent: an iteration is one step over all rows. train_row(row, target) learns
# one row, in one step. They also take a learning_rate, by default RATE; gradients are added up
# over the rows, and the more rows, the smaller it has to be.
# Both functions change WEIGHTS and BIASES.  # for biases
# Both functions change WEIGHTS only.  # for no biases
#


# -- note of an example for no self-test --
# SHOWN
#  # for no compact file
# It takes these numbers, not rows of the table.  # for a compact file and encoded inputs
# Of a row, it checks only the length.  # for a compact file


# -- note of a table for a table --
# predict(row) also takes a dict with the cells of the table's columns: numbers, texts or None. A
# text that training did not have counts as missing, or as (other). Capital letters are equal to
# small ones, on MicroPython those from A to Z.
#


# -- note of a CSV for a program and a table --
# As a program, this file also reads the table as a CSV in UTF-8 that has the names of the columns
# in its first line. Lines before it may be comments that begin with #, but no titles. A cell in
# quotes has to end on its line. Numbers and dates have to be written as in training.
#


# -- note of a program for a program --
# As a program, it takes rows from its input, a row a line, and prints their answers:
#
#     python3 this_file.py < rows.csv


# -- note of a self-test for a self-test --
#     python3 this_file.py --self-test  # for a program
# self_test() raises ValueError if the answer for a row is not the model's own.  # for no program


# -- code of weights of characters for characters --
def weights_of(text, scale):
    """Return weights: whole numbers in base 92, less ZERO, times the scale."""
    weights = []
    for i in range(0, len(text), COUNT):
        number = 0
        for digit in text[i : i + COUNT]:
            number = number * 92 + ord(digit) - 35
        weights.append((number - ZERO) * scale)
    return weights


# -- code of slots for bigint --
def rows_of(size, data):
    """Return the integers in bytes, each of this size, the lowest byte first."""
    places = range(0, len(data), size)
    return [int.from_bytes(data[i : i + size], "little") for i in places]


def slot_sums(inputs, room, size, rows, shifts, biases):
    """Return, for each neuron of a layer, the sum of the inputs times its weights, and its bias."""
    largest = max(max(inputs), -min(inputs))
    if not largest < 1e150:
        raise ValueError("row: expected numbers, and sums of a layer, below 1e150")
    exponent = min(room - frexp(largest)[1], 500)
    scale = ldexp(1.0, exponent)
    total = rows[-1]  # in each slot what keeps a sum positive
    for x, row in zip(inputs, rows):
        steps = round(x * scale)
        if steps:
            total = total + steps * row
    length = size * len(shifts)
    data = (total & ((1 << 8 * length) - 1)).to_bytes(length, "little")
    start = 1 << 8 * size - 1
    number = int.from_bytes
    sums = []
    for j in range(len(shifts)):
        slot = number(data[size * j : size * j + size], "little") - start
        sums.append(ldexp(slot, -exponent - shifts[j]) + biases[j])
    return sums


# -- code of weights for all --
WEIGHTS = [[[0.5, -1.5], [1.0, 0.25]]]
BIASES = [[-0.0, -0.0]]


# -- python2 --
if b"0"[0] != 48:  # Python 2
    WEIGHTS = [map(bytearray, layer) for layer in WEIGHTS]  # type: ignore


# -- code of scales for scales --
MEANS = TARGET_MEANS = [0.0, 1.0]
DEVIATIONS = TARGET_DEVIATIONS = [1.0, 2.0]


# -- code of standardized for scales --
def standardized(row, means, deviations):
    """Return a standardized row: each number minus its mean, divided by its deviation."""
    return [(row[i] - means[i]) / deviations[i] for i in range(len(row))]


# -- code of sums for lists --
def weighted_sums(inputs, weights, biases):
    """Return, for each neuron of a layer, the sum of the inputs times its weights, and its bias."""
    sums = []
    for j in range(len(weights)):
        own = weights[j]
        total = -0.0  # adding to it changes nothing, not even the sign of a zero
        for i in range(len(own)):
            total = total + inputs[i] * own[i]
        sums.append(total + biases[j])
    return sums


# -- code of float32 for float32 --
def number(data, i):
    """Return the float32 in the four bytes from i on: a sign, an exponent and a fraction."""
    high = data[i + 3] * 256 + data[i + 2]
    exponent = high // 128 % 256
    fraction = high % 128 * 65536 + data[i + 1] * 256 + data[i]
    if exponent:
        fraction = fraction + 8388608
    else:
        exponent = 1
    value = ldexp(fraction, exponent - 150)
    return -value if high > 32767 else value


# -- code of layer for a pack --
def layer(inputs, blocks, activation):
    """Return each neuron's activation of its bias plus the sum of inputs times weights."""
    outputs = []
    for data in blocks:
        i = 0
        while i < len(data):
            bias = number(data, i)  # for float32
            i = i + 4  # for float32
            text = "".join([chr(code) for code in data[i : i + 28]])  # for int8
            i = i + 28  # for int8
            total = -0.0
            for x in inputs:
                total = total + x * number(data, i)  # for float32
                i = i + 4  # for float32
                total = total + x * (data[i] - 128)  # for int8
                i = i + 1  # for int8
            z = total + bias  # for float32
            z = total * float(text[14:]) + float(text[:14])  # for int8
            outputs.append(activation(z))
    return outputs


# -- sigmoid --
def sigmoid(z):
    """Return 1 / (1 + exp(-z)), which is 0 where exp(-z) is too large for a float."""
    try:
        return 1.0 / (1.0 + exp(-z))
    except (OverflowError, ValueError):  # the second on MicroPython
        return 0.0


# -- relu --
def relu(z):
    """Return z, or 0 where z is negative."""
    return 0.0 if z < 0.0 else z


# -- leaky_relu --
def leaky_relu(z):
    """Return z, or a hundredth of it where z is negative."""
    return LEAK * z if z < 0.0 else z


# -- softmax --
def softmax(sums):
    """Return positive numbers that add up to 1: exp(z) of each sum, divided by their total."""
    largest = sums[0]
    for z in sums:
        if z > largest:
            largest = z
    powers = [exp(z - largest) for z in sums]  # without the largest, exp could overflow
    total = 0.0
    for power in powers:
        total = total + power
    return [power / total for power in powers]


# -- code of activations for all --


# -- code of layers for training --
def layers(row):
    """Return the row, and the outputs of each layer after it."""
    return [row, weighted_sums(row, WEIGHTS[0], BIASES[0])]  # for the template
    return LAYERS


# -- code of missing for a table --
MISSING = []


# -- code of encode for a table --
def encode(row):
    """Return the inputs for a row of the table, a dict by column names; a list has them already."""
    inputs = []
    for column in COLUMNS:
        try:
            cell = row[column[0]]
        except (TypeError, IndexError):
            return row
        except KeyError:
            raise ValueError("row: it has no column " + repr(column[0]))
        text = "" if cell is None else ("%s" % (cell,)).strip()
        inputs = inputs + column[1](cell, text, column)
    return inputs


# -- code of number_of for number_of --
def number_of(cell, text, column):
    """Return a list with the number of a cell, or with the mean if it is missing."""
    is_number = isinstance(cell, (bool, int, float)) and cell - cell == 0
    number = column[3] if text in column[2] else column[4](text, column)
    return [finite(cell if is_number else number, "column " + repr(column[0]))]


# -- code of indicators for indicators --
def indicators(cell, text, column):
    """Return 1 for the text that a cell is, 0 for the others; perhaps one more for all others."""
    texts = column[4:]
    equal = [t for t in texts if t == text] or [t for t in texts if t.lower() == text.lower()]
    is_other = len(equal) != 1 and text not in column[2]
    return [float(equal == [each]) for each in texts] + [float(is_other)] * column[3]


# -- code of plain for plain --
def plain(text, column):
    """Return the number that Python reads, or the text."""
    is_odd = "_" in text or not text.strip("+-.")[:1].isdigit()  # 1_000, and . on MicroPython
    return text if is_odd else number_or_text(text)


# -- code of styled for styled --
def styled(text, column):
    """Return a number with marks of thousands, beside a unit or in parentheses, or the text."""
    for i in range(6):
        text = text.replace(column[7][i], "--'   "[i])
    bare = text.lstrip("+- ")
    for i in range(9, len(column), 2):  # what may stand before the number, and after it
        if bare.startswith(column[i]) and bare.endswith(column[i + 1]) and "(" not in text[1:]:
            digits = bare[len(column[i]) : len(bare) - len(column[i + 1])].lstrip("+- ").rstrip()
            groups = digits.partition(column[6])[0].split(column[5])
            sizes = [len(group) for group in groups[1:]]
            if not sizes or (sizes == [3] * len(sizes) and 0 < len(groups[0]) < 4):
                number = column[8]("".join(groups) + "." + digits.partition(column[6])[2], column)
                is_minus = ("(" in column[i]) != ("-" in text[: text.index(digits)])
                if isinstance(number, float):
                    return -number if is_minus else number
    return text


# -- code of days for days --
def days(text, column):
    """Return the days from 1970-01-01 to a date, with its time as a part of a day, or the text."""
    moment = text.upper().replace("Z", "+0000").replace("+", " +").replace("T", " ").partition(" ")
    date = moment[0].replace("/", "-").replace(".", "-").split("-")
    date = date + ["01"] * (len(date) == 2 and "-" in moment[0] and not column[5])
    clock = moment[2].replace(" ", "").replace("-", "+-").partition("+")
    time = ((clock[0].rstrip("APM").replace(",", ".") or "0:00") + ":00").split(":")[:3]
    zone = clock[2].replace(":", "") or "0000"
    pieces = date + time[:-1] + (time[-1] + ".0").split(".")[:2] + [zone.lstrip("-")]
    size = [len(piece) for piece in pieces]
    if len(date) != 3 or len(pieces) != 8 or 0 in size or not "".join(pieces).isdigit():
        return text
    fields = [int(piece) for piece in pieces]
    year = fields[column[5]]
    month = fields[column[6]]
    year = year + (0 if size[column[5]] == 4 else 2000 if year < 69 else 1900)
    last = 28 + (year % (4 if year % 100 else 400) == 0) if month == 2 else 30 + month * 9 // 8 % 2
    # A year has four digits, or two behind the day and the month, which have one or two.
    is_date = size[column[5]] in (4, column[5]) and size[1] < 3 and size[2 - column[5]] < 3
    is_date = is_date and year and 0 < month < 13 and 0 < fields[column[7]] <= last
    is_time = size[4:6] + size[7:] == [2, 2, 4] and fields[3] < 25 and fields[4] < 60
    if not (is_date and is_time and fields[5] < 61):
        return text
    hours = fields[3] % 12 + 12 * ("P" in clock[0]) if "M" in clock[0] else fields[3]
    east = (fields[7] // 100 * 60 + fields[7] % 100) * (-1 if "-" in zone else 1)
    seconds = (hours * 60 + fields[4] - east) * 60 + float(pieces[5] + "." + pieces[6])
    year = year - (month < 3)  # a year that begins in March ends with its leap day
    count = 365 * year + year // 4 - year // 100 + year // 400 + (153 * ((month + 9) % 12) + 2) // 5
    return count + fields[column[7]] - 719469 + seconds / 86400  # less the days before 1970-01-01


# -- code of number_or_text for rows of text --
def number_or_text(word):
    """Return the number that a word is, or the word."""
    try:
        return float(word)
    except ValueError:
        return word


# -- code of columns for a table --
COLUMNS = []


# -- code of checked for no compact file --
def checked(numbers, count, name):
    """Return a list of `count` numbers as floats, or raise a ValueError that names it."""
    try:
        size = len(numbers)
    except TypeError:
        size = -1
    if size != count:
        wanted = name + ": expected a list of length " + str(count)
        raise ValueError(wanted + ", got " + repr(numbers)[:60])
    return [finite(number, name) for number in numbers]


def finite(number, name):
    """Return a number as a float; raise ValueError for NaN, infinity and anything else."""
    try:
        value = float(number - 0)  # text has no minus
    except (TypeError, ValueError, ArithmeticError):
        value = float("nan")
    if value - value != 0.0:
        raise ValueError(name + ": expected finite numbers, got " + repr(number)[:60])
    return value


# -- code of predict for all --
def predict(row):
    """Return the probability of each class, in the order of CLASSES."""  # for a class
    """Return the predicted number."""  # for a number
    """Return the list of outputs."""  # for numbers
    if len(row) != INPUTS:  # for a compact file
        raise ValueError("row: expected a list of length INPUTS")  # for a compact file
    row = checked(row, INPUTS, "row")  # for no compact file
    return layers(row)[-1]  # for the template
    return STEPS


# -- code of one_hot for training and a classifier --
def one_hot(label):
    """Return the outputs to learn for a class: 1 for it, and 0 for the others."""
    if label not in CLASSES:
        raise ValueError("targets: expected one of CLASSES, got " + repr(label)[:60])
    return [float(label == each) for each in CLASSES]


# -- code of scaled_back for training and a regressor --
def scaled_back(outputs):
    """Return outputs on the scale of the targets: each times its deviation, plus its mean."""
    return [outputs[j] * TARGET_DEVIATIONS[j] + TARGET_MEANS[j] for j in range(len(outputs))]


# -- code of learning for training --
def train(rows, targets, iterations, learning_rate=1.0):
    """Learn a target for each row, in a number of steps, each over all rows.

    Raise ValueError before a step after which a weight would not be finite.
    """
    rows = [checked(row, INPUTS, "row") for row in rows]
    targets = [checked(target, OUTPUTS, "targets") for target in targets]
    targets = [standardized(t, TARGET_MEANS, TARGET_DEVIATIONS) for t in targets]  # for outputs
    learning_rate = finite(learning_rate, "learning_rate")
    if len(rows) != len(targets):
        wanted = "targets: expected one for each row, " + str(len(rows))
        raise ValueError(wanted + ", got " + str(len(targets)))
    if not isinstance(iterations, int) or iterations < 0:
        wanted = "iterations: expected a whole number of at least 0, got "
        raise ValueError(wanted + repr(iterations)[:60])
    for iteration in range(iterations):
        learn(rows, targets, learning_rate)


def train_row(row, target, learning_rate=1.0):
    """Learn the target of one row, in one step."""
    train([row], [target], 1, learning_rate)


def learn(rows, targets, learning_rate):
    """Take one step: add to each weight minus its gradient, times the learning rate."""
    activations = [layers(row) for row in rows]
    deltas = [find_deltas(activations[r], targets[r]) for r in range(len(rows))]
    # Biases are the weights of an input that is always 1.  # for biases
    ones = [[1.0] for row in rows]  # for biases
    weights = []
    biases = []  # for biases
    for k in range(len(WEIGHTS)):
        inputs = [of_row[k] for of_row in activations]
        behind = [of_row[k] for of_row in deltas]
        weights.append(changed_weights(WEIGHTS[k], inputs, behind, learning_rate))
        own = [[bias] for bias in BIASES[k]]  # for biases
        biases.append(changed_weights(own, ones, behind, learning_rate))  # for biases
    for k in range(len(WEIGHTS)):
        WEIGHTS[k] = weights[k]
        BIASES[k] = [own[0] for own in biases[k]]  # for biases


def changed_weights(weights, inputs, deltas, learning_rate):
    """Return a layer's weights after a step; minus a gradient is the sum of inputs times deltas."""
    of_inputs = columns(inputs, len(weights[0]))
    changed = []
    for j in range(len(weights)):
        sums = weighted_sums([row[j] for row in deltas], of_inputs, [-0.0 for each in of_inputs])
        changed.append([moved(weights[j][i], sums[i] * learning_rate) for i in range(len(sums))])
    return changed


def columns(rows, count):
    """Return the columns of a matrix."""
    return [[row[i] for row in rows] for i in range(count)]


def moved(weight, step):
    """Return weight + step, or raise ValueError where that is not finite."""
    weight = weight + step
    if weight - weight != 0.0:
        raise ValueError("train: a weight is no longer finite; try a smaller learning_rate")
    return weight


def find_deltas(activations, targets):
    """Return the deltas of each layer after the row."""
    outputs = activations[len(WEIGHTS)]
    errors = [targets[j] - outputs[j] for j in range(len(targets))]
    deltas = []
    for k in range(len(WEIGHTS), 0, -1):
        if k < len(WEIGHTS):
            back = columns(WEIGHTS[k], len(WEIGHTS[k][0]))
            errors = weighted_sums(deltas[0], back, [-0.0 for each in back])
        deltas.insert(0, BACK[k - 1](errors, activations[k]))
    return deltas


# -- deltas --
def activate_deltas(errors, outputs):
    """Return the errors of a layer times its slope, taken from its outputs."""
    return [errors[j] * (SLOPE) for j in range(len(errors))]


# -- errors_alone --
def errors_alone(errors, outputs):
    """Return the errors of a layer whose slope is 1, or cancels with that of the loss."""
    return errors


# -- softmax_deltas --
def softmax_deltas(errors, outputs):
    """Return the deltas of softmax, in which each output depends on every sum."""
    mean = -0.0
    for j in range(len(outputs)):
        mean = mean + errors[j] * outputs[j]
    return [outputs[j] * (errors[j] - mean) for j in range(len(outputs))]


# -- code of deltas for training --


# -- code of back for training --
BACK = [activate_deltas]


# -- code of classifier for a class --
def predict_proba(row):
    """Answer as predict(row) does; scikit-learn has this name for it."""
    return predict(row)


def predict_class(row):
    """Return the most probable class, the first if tied."""
    probabilities = predict(row)
    best = 0
    for j in range(len(CLASSES)):
        if probabilities[j] > probabilities[best]:
            best = j
    return CLASSES[best]


# -- code of self-test for a self-test --
def self_test():
    """Raise ValueError if the answer for a row is not the model's own."""
    answer = predict(ROW)
    for expected in ANSWER:
        if not abs(answer.pop(0) - expected) <= LIMIT:
            raise ValueError("self-test failed")


# -- code of table for a program and a table --
# The table's delimiter and the names in its header, once a row has come.
TABLE = []  # type: list


def row_of(line, words):
    """Return a row: a dict if the table has a header, otherwise numbers; a header gives None."""
    # Python 2 reads bytes. A file may begin with a mark, the character 65279.
    text = (line.lstrip(chr(65279)) if b"0"[0] == 48 else line.decode("utf-8-sig")).strip(" \r\n")
    if text[:1] == "#" and (not TABLE or text[1:2] == " "):
        return None
    if not TABLE:
        found = max([[len([c for c in COLUMNS if c[0] in cut(text, m)]), m] for m in ",;\t|"])
        names = cut(text.rstrip(found[1]), found[1])
        is_header = found[0] and [name for name in names if number_or_text(name) == name]
        TABLE.extend([found[1], names] if is_header else ["", []])
    names = TABLE[1]
    if not names:
        return [number_or_text(word) for word in words]
    cells = cut(text, TABLE[0])
    if len(cells) < len(names) or "".join(cells[len(names) :]):
        raise ValueError("row: expected " + str(len(names)) + " cells, got " + str(len(cells)))
    is_row = "".join(cells) and cells[: len(names)] != names
    # Of two columns of one name, the first counts.
    return dict(zip(names[::-1], cells[: len(names)][::-1])) if is_row else None


def cut(text, mark):
    """Return the cells of a line; in quotes, a cell may have delimiters, and each quote twice."""
    pieces = text.split('"')
    if len(pieces) % 2 == 0:
        raise ValueError("row: the line ends within quotes")
    for i in range(0, len(pieces), 2):
        pieces[i] = pieces[i].replace(mark, "\n")  # outside of quotes
    cells = [cell.strip() for cell in '"'.join(pieces).split("\n")]
    return [c[1:-1].replace('""', '"').strip() if c[:1] == '"' else c for c in cells]


# -- code of program for a program --
def main(argv):
    """Print an answer for each row of the input: numbers with commas, semicolons or spaces."""
    if argv[1:] == ["--self-test"]:  # for a self-test
        self_test()  # for a self-test
        print("self-test passed")  # for a self-test
        return  # for a self-test
    if argv[1:]:
        raise SystemExit("expected rows on standard input, got " + argv[1])
    from sys import stdout

    if hasattr(stdout, "reconfigure") and not stdout.isatty():
        stdout.reconfigure(encoding="utf-8")
    try:
        from signal import SIG_DFL, SIGPIPE, signal

        signal(SIGPIPE, SIG_DFL)  # `| head` ends this silently
    except ImportError:  # MicroPython, Windows
        pass
    try:
        lines = open(0, encoding="utf-8")
    except TypeError:  # Python 2
        lines = open("/dev/stdin")
    except OSError:
        raise SystemExit("expected rows on standard input, which is closed")
    number = 0
    try:
        for line in lines:
            number = number + 1
            text = line.strip(" \r\n").replace(";", ",").replace("\t", ",")
            words = text.split(",") if "," in text else text.split()
            if words:
                row = [number_or_text(word) for word in words]  # for no table
                row = row_of(line, words)  # for a table
                if not row:  # for a table
                    continue  # for a table
                outputs = predict(row)
                outputs = [outputs]  # for a number
                words = [repr(output) for output in outputs]
                words = ["%s" % predict_class(row)] + words  # for a class
                show(",".join(words))
    except ValueError as error:
        raise SystemExit("line " + str(number) + ": " + str(error))
    finally:
        lines.close()


def show(text):
    """Print a text, with escapes for the letters that the terminal lacks."""
    try:
        print(text)
    except UnicodeError:
        print(text.encode("ascii", "backslashreplace").decode("ascii"))


# Leave this part out if you copy the rest into a program of your own.
try:
    NAMES = globals()
except NameError:  # in a sandbox
    NAMES = {}
if NAMES.get("__name__") == "__main__" and "__file__" in NAMES:
    from sys import argv

    if argv:  # Skulpt has none, and no input to read
        main(argv)


# -- about the core --
# """PureNet VERSION in one file: a feed-forward neural network in pure Python.
#
#     from purenet_core import Network, NAMES
#
# It imports only math and json, and os to save and for fresh seeds. It runs on CPython, PyPy and
# MicroPython. It was made by `python3 -m purenet bundle` from the modules of purenet VERSION:
# change those, not this file.
#
# License: MIT. Copyright (c) 2026 The PureNet authors.
# """
