// The panel "which library": the mask that a library draws, and the lines of code that draw the same.

import { ask } from './live-api.js';
import { seed } from './live-article.js';
import { byId, copy, digits, el } from './live-dom.js';
import { set, state } from './live-state.js';
import { t } from './live-texts.js';

const shape = [4, 8];

/**
 * The modules that a line of code names: how each is imported, a tensor of ones, the type in which it draws, and how a layer is called.
 */
const modules = [
  { name: /\bnp\./, line: 'import numpy as np', ones: 'np.ones(shape)', dtype: 'np.float64' },
  { name: /\btorch\./, line: 'import torch', ones: 'torch.ones(shape)', dtype: 'torch.float32' },
  { name: /\b(jax|nnx)\./, line: 'import jax', ones: 'jax.numpy.ones(shape)' },
  { name: /\bnnx\./, line: 'from flax import nnx', ones: 'jax.numpy.ones(shape)', call: '(x)' },
  { name: /^nn\.Dropout/, line: 'from flax import linen as nn', ones: 'jax.numpy.ones(shape)' },
  { name: /\btf\./, line: 'import tensorflow as tf', ones: 'tf.ones(shape)' },
  { name: /\bkeras\./, line: 'import keras', ones: 'keras.ops.ones(shape)', call: '(x, training=True)' },
  { name: /\bmx\./, line: 'import mlx.core as mx, mlx.nn', ones: 'mx.ones(shape)' },
  { name: /\bTensor\./, line: 'from tinygrad import Tensor', ones: 'Tensor.ones(*shape)' },
  { name: /\bpaddle\./, line: 'import paddle', ones: 'paddle.ones(shape)' },
  { name: /\bmindspore\./, line: 'import mindspore', ones: 'mindspore.ops.ones(shape)' },
];

let generators = null;

async function load() {
  if (generators) return;
  generators = (await ask('/generators')).answer.generators;
  const groups = new Map();
  for (const one of generators) groups.set(one.library, [...(groups.get(one.library) ?? []), one]);
  byId('generator').replaceChildren(
    ...[...groups].map(([library, list]) =>
      el(
        'optgroup',
        { label: library },
        list.map(({ name }) => el('option', { value: name }, name)),
      ),
    ),
  );
}

/** Fields such as `skip=3 op_seed=7`, as JSON where they are JSON, else as texts. */
function moreFields() {
  const fields = {};
  for (const [, name, text] of state.more.matchAll(/(\w+)=(\S+)/g)) {
    try {
      fields[name] = JSON.parse(/^-?\d+(,-?\d+)+$/.test(text) ? `[${text}]` : text);
    } catch {
      fields[name] = text;
    }
  }
  return fields;
}

export async function updateLibrary(show) {
  await load();
  const record = generators.find(({ name }) => name === state.generator) ?? generators[0];
  byId('generator').value = record.name;
  byId('more').value = state.more;
  byId('library-note').textContent = t('library-note', {
    seed: record.seed,
    more: record.parameters.map(({ name }) => name).join(', ') || '–',
    versions: record.versions,
  });
  const base = { shape, keep_prob: state.keep, generator: record.name, include: ['mask', 'statistics'] };
  // A library whose seed is a pair gets the seed of the page and 0.
  const isPair = record.seed.startsWith('two ');
  const question = {
    ...base,
    seed: isPair ? [seed(), 0] : seed(),
    ...moreFields(),
  };
  let reply;
  try {
    reply = await ask('/mask', question);
  } catch (error) {
    // Another seed or further fields may be needed: the refusal says which.
    if (error.status !== 422) throw error;
    byId('library-mask').replaceChildren();
    byId('library-code').textContent = '';
    byId('library-says').textContent = error.message;
    show([]);
    return;
  }
  const { answer, request } = reply;
  byId('library-mask').replaceChildren(cells(answer.mask, record));
  byId('library-code').textContent = code(record, question);
  byId('library-says').textContent = t('library-says', {
    library: record.library,
    kept: answer.kept,
    of: answer.size,
    verified: record.verified,
  });
  show([request]);
}

function cells(mask, record) {
  return el(
    'table',
    { class: 'matrix cells' },
    el('caption', {}, t('library-mask', { name: record.name })),
    el(
      'tbody',
      {},
      mask.map((row) =>
        el(
          'tr',
          {},
          row.map((kept) => el('td', { class: kept ? 'kept' : 'off' }, kept ? '1' : el('s', {}, '0'))),
        ),
      ),
    ),
  );
}

/** Imports, values, and the line of the record. What the record says in words is a comment. */
function code(record, question) {
  const used = modules.filter(({ name }) => name.test(record.draws));
  if (!used.length) return `# ${record.draws}`;
  const [, text, words] = record.draws.match(/^(.*?)(?:,? ((?:the n-th|as in|in (?:tf|module)\.).*))?$/);
  const { ones, dtype, call = '' } = used.at(-1);
  const line = text + call;
  const values = {
    rate: digits(1 - state.keep, 12),
    keep: digits(state.keep, 12),
    ratio: digits(1 - state.keep, 12),
    shape: `(${shape.join(', ')})`,
    dtype,
    x: ones,
    ...Object.fromEntries(record.parameters.map(({ name }) => [name, JSON.stringify(question[name]) ?? 'None'])),
  };
  const seeds = Array.isArray(question.seed) ? { s0: question.seed[0], s1: question.seed[1] } : { seed: question.seed };
  // The names that the line uses: neither names of arguments nor those after a dot.
  const uses = (name) => new RegExp(`(?<![.\\w"])${name}(?![\\w"=])`).test(line);
  const named = Object.entries(values).filter(([name]) => uses(name) || (name === 'shape' && uses('x')));
  return [
    used.map((module) => module.line).join('; '),
    [...Object.entries(seeds), ...named].map(([name, value]) => `${name} = ${value}`).join('; '),
    words ? `${line}  # ${words}` : line,
  ].join('\n');
}

export function startLibrary() {
  byId('generator').addEventListener('change', (event) => set({ generator: event.target.value, more: '' }));
  byId('more').addEventListener('change', (event) => set({ more: event.target.value.trim() }));
  byId('library-copy').addEventListener('click', (event) =>
    copy(event.currentTarget, byId('library-code').textContent, t('copied')),
  );
}
