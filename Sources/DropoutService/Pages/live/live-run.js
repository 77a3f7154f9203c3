// The course of a training: two networks that learn the same points, one of them with dropout. `live-training.js` draws it.

import { ask } from './live-api.js';
import { seed } from './live-article.js';
import { network, plane, points } from './live-data.js';
import { state } from './live-state.js';
import { t } from './live-texts.js';

const [trainingPoints, testPoints] = [40, 400];
/** Steps in one request, and from one point of a curve to the next. */
export const stepsAtOnce = 20;
const evalEvery = 10;
/** The places of the maps, in each direction. Forty passes are drawn on fewer. */
export const [side, spreadSide] = [48, 32];
const optimizers = {
  adam: { name: 'adam', rate: 0.01 },
  adamw: { name: { name: 'adamw', weight_decay: 0.1 }, rate: 0.01 },
  sgd: { name: { name: 'sgd', momentum: 0.9 }, rate: 0.05 },
};
const [places, spreadPlaces] = [plane(side), plane(spreadSide)];

/** What is trained: `with` and `without`, each with its layers and its curves. */
let run = null;

/** Whatever decides the course of a training. Another text means another training from the start. */
const course = () => JSON.stringify([state.data, state.noise, state.width, state.drop, state.optimizer, state.seed]);

function begin() {
  const train = points(state.data, trainingPoints, state.noise, `${state.seed}`);
  const test = points(state.data, testPoints, state.noise, `${state.seed} test`);
  const one = (rate) => ({
    layers: network(state.width, rate, `${state.seed} weights`),
    optimizerState: null,
    steps: 0,
    next: 0,
    thinned: [],
    evaluated: [],
    request: null,
    answers: null,
  });
  run = { course: course(), train, test, without: one(0), with: one(state.drop), spread: null };
}

/** The present training; null before the first. */
export const present = () => run;

/**
 * Takes steps until both networks have as many as the state says, then asks for the maps. `onWay` is called on a long way.
 *
 * Returns the requests to show, the last of each kind.
 */
export async function train(onWay) {
  const isOther = () => !run || run.course !== course() || run.without.steps > state.trained;
  if (isOther()) begin();
  while (run.without.steps < state.trained) {
    const steps = Math.min(stepsAtOnce, state.trained - run.without.steps);
    const both = [run.without, run.with];
    // Both or none, so that they stay comparable if a request fails.
    const replies = await Promise.all(both.map((one) => ask('/train-step', stepsOf(one, steps))));
    for (const [index, one] of both.entries()) take(one, steps, replies[index]);
    if (isOther()) begin();
    else if (run.without.steps % 100 === 0) onWay();
  }
  await askMaps();
  return [
    ...(run.with.request ? [{ ...run.with.request, name: t('request-train') }] : []),
    { ...run.with.map, name: t('request-map') },
    ...(run.spread ? [{ ...run.spread.request, name: t('request-spread') }] : []),
  ];
}

function stepsOf(one, steps) {
  const optimizer = optimizers[state.optimizer];
  return {
    input: run.train.input,
    target: run.train.target,
    test_input: run.test.input,
    test_target: run.test.target,
    layers: one.layers,
    loss: 'binary_cross_entropy',
    learning_rate: optimizer.rate,
    optimizer: optimizer.name,
    ...(one.optimizerState ? { optimizer_state: one.optimizerState } : {}),
    steps,
    eval_every: evalEvery,
    seed: seed(),
    step: one.next,
    include: ['loss', 'eval_history', 'layers', 'optimizer_state', 'next_step'],
  };
}

function take(one, steps, { answer, request }) {
  one.thinned.push(...(answer.loss.history ?? [answer.loss.train]).map((loss, index) => [one.steps + index + 1, loss]));
  // The first entry is the network before the first step, which the last request had too.
  one.evaluated.push(
    ...answer.eval_history.slice(one.steps ? 1 : 0).map((entry) => ({ ...entry, step: one.steps + entry.step })),
  );
  Object.assign(one, {
    layers: answer.layers,
    optimizerState: answer.optimizer_state,
    steps: one.steps + steps,
    next: answer.next_step,
    request,
  });
  if (one.evaluated.at(-1).step !== one.steps)
    one.evaluated.push({ step: one.steps, train: answer.loss.eval_after, test: answer.loss.test });
}

// The maps

/** The network with probabilities as outputs. */
const answering = (one) => [...one.layers.slice(0, -1), { ...one.layers.at(-1), activation: 'sigmoid' }];

async function askMaps() {
  const asked = (one) => ask('/forward', { input: places, layers: answering(one), mode: 'eval', include: ['output'] });
  const [without, withIt, spread] = await Promise.all([
    asked(run.without),
    asked(run.with),
    state.unsure
      ? ask('/forward', {
          input: spreadPlaces,
          layers: answering(run.with),
          seed: seed(),
          samples: 40,
          include: ['samples'],
        })
      : null,
  ]);
  Object.assign(run.with, { map: withIt.request, answers: withIt.answer.output[0] });
  run.without.answers = without.answer.output[0];
  run.spread = spread && { request: spread.request, deviations: spread.answer.samples.variance[0].map(Math.sqrt) };
}
