// The panel "training with and without": maps, curves and controls of the course in `live-run.js`.

import { chart, map } from './live-chart.js';
import { dataNames, edge } from './live-data.js';
import { byId, digits, el } from './live-dom.js';
import { present, side, spreadSide, stepsAtOnce, train } from './live-run.js';
import { set, state } from './live-state.js';
import { t } from './live-texts.js';

export async function updateTraining(show) {
  const requests = await train(drawNumbers);
  paint(present());
  drawNumbers();
  show(requests);
}

// The maps

const orange = [234, 128, 72],
  blue = [70, 124, 236],
  white = [250, 250, 250],
  dark = [72, 30, 110];
const between = (from, to, share) => from.map((value, index) => value + (to[index] - value) * share);

function paint(run) {
  const shownPoints = run.train.target.map((label, index) => ({
    x: (run.train.input[0][index] / edge + 1) / 2,
    y: (run.train.input[1][index] / edge + 1) / 2,
    isBlue: label === 1,
  }));
  const decision = (answers) => (index) =>
    answers[index] > 0.5
      ? between(white, blue, 2 * answers[index] - 1)
      : between(white, orange, 1 - 2 * answers[index]);
  map(byId('map-without'), side, decision(run.without.answers), shownPoints);
  map(
    byId('map-with'),
    run.spread ? spreadSide : side,
    // The standard deviation of a probability is 1/2 at most.
    run.spread
      ? (index) => between(white, dark, Math.min(1, 2 * run.spread.deviations[index]))
      : decision(run.with.answers),
    shownPoints,
  );
}

// The numbers

/** The mean of the last training losses of one network: a single one is the loss of a single thinned network. */
const recent = (one) => {
  const last = one.thinned.slice(-stepsAtOnce);
  return last.reduce((sum, [, loss]) => sum + loss, 0) / last.length;
};

/** Draws curves, table and sentence, for a new width or language too. */
export function drawNumbers() {
  const run = present();
  if (!run) return;
  const { without, with: dropped } = run;
  const steps = without.steps;
  byId('trained').textContent = t('trained', { steps });
  byId('map-with-caption').textContent = t(run.spread ? 'map-spread' : 'map-with', { rate: digits(state.drop) });
  const [plain, thin] = [without, dropped].map((one) => one.evaluated.at(-1));
  byId('map-without').setAttribute(
    'aria-label',
    plain ? t('map-label-without', { test: digits(plain.test, 4) }) : t('map-label-fresh'),
  );
  byId('map-with').setAttribute(
    'aria-label',
    thin
      ? t(run.spread ? 'map-label-spread' : 'map-label-with', {
          test: digits(thin.test, 4),
          most: digits(Math.max(...(run.spread?.deviations ?? [0])), 3),
        })
      : t('map-label-fresh'),
  );
  const says = plain ? sentence(run, plain, thin) : t('training-fresh');
  byId('training-says').textContent = says;
  drawCurves(run, says);
  const row = (name, one, last) =>
    el(
      'tr',
      {},
      el('th', { scope: 'row' }, el('i', { class: `swatch ${name}` }), t(`row-${name}`)),
      [last && recent(one), last?.train, last?.test].map((value) => el('td', {}, digits(value ?? null, 4))),
    );
  byId('losses').replaceChildren(
    el('caption', { class: 'hidden' }, t('curves')),
    el(
      'thead',
      {},
      el(
        'tr',
        {},
        el('td'),
        ['thinned', 'train', 'test'].map((name) =>
          el('th', { scope: 'col' }, el('i', { class: `swatch ${name}` }), t(`loss-${name}`)),
        ),
      ),
    ),
    el('tbody', {}, row('without', without, plain), row('with', dropped, thin)),
  );
}

function sentence(run, plain, thin) {
  const loss = recent(run.with);
  const parts = {
    loss: digits(loss, 3),
    train: digits(thin.train, 3),
    test: digits(thin.test, 3),
    plain: digits(plain.test, 3),
  };
  const first = t(loss > thin.train ? 'says-thinned-above' : 'says-thinned-below', parts);
  const second = t(thin.test < plain.test ? 'says-helps' : 'says-not-yet', parts);
  return t('says-both', { first, second });
}

function drawCurves(run, label) {
  const box = byId('curves');
  const all = [run.without, run.with];
  const last = Math.max(20, run.without.steps);
  const high =
    Math.min(2, Math.max(0.8, ...all.flatMap((one) => one.evaluated.flatMap(({ train, test }) => [train, test])))) *
    1.05;
  const names = ['without', 'with'];
  box.replaceChildren(
    chart({
      width: Math.max(280, box.clientWidth),
      height: 260,
      x: [0, last],
      y: [0, high],
      xLabel: t('curves-axis'),
      label,
      series: ['thinned', 'train', 'test'].flatMap((kind) =>
        all.map((one, index) => ({
          class: `${kind} ${names[index]}`,
          points: kind === 'thinned' ? one.thinned : one.evaluated.map((entry) => [entry.step, entry[kind]]),
        })),
      ),
    }),
  );
}

// The controls

export function startTraining() {
  const option = (value, text) => el('option', { value }, text);
  byId('data').append(...dataNames.map((name) => option(name, '')));
  byId('width').append(...[8, 16, 32, 64].map((width) => option(width, `${width}`)));
  byId('optimizer').append(
    ...['adam', 'sgd', 'adamw'].map((name) => option(name, { adam: 'Adam', sgd: 'SGD', adamw: 'AdamW' }[name])),
  );
  for (const [id, value] of [
    ['data', (input) => input.value],
    ['noise', (input) => Number(input.value)],
    ['width', (input) => Number(input.value)],
    ['drop', (input) => Number(input.value)],
    ['optimizer', (input) => input.value],
  ]) {
    byId(id).addEventListener('change', (event) => {
      playing.stop();
      set({ [id]: value(event.target), trained: 0 });
    });
  }
  byId('unsure').addEventListener('change', (event) => set({ unsure: event.target.checked }));
  byId('train-step').addEventListener('click', () => {
    playing.stop();
    advance();
  });
  byId('train-reset').addEventListener('click', () => {
    playing.stop();
    set({ trained: 0 });
  });
  byId('train-play').addEventListener('click', () => (playing.on ? playing.stop() : playing.start()));
  document.addEventListener('settled', () => {
    if (playing.on) requestAnimationFrame(() => playing.on && advance());
  });
}

const mostSteps = 2000;

function advance() {
  if (state.trained >= mostSteps) playing.stop();
  else set({ trained: Math.min(mostSteps, state.trained + stepsAtOnce) });
}

const playing = {
  on: false,
  start() {
    this.on = true;
    showPlaying();
    advance();
  },
  stop() {
    this.on = false;
    showPlaying();
  },
};

/** Ends the playing, for example since a request failed. */
export const stopTraining = () => playing.stop();

function showPlaying() {
  byId('train-play').setAttribute('aria-pressed', String(playing.on));
  byId('train-play').textContent = t(playing.on ? 'train-stop' : 'train-play');
}

/** Writes the state into the controls. */
export function showTrainingControls() {
  for (const id of ['data', 'noise', 'width', 'drop', 'optimizer']) byId(id).value = state[id];
  byId('unsure').checked = state.unsure;
  byId('noise-says').textContent = digits(state.noise);
  byId('drop-says').textContent = digits(state.drop);
  for (const option of byId('data').options) option.textContent = t(`data-${option.value}`);
  showPlaying();
}
