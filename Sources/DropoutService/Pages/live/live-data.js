// Points to learn, and the first weights of a network, from a seed.

/** Numbers from 0 up to but not 1 (mulberry32). They are the input of requests; what the service answers comes from its own draws. */
export function numbers(seed) {
  let word = [...String(seed)].reduce((sum, digit) => (Math.imul(sum, 31) + digit.charCodeAt(0)) | 0, 7);
  return () => {
    word = (word + 0x6d2b79f5) | 0;
    let mixed = Math.imul(word ^ (word >>> 15), word | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const normal = (next) => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
/** So few digits keep a request short. */
const rounded = (value) => Number(value.toFixed(4));

/** The edge of the plane that is drawn: both coordinates go from -edge to edge. */
export const edge = 2.2;

const shapes = {
  moons: (next, label) => {
    const angle = Math.PI * next();
    return label ? [0.5 - Math.cos(angle), 0.25 - Math.sin(angle)] : [Math.cos(angle) - 0.5, Math.sin(angle) - 0.25];
  },
  circles: (next, label) => {
    const angle = 2 * Math.PI * next();
    const radius = label ? 0.6 : 1.4;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  },
  spirals: (next, label) => {
    const along = Math.sqrt(next());
    const angle = 3.2 * along * Math.PI * 0.8 + (label ? Math.PI : 0);
    return [1.7 * along * Math.cos(angle), 1.7 * along * Math.sin(angle)];
  },
  xor: (next, label) => {
    const [x, side] = [1.6 * next(), next() < 0.5 ? -1 : 1];
    const y = 1.6 * next();
    return [side * x, (label ? side : -side) * y];
  },
};

export const dataNames = Object.keys(shapes);

/** Points of two classes: `{input: [xs, ys], target}`, with normal noise. */
export function points(name, count, noise, seed) {
  const next = numbers(seed);
  const input = [[], []],
    target = [];
  for (let index = 0; index < count; index += 1) {
    const label = index % 2;
    const place = shapes[name](next, label);
    for (const [axis, value] of place.entries()) input[axis].push(rounded(value + noise * normal(next)));
    target.push(label);
  }
  return { input, target };
}

/** A network with two hidden layers, by He's rule. `rate` is the rate of the dropout after each of them; 0 for none. */
export function network(width, rate, seed) {
  const next = numbers(seed);
  const weights = (to, from) =>
    Array.from({ length: to }, () => Array.from({ length: from }, () => rounded(normal(next) * Math.sqrt(2 / from))));
  const hidden = (from) => ({ weights: weights(width, from), bias: 0, activation: 'relu', ...(rate ? { rate } : {}) });
  return [hidden(2), hidden(width), { weights: weights(1, width), bias: 0 }];
}

/** A grid of `side` · `side` places of the plane as an input, row by row from the top. */
export function plane(side) {
  const input = [[], []];
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      input[0].push(rounded(edge * ((2 * (column + 0.5)) / side - 1)));
      input[1].push(rounded(edge * (1 - (2 * (row + 0.5)) / side)));
    }
  }
  return input;
}
