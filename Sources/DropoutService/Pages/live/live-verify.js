// The panel "check yours": is an output that dropout gives, and if not, which mistake is it?

import { ask } from './live-api.js';
import { byId, digits, el } from './live-dom.js';
import { set, state } from './live-state.js';
import { t } from './live-texts.js';

const example = [
  [7, 13],
  [7, 13],
  [16, 31],
  [16, 31],
];

/** Numbers as people paste them: JSON, what NumPy prints, or rows of numbers. */
export function numbersFrom(text) {
  try {
    return JSON.parse(text);
  } catch {
    const bare = text
      .replace(/\b(?:array|tensor|dtype=\S+)\b/g, ' ')
      .replace(/[()]/g, ' ')
      .trim();
    if (bare.includes('['))
      return JSON.parse(
        bare
          .replace(/\.(?=[\s,\]]|$)/g, '')
          .replace(/([\d\]])\s+(?=[-[\d.])/g, '$1, ')
          .replace(/,\s*$/, ''),
      );
    const rows = bare
      .split(/\n/)
      .filter((row) => row.trim())
      .map((row) =>
        row
          .trim()
          .split(/[\s,;]+/)
          .map(Number),
      );
    if (rows.flat().some(Number.isNaN)) throw new SyntaxError(text);
    return rows.length === 1 ? rows[0] : rows;
  }
}

export async function updateVerify(show) {
  for (const [id, name] of [
    ['v-input', 'vin'],
    ['v-output', 'vout'],
    ['v-rate', 'vrate'],
    ['v-mode', 'vmode'],
    ['v-seed', 'vseed'],
  ])
    byId(id).value = state[name];
  for (const option of byId('v-mode').options) option.textContent = t(`mode-${option.value}`);
  if (!state.checked) {
    byId('verdict').replaceChildren(el('p', {}, t('v-hint')));
    show([]);
    return;
  }
  let question;
  try {
    question = { input: numbersFrom(state.vin), output: numbersFrom(state.vout) };
  } catch {
    byId('verdict').replaceChildren(el('p', { class: 'bad' }, t('v-unreadable')));
    show([]);
    return;
  }
  if (state.vrate) question.rate = Number.isNaN(Number(state.vrate)) ? state.vrate : Number(state.vrate);
  if (state.vmode === 'eval') question.mode = 'eval';
  if (state.vseed) Object.assign(question, { seed: state.vseed, generator: state.generator });
  try {
    const { answer, request } = await ask('/verify', question);
    byId('verdict').replaceChildren(...words(answer));
    show([request]);
  } catch (error) {
    if (error.status !== 422) throw error;
    byId('verdict').replaceChildren(el('p', { class: 'bad' }, error.message));
    show([]);
  }
}

function words(answer) {
  const isRight = answer.is_dropout;
  const facts = [t('v-counts', { kept: answer.kept, dropped: answer.dropped, rate: digits(answer.rate, 4) })];
  if (typeof answer.factor === 'number') facts.push(t('v-factor', { factor: digits(answer.factor, 5) }));
  if (!isRight && Math.abs(answer.factor - answer.rate) < 1e-9) facts.push(t('v-factor-rate'));
  return [
    el('p', { class: isRight ? 'good' : 'bad' }, t(isRight ? 'v-right-verdict' : 'v-wrong-verdict', answer)),
    el('p', {}, facts.join(' ')),
    el('ul', {}, answer.findings.map(finding)),
  ];
}

/** A mistake in words, and the numbers that show it. */
function finding({ mistake, detail, evidence }) {
  const value = (one) => (typeof one === 'number' ? digits(one, 5) : JSON.stringify(one));
  const shown = Object.entries(evidence).map(([name, one]) => `${name.replaceAll('_', ' ')} ${value(one)}`);
  return el(
    'li',
    {},
    el('strong', {}, t(`mistake-${mistake}`, {}, detail)),
    ` ${t('v-evidence')} ${shown.join(', ')}.`,
  );
}

/** Fills the panel with an output of the service: a right one, or that of a layer with a known mistake. */
async function fill(question, parts) {
  const { answer } = await ask('/forward', { input: example, ...question, include: ['output'] });
  set({ vin: JSON.stringify(example), vout: JSON.stringify(answer.output), vseed: '', checked: true, ...parts });
}

export function startVerify(failed) {
  byId('v-mode').append(...['train', 'eval'].map((mode) => el('option', { value: mode })));
  const typed = () => ({
    vin: byId('v-input').value,
    vout: byId('v-output').value,
    vrate: byId('v-rate').value.trim(),
    vmode: byId('v-mode').value,
    vseed: byId('v-seed').value.trim(),
  });
  for (const id of ['v-input', 'v-output', 'v-rate', 'v-mode', 'v-seed'])
    byId(id).addEventListener('change', () => set({ ...typed(), checked: false }));
  byId('v-check').addEventListener('click', () => set({ ...typed(), checked: true }));
  // The classic scheme with the drop probability in the place of the keep probability, in the test.
  byId('v-bug').addEventListener('click', () =>
    fill({ keep_prob: 0.2, scheme: 'classic', mode: 'eval' }, { vrate: '0.2', vmode: 'eval' }).catch(failed),
  );
  byId('v-right').addEventListener('click', () =>
    fill({ rate: 0.2, seed: 7 }, { vrate: '0.2', vmode: 'train' }).catch(failed),
  );
}
