// The playground: a network that learns in the page, with nothing recorded.

/** Return a function that draws from [0, 1): the Mersenne Twister as core/mt19937.py has it. */
function twister(seed) {
  const words = [seed];
  for (let i = 1; i < 624; i++) {
    const word = words[i - 1];
    words.push((Math.imul(1812433253, word ^ (word >>> 30)) + i) >>> 0);
  }
  const twist = () => {
    for (let i = 0; i < 624; i++) {
      const y = (words[i] & 0x80000000) | (words[(i + 1) % 624] & 0x7fffffff);
      words[i] = words[(i + 397) % 624] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
  };
  let used = 0;
  const next = () => {
    if (used % 624 === 0) twist();
    let word = words[used++ % 624];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  };
  return () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
}

/** Return the settings in the address, each the usual one where it is missing or wrong. */
function settingsIn(address) {
  const given = new URLSearchParams(address.slice(1));
  const checks = {
    data: (text) => Object.hasOwn(DATA.problems, text),
    layers: (text) => text === "0" || /^([1-9]|1[0-2])(,([1-9]|1[0-2]))?$/.test(text),
    activation: (text) => DATA.choices.includes(text),
    rate: (text) => Number(text) > 0 && Number(text) < Infinity,
    seed: (text) => /^\d{1,10}$/.test(text) && Number(text) < 2 ** 32,
  };
  const chosen = (key) => (checks[key](given.get(key) ?? "") ? given.get(key) : DATA.usual[key]);
  return Object.fromEntries(Object.keys(checks).map((key) => [key, chosen(key)]));
}

/** Return the training that settings describe, with its first weights as the only frame. */
function trainingOf({ data, layers, activation, rate, seed }) {
  const { X, y, biased } = DATA.problems[data];
  const hidden = layers === "0" ? [] : layers.split(",").map(Number);
  const random = twister(Number(seed));
  const sizes = [X[0].length, ...hidden, 1];
  const draw = (count) => Array.from({ length: count }, () => -1 + 2 * random());
  const weights = sizes.slice(1).map((n, k) => Array.from({ length: sizes[k] }, () => draw(n)));
  const biases = sizes.slice(1).map((n) => new Array(n).fill(0));
  const times = Number(rate) === 1 ? " + " : ` + ${rate} * `;
  // In the equations of the page the learning rate is 1.
  const rated = ({ name, equation }) =>
    name.startsWith("new_")
      ? { name, equation: equation.replace(" + ", times) }
      : { name, equation };
  const training = {
    ...{ X, y, biased, sizes, title: data, loss: "squared_error", iterations: [0] },
    ...{ rate: Number(rate), rateText: rate, troubles: [], notes: [] },
    activations: [...hidden.map(() => activation), "sigmoid"],
    formulas: DATA.formulas[`${hidden.length} ${activation} ${biased}`].map(rated),
  };
  const network = networkFor(training, { weights, biases });
  training.states = [{ ...liveState(training, { network, iteration: 0 }), isLive: false }];
  return training;
}

/** Begin again with the settings in the address, and show them. */
function playAnew() {
  page.address = location.hash;
  const settings = settingsIn(page.address);
  Object.entries(settings).forEach(([key, value]) => (at(`set-${key}`).value = value));
  choose(trainingOf(settings));
}

function beginPlaying() {
  at("settings").hidden = false;
  const titles = Object.keys(DATA.problems).map((name) => [name, WORDS[`data_${name}`]]);
  fill("set-data", titles);
  const choices = DATA.choices.map((name) => [name, name]);
  fill("set-activation", choices);
  at("settings").addEventListener("change", () => {
    const chosen = new URLSearchParams(new FormData(at("settings")));
    location.replace(`#${decodeURIComponent(chosen)}`);
    playAnew();
  });
  addEventListener("hashchange", () => location.hash !== page.address && playAnew());
  playAnew();
}
