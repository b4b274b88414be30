// Run tests/bits.py of a checkout in a Python on WebAssembly:
//     node tests/wasm/run.mjs pyodide|micropython CHECKOUT [ARGUMENT]
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [runtime, checkout, ...args] = process.argv.slice(2);
const program = (argv) => `
import os, sys
sys.argv[:] = ${argv}
os.chdir("/checkout")
with open("tests/bits.py") as file:
    exec(file.read())
`;

async function pyodide() {
  const { loadPyodide } = await import("pyodide");
  const python = await loadPyodide();
  python.FS.mkdirTree("/checkout");
  python.FS.mount(python.FS.filesystems.NODEFS, { root: checkout }, "/checkout");
  python.runPython("import sys; sys.dont_write_bytecode = True");
  python.runPython(program(JSON.stringify(["bits.py", ...args])));
}

// This build has no NODEFS: copy what the program imports into its file system.
async function micropython() {
  const { loadMicroPython } = await import(
    "@micropython/micropython-webassembly-pyscript/micropython.mjs"
  );
  const python = await loadMicroPython({ heapsize: 4 * 1024 * 1024, linebuffer: true });
  for (const folder of ["", "tests", "purenet", "purenet/core"]) {
    python.FS.mkdirTree(join("/checkout", folder));
    for (const name of readdirSync(join(checkout, folder)).filter((n) => n.endsWith(".py"))) {
      const source = readFileSync(join(checkout, folder, name));
      python.FS.writeFile(join("/checkout", folder, name), source);
    }
  }
  python.runPython(program(JSON.stringify(["bits.py", ...args])));
}

try {
  await { pyodide, micropython }[runtime]();
} catch (error) {
  console.error(error.message); // node would print a whole minified bundle beside it
  process.exit(1);
}
