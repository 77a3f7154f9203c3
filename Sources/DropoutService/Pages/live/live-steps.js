// The panel "step by step": the matrices of the article's example, and the arithmetic of each cell.

import { ask } from './live-api.js';
import { b1, b2, handMask, pass, W1, W2, X } from './live-article.js';
import { byId, digits } from './live-dom.js';
import { grid, showGrids } from './live-grid.js';
import { set, state } from './live-state.js';
import { t } from './live-texts.js';

/** What the last answer shows, for the arithmetic and for the figure of the network. */
export const shown = { mode: 'train', mask: [], output: [], units: [] };

export async function updateSteps(show) {
  const isTraining = state.mode === 'train';
  const drawsKnown = isTraining && !state.mask && state.keep > 0 && state.keep < 1;
  const include = ['output', 'layers', ...(drawsKnown ? ['uniforms'] : [])];
  const question = pass({ include });
  // The article multiplies by the mask first and divides then: the product is what the classic scheme gives.
  const product = isTraining && state.scheme === 'inverted' ? pass({ scheme: 'classic', include: ['layers'] }) : null;
  const [first, second, whole] = await Promise.all([
    ask('/forward', question),
    product && ask('/forward', product),
    ask('/forward', pass({ mode: 'eval', include: ['output', 'layers'] })),
  ]);
  const hidden = first.answer.layers[0];
  const draws = drawsKnown ? wide(first.answer.uniforms[0]) : null;
  Object.assign(shown, {
    mode: state.mode,
    scheme: state.scheme,
    keep: state.keep,
    Z1: hidden.pre_activation,
    A1: hidden.activation,
    mask: isTraining ? hidden.mask : hidden.activation.map((row) => row.map(() => 1)),
    draws,
    product: second ? second.answer.layers[0].output : null,
    units: hidden.output,
    output: first.answer.output,
    byHand: Boolean(state.mask),
    whole: { units: whole.answer.layers[0].output, output: whole.answer.output },
  });
  drawTables();
  byId('check').textContent =
    isTraining && hidden.check
      ? sentenceOfCheck(hidden.check)
      : t(`check-eval-${state.scheme}`, { keep: digits(state.keep) });
  show([
    { ...first.request, name: t('request-pass') },
    ...(second ? [{ ...second.request, name: t('request-product') }] : []),
    { ...whole.request, name: t('request-tested') },
  ]);
}

/** One draw for a unit is shown for each of its examples. */
const wide = (draws) => draws.map((row) => (row.length === 1 ? [row[0], row[0]] : row));

function sentenceOfCheck(check) {
  const parts = {
    kept: check.kept,
    of: shown.mask.flat().length,
    sum: digits(check.observed_sum, 6),
    expected: digits(check.expected_sum, 6),
    z: digits(check.z_score ?? 0, 3),
  };
  return t(check.consistent === false ? 'check-odd' : 'check-fine', parts);
}

// The tables

function drawTables() {
  const { Z1, A1, mask, draws, product, units, output } = shown;
  const most = Math.max(...[Z1, units, output].flat(2).map(Math.abs));
  const dropped = mask.map((row) => row.map((kept) => !kept));
  const isTraining = shown.mode === 'train';
  const keep = digits(shown.keep);
  const tables = [
    grid('X', 'X', X, { most, says: (i, j) => t('cell-x', { feature: i + 1, example: j + 1, value: X[i][j] }) }),
    grid('W1', 'W1', W1, {
      most,
      says: (i, j) => t('cell-w1', { unit: i + 1, feature: j + 1, value: W1[i][j] }),
    }),
    grid('b', 'b', [[b1]], { most, says: () => t('cell-b', { value: b1 }) }),
    grid('Z1', 'Z1 = W1·X + b', Z1, {
      most,
      from: madeOfZ1,
      says: (i, j) => `${sumZ1(i, j)} = ${digits(Z1[i][j])}`,
    }),
    grid('A1', 'A1 = relu(Z1)', A1, {
      most,
      from: same('Z1'),
      says: (i, j) => `max(0, ${digits(Z1[i][j])}) = ${digits(A1[i][j])}`,
    }),
    draws && grid('draws', t('table-draws'), draws, { says: comparison }),
    isTraining &&
      grid('D1', `D1 = ${t('table-draws')} < ${keep}`, mask, {
        dropped,
        from: same('draws'),
        says: (i, j) => `${comparison(i, j)} ${t(mask[i][j] ? 'click-drop' : 'click-keep')}`,
        click: toggle,
        label: (i, j) => t('cell-d1', { unit: i + 1, example: j + 1 }),
      }),
    product &&
      grid('product', 'A1·D1', product, {
        most,
        dropped,
        from: same('A1', 'D1'),
        says: (i, j) => `${digits(A1[i][j])} · ${mask[i][j]} = ${digits(product[i][j])}`,
      }),
    grid('last', lastCaption(isTraining, keep), units, {
      most,
      dropped: isTraining ? dropped : null,
      from: isTraining ? (i, j) => [...madeOfZ1(i, j), ['D1', i, j]] : same('A1'),
      says: isTraining ? whole : tested,
    }),
    grid('W2', 'W2', W2, { most, says: (_, j) => t('cell-w2', { unit: j + 1, value: W2[0][j] }) }),
    grid('Z2', `Z2 = W2·A1′ + ${b2}`, output, { most, from: madeOfZ2, says: sumZ2 }),
  ].filter(Boolean);
  showGrids(byId('tables'), tables, byId('arithmetic'), t('arithmetic-hint'));
}

/** The activations that go on to the next layer are A1′, as the article assigns them to A1 again. */
function lastCaption(isTraining, keep) {
  if (isTraining) return shown.scheme === 'inverted' ? `A1′ = A1·D1 ÷ ${keep}` : 'A1′ = A1·D1';
  return shown.scheme === 'inverted' ? 'A1′ = A1' : `A1′ = A1 · ${keep}`;
}

function toggle(i, j) {
  const mask = (handMask() ?? shown.mask).map((row) => [...row]);
  for (const column of state.draw === 'unit' ? [0, 1] : [j]) mask[i][column] = 1 - shown.mask[i][j];
  set({ mask: mask.flat().join('') });
}

// The arithmetic

const sumZ1 = (i, j) => `${W1[i].map((weight, k) => `${weight}·${X[k][j]}`).join(' + ')} + ${b1}`;

// The cells that a cell is made of: table, row, column.

const same =
  (...tables) =>
  (i, j) =>
    tables.map((table) => [table, i, j]);
const madeOfZ1 = (i, j) => [
  ...W1[i].flatMap((_weight, k) => [
    ['W1', i, k],
    ['X', k, j],
  ]),
  ['b', 0, 0],
];
const madeOfZ2 = (_, j) =>
  W2[0].flatMap((_weight, unit) => [
    ['W2', 0, unit],
    ['last', unit, j],
  ]);

function comparison(i, j) {
  const kept = t(shown.mask[i][j] ? 'kept' : 'dropped');
  if (shown.byHand) return t('by-hand', { kept });
  if (!shown.draws) return t('no-draw', { kept, keep: digits(shown.keep) });
  const draw = shown.draws[i][j];
  return t('since', { kept, draw: short(draw), sign: shown.mask[i][j] ? '<' : '≥', keep: digits(shown.keep) });
}

/** A draw with two digits, or with as many as show on which side of `keep` it is. */
function short(draw) {
  for (let count = 2; count < 8; count += 1) {
    const text = draw.toFixed(count);
    if (Number(text) < shown.keep === draw < shown.keep) return text;
  }
  return digits(draw);
}

/** Everything from the input to the activation that goes on. */
function whole(i, j) {
  const [activation, end] = [digits(shown.A1[i][j]), digits(shown.units[i][j])];
  const sum = `${sumZ1(i, j)} = ${activation}`;
  const isDivided = shown.scheme === 'inverted' && shown.mask[i][j];
  const last = isDivided
    ? `${activation} / ${digits(shown.keep)} = ${end}`
    : `${activation} · ${shown.mask[i][j]} = ${end}`;
  return `${sum}; ${comparison(i, j)}; ${last}`;
}

function tested(i, j) {
  return shown.scheme === 'inverted'
    ? t('cell-unchanged', { value: digits(shown.units[i][j]) })
    : `${digits(shown.A1[i][j])} · ${digits(shown.keep)} = ${digits(shown.units[i][j])}`;
}

function sumZ2(_, j) {
  return `${W2[0].map((weight, unit) => `${weight}·${digits(shown.units[unit][j])}`).join(' + ')} + ${b2} = ${digits(shown.output[0][j])}`;
}
