// Print how much heap purenet.core takes on 32 bits, in bytes, at the end of each step:
//     node tests/runtimes/wasm/heap.mjs FOLDER
// MicroPython on WebAssembly cannot collect garbage while a program runs, only between programs. So
// each import is a program of its own, as is one epoch of training; what a step leaves behind is
// counted with what is in use, and is an upper bound for a board that collects as it goes.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadMicroPython } from "@micropython/micropython-webassembly-pyscript/micropython.mjs";

const [folder] = process.argv.slice(2);
const python = await loadMicroPython({ heapsize: 1024 * 1024, linebuffer: true });
for (const inside of ["purenet", "purenet/core"]) {
  python.FS.mkdirTree(join("/checkout", inside));
  for (const name of readdirSync(join(folder, inside)).filter((n) => n.endsWith(".py"))) {
    const source = readFileSync(join(folder, inside, name));
    python.FS.writeFile(join("/checkout", inside, name), source);
  }
}

function step(name, program) {
  python.runPython("import gc; gc.collect()");
  python.runPython(`${program}\nimport gc; print(${JSON.stringify(name)}, gc.mem_alloc())`);
}

step("start", "import sys; sys.path.insert(0, '/checkout')");
const modules = "checks matrix activations losses backpropagation mt19937 network";
const training = "optimizers history undo work training";
for (const name of `${modules} ${training}`.split(" ")) {
  step(name, `import purenet.core.${name}`);
}
python.runPython("network = purenet.core.network.Network([3, 4, 1], seed=1)");
const data = "[[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], [[0], [1], [1], [0]]";
step("epoch", `network.train(${data}, epochs=1)`);
