// The article's example, and the requests that compute it.

import { state } from './live-state.js';

export const X = [
  [1, 2],
  [1, 2],
  [1, 2],
];
export const W1 = [
  [1, 2, 3],
  [1, 2, 3],
  [4, 5, 6],
  [4, 5, 6],
];
export const b1 = 1;
// The article has no numbers for the second layer.
export const W2 = [[0.1, 0.2, 0.3, 0.4]];
export const b2 = 0.5;
/** What `np.random.rand` gave in the article. */
const printedDraws = [
  [0.58695556, 0.41508454],
  [0.16031604, 0.24994934],
  [0.10260241, 0.8237806],
  [0.28117361, 0.8992166],
];

/** The seed as JSON: a number if every reader of JSON reads it to the last digit. */
export const seed = () => (Number.isSafeInteger(Number(state.seed)) ? Number(state.seed) : state.seed);

/** The mask by hand, as rows. Null if there is none. */
export function handMask() {
  return state.mask ? W1.map((_, unit) => [Number(state.mask[2 * unit]), Number(state.mask[2 * unit + 1])]) : null;
}

const hidden = () => ({
  weights: W1,
  bias: b1,
  activation: 'relu',
  keep_prob: state.keep,
  ...(state.draw === 'unit' ? { granularity: 'unit' } : {}),
});
const output = () => ({ weights: W2, bias: b2 });
/** The scheme as a field. `inverted` needs none. */
export const scheme = () => (state.scheme === 'classic' ? { scheme: 'classic' } : {});

/** Where the draws come from: a mask by hand, the article's numbers, or seed and step. */
function randomness() {
  if (state.mask)
    return { layer: { mask: state.draw === 'unit' ? handMask().map((row) => [row[0]]) : handMask() }, network: {} };
  if (state.draws === 'article')
    return {
      layer: { uniforms: state.draw === 'unit' ? printedDraws.map((row) => [row[0]]) : printedDraws },
      network: {},
    };
  return { layer: {}, network: { seed: seed(), ...(state.step ? { step: state.step } : {}) } };
}

/** One pass through the network, as the controls say it. `parts` replaces fields. */
export function pass(parts = {}) {
  const mode = parts.mode ?? state.mode;
  const drawn = mode === 'train' ? randomness() : { layer: {}, network: {} };
  return {
    input: X,
    layers: [{ ...hidden(), ...drawn.layer }, output()],
    ...drawn.network,
    ...(mode === 'eval' ? { mode } : {}),
    ...scheme(),
    ...parts,
  };
}

/** The column of an example as an input of one example. */
export const column = () => X.map((row) => [row[state.example - 1]]);

/** All sub-networks of the chosen example, each with its probability, and their exact mean. */
export function everySubnetwork() {
  return { input: column(), layers: [hidden(), output()], exact: true, ...scheme(), include: ['exact', 'subnetworks'] };
}

/** The whole network as it is tested. */
export const tested = () => ({
  input: column(),
  layers: [hidden(), output()],
  mode: 'eval',
  ...scheme(),
  include: ['output'],
});

/** Passes of the steps from `step` on. */
export const passes = (step, samples, parts) => ({
  input: X,
  layers: [hidden(), output()],
  seed: seed(),
  step,
  samples,
  samples_format: 'ndjson',
  ...parts,
});

/** The same request with W2 times a factor: what comes of it if a wrong scheme has scaled the kept units by the factor. */
export const scaled = (question, factor) => ({
  ...question,
  layers: [
    question.layers[0],
    { weights: W2.map((row) => row.map((weight) => Number((weight * factor).toPrecision(12)))), bias: b2 },
  ],
});
