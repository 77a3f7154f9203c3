// The panel "forest": the outputs of many sub-networks, their mean, and the whole network that is tested.

import { ask } from './live-api.js';
import { everySubnetwork, passes, scaled, scheme, tested } from './live-article.js';
import { chart } from './live-chart.js';
import { byId, digits, el } from './live-dom.js';
import { figure } from './live-network.js';
import { state } from './live-state.js';
import { t } from './live-texts.js';

const mostPasses = 1000;
let drawn = null;

/**
 * The mistakes that are drawn beside the right scheme. `scale` is what each multiplies the units by.
 *
 * The inverted scheme scales in training, so its mistakes are wrong passes. The classic scheme scales in the test, so its mistakes
 * are wrong tests.
 */
function mistakes() {
  const { keep } = state;
  const scales = state.scheme === 'inverted' ? [1, 1 / keep ** 2, 1 / (1 - keep)] : [1, keep ** 2, 1 - keep];
  return ['not-scaled', 'scaled-twice', 'exchanged']
    .map((name, index) => ({ name, scale: scales[index] }))
    .filter(({ scale }) => Number.isFinite(scale));
}

export async function updateForest(show) {
  // The passes that were seen are those of the steps up to the present one.
  const count = state.forest === 'random' ? mostPasses : Math.min(mostPasses, state.step + 1);
  const first = state.forest === 'random' ? 0 : state.step + 1 - count;
  const wrong = mistakes();
  const mistaken = ({ scale }) =>
    state.scheme === 'inverted'
      ? scaled(passes(first, count, { scheme: 'classic', include: ['moments'] }), scale)
      : scaled({ ...tested(), scheme: 'inverted' }, scale);
  const [every, test, seen, ...others] = await Promise.all([
    ask('/forward', everySubnetwork()),
    ask('/forward', tested()),
    ask('/forward', passes(first, count, { ...scheme(), include: ['samples', 'masks'] })),
    ...wrong.map((mistake) => ask('/forward', mistaken(mistake))),
  ]);
  const column = state.example - 1;
  const outputs = (reply) => reply.answer.slice(0, -1).map((line) => line.output[0][column]);
  drawn = {
    subnetworks: every.answer.subnetworks,
    exact: every.answer.exact.mean[0][0],
    test: test.answer.output[0][0],
    outputs: outputs(seen),
    keys: seen.answer.slice(0, -1).map((line) => key(maskOf(line), column)),
    summary: seen.answer.at(-1).samples,
    wrong: wrong.map((mistake, index) => ({ ...mistake, ...mistakenOutputs(others[index].answer, column) })),
  };
  drawForest();
  show([
    { ...seen.request, name: t('request-passes') },
    { ...every.request, name: t('request-every') },
    { ...test.request, name: t('request-tested') },
    ...wrong.map(({ name }, index) => ({ ...others[index].request, name: t(name) })),
  ]);
}

/** Wrong passes have an output each and a mean, a wrong test has one output. */
function mistakenOutputs(answer, column) {
  if (!Array.isArray(answer)) return { outputs: [answer.output[0][0]], mean: answer.output[0][0] };
  return {
    outputs: answer.slice(0, -1).map((line) => line.output[0][column]),
    mean: answer.at(-1).samples.mean[0][column],
  };
}

/** The mask of the hidden layer. */
const maskOf = (line) => line.masks[0];
const key = (mask, column) => mask.map((row) => (row.length ? row[Math.min(column, row.length - 1)] : row)).join('');

/** Draws what the last answers said, for a new width or language too. */
export function drawForest() {
  if (!drawn) return;
  const column = state.example - 1;
  const counts = new Map();
  for (const name of drawn.keys) counts.set(name, (counts.get(name) ?? 0) + 1);
  const all = drawn.subnetworks.map((one) => ({
    name: key(maskOf(one), 0),
    probability: one.probability,
    output: one.output[0][0],
  }));
  const listed =
    state.forest === 'all'
      ? all
      : [...counts.keys()].map((name) => all.find((one) => one.name === name)).filter(Boolean);
  const isDrawn = state.mode === 'train' && state.forest === 'seen' && !state.draws && !state.mask;
  const present = isDrawn ? drawn.keys.at(-1) : null;
  byId('strip').replaceChildren(
    ...listed.map((one) => thumbnail(one, counts.get(one.name) ?? 0, one.name === present)),
  );
  const mean = drawn.summary.mean[0][column];
  byId('forest-says').textContent = t(drawn.outputs.length === 1 ? 'forest-counts-one' : 'forest-counts', {
    seen: counts.size,
    of: all.length,
    passes: drawn.outputs.length,
    mean: digits(mean, 6),
    exact: digits(drawn.exact, 6),
    test: digits(drawn.test, 6),
  });
  drawChart();
  drawLegend(mean, drawn.summary.mean_interval_95, column);
  byId('forest-why').textContent = t(`forest-why-${state.scheme}`);
}

function thumbnail({ name, probability, output }, count, isPresent) {
  const kept = [...name].map(Number);
  const label = t('tree-label', {
    units: name,
    output: digits(output, 6),
    probability: digits(probability * 100, 3),
    count,
  });
  return el(
    'li',
    { class: [isPresent && 'present', !count && 'unseen'].filter(Boolean).join(' ') || null },
    figure(kept, { label }),
    el(
      'span',
      { 'aria-hidden': 'true' },
      `${digits(output, 4)}${state.forest === 'all' ? ` · ${digits(probability * 100, 2)} %` : count > 1 ? ` · ${count}×` : ''}`,
    ),
  );
}

function drawChart() {
  const { outputs, exact, test } = drawn;
  const box = byId('forest-chart');
  const means = running(outputs);
  const possible = drawn.subnetworks.map((one) => one.output[0][0]);
  const low = Math.min(0, ...possible),
    high = Math.max(...possible, exact) * 1.2;
  const last = Math.max(outputs.length, 2);
  const across = (value) => [
    [1, value],
    [last, value],
  ];
  const line = (values) =>
    values.length === 1
      ? [
          [1, values[0]],
          [last, values[0]],
        ]
      : values.map((value, index) => [index + 1, value]);
  box.replaceChildren(
    chart({
      width: Math.max(280, box.clientWidth),
      x: [1, last],
      y: [low, high],
      xLabel: t('forest-axis'),
      label: byId('forest-says').textContent,
      series: [
        {
          class: 'mean',
          kind: 'band',
          points: means.map(({ mean, error }, index) => [index + 1, mean - 1.96 * error, mean + 1.96 * error]),
        },
        { class: 'pass', kind: 'dots', points: outputs.map((value, index) => [index + 1, value]) },
        ...drawn.wrong.map((mistake) => ({
          class: `wrong ${mistake.name}`,
          points: line(running(mistake.outputs).map(({ mean }) => mean)),
        })),
        { class: 'exact', points: across(exact) },
        { class: 'tested', points: across(test) },
        { class: 'mean', points: line(means.map(({ mean }) => mean)) },
      ],
    }),
  );
}

/** The mean of the first passes, and its standard error, after each pass. */
function running(values) {
  let mean = 0,
    squares = 0;
  return values.map((value, index) => {
    const change = value - mean;
    mean += change / (index + 1);
    squares += change * (value - mean);
    return { mean, error: index ? Math.sqrt(squares / index / (index + 1)) : 0 };
  });
}

function drawLegend(mean, interval, column) {
  const [low, high] = [interval?.lower?.[0][column], interval?.upper?.[0][column]];
  const row = (name, text, value, note) => {
    const head = el('th', { scope: 'row' }, el('i', { class: `swatch ${name}` }), text, note && el('small', {}, note));
    return el('tr', {}, head, el('td', {}, digits(value, 6)));
  };
  byId('forest-legend').replaceChildren(
    el('caption', { class: 'hidden' }, t('forest')),
    el(
      'tbody',
      {},
      row(
        'mean',
        t('legend-mean'),
        mean,
        typeof low === 'number' ? t('legend-interval', { low: digits(low, 5), high: digits(high, 5) }) : null,
      ),
      row('exact', t('legend-exact'), drawn.exact),
      row('tested', t('legend-tested'), drawn.test),
      ...drawn.wrong.map((mistake) =>
        row(
          `wrong ${mistake.name}`,
          t(mistake.name),
          mistake.mean,
          t(`${mistake.name}-${state.scheme}`, { keep: digits(state.keep), rate: digits(1 - state.keep, 4) }),
        ),
      ),
    ),
  );
}
