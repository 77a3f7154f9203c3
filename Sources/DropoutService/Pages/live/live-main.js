// The start of the page: reads the hash, then lets each panel ask for what it shows whenever its part of the state changes.

import { token } from './live-api.js';
import { panels, showControls, startControls } from './live-controls.js';
import { byId, latest, pend } from './live-dom.js';
import { drawForest, updateForest } from './live-forest.js';
import { startLibrary, updateLibrary } from './live-library.js';
import { updateNetwork } from './live-network.js';
import { redrawRequests, requestView } from './live-request.js';
import { onChange, readHash } from './live-state.js';
import { updateSteps } from './live-steps.js';
import { t, translate } from './live-texts.js';
import { drawNumbers, showTrainingControls, startTraining, stopTraining, updateTraining } from './live-training.js';
import { startVerify, updateVerify } from './live-verify.js';

const views = Object.fromEntries(panels.map((name) => [name, requestView(byId(name))]));
const problems = new Map();

function failed(name) {
  return (error) => {
    if (name === 'training') stopTraining();
    problems.set(name, error);
    showProblems();
  };
}

function showProblems() {
  byId('problem').hidden = problems.size === 0;
  byId('problem').textContent = [...problems]
    .map(([name, error]) => `${t(name)}: ${error.status ? error.message : t('unreachable', { reason: error.message })}`)
    .join(' · ');
}

/** Work of a panel that clears the panel's problem if it succeeds. */
function panel(name, work) {
  return latest(
    byId(name),
    async () => {
      if (byId(name).hidden) return;
      await work();
      problems.delete(name);
      showProblems();
    },
    failed(name),
  );
}

// The figure is drawn from the answer of the tables, so both panels are one piece of work, shown or not.
const steps = latest(
  byId('steps'),
  async () => {
    await updateSteps((requests) => {
      views.steps(requests);
      views.network([requests[0], requests.at(-1)]);
    });
    updateNetwork();
    problems.delete('steps');
    showProblems();
  },
  failed('steps'),
);
const forest = panel('forest', () => updateForest(views.forest));
const training = panel('training', () => updateTraining(views.training));
const library = panel('library', () => updateLibrary(views.library));
const verify = panel('verify', () => updateVerify(views.verify));

function update(changed) {
  if (changed('lang')) {
    translate();
    redrawRequests();
    drawForest();
    drawNumbers();
  }
  showControls();
  showTrainingControls();
  const isEverything = changed('lang', 'hide');
  if (isEverything || changed('keep', 'seed', 'step', 'mode', 'scheme', 'draw', 'draws', 'mask', 'example')) steps();
  if (isEverything || changed('keep', 'seed', 'step', 'mode', 'scheme', 'draw', 'example', 'forest')) forest();
  if (isEverything || changed('seed', 'data', 'noise', 'width', 'drop', 'optimizer', 'trained', 'unsure')) training();
  if (isEverything || changed('keep', 'seed', 'generator', 'more')) library();
  if (isEverything || changed('vin', 'vout', 'vrate', 'vmode', 'vseed', 'checked')) verify();
}

/** Shows the form for a key until one is given. All requests that wait for it go on then. */
let waiting = null;
token.onMissing((isWrong) => {
  waiting ??= new Promise((resolve) => {
    byId('token').hidden = false;
    byId('token-text').value = '';
    byId('token-text').setAttribute('aria-invalid', String(isWrong));
    byId('token-text').focus();
    byId('token').addEventListener(
      'submit',
      (event) => {
        event.preventDefault();
        token.set(byId('token-text').value.trim());
        byId('token').hidden = true;
        waiting = null;
        resolve();
      },
      { once: true },
    );
  });
  return waiting;
});

let redraw = 0;
addEventListener('resize', () => {
  cancelAnimationFrame(redraw);
  redraw = requestAnimationFrame(() => {
    drawForest();
    drawNumbers();
  });
});

startControls();
startTraining();
startLibrary();
startVerify(failed('verify'));
await pend(async () => {
  readHash();
  translate();
  onChange(update);
  addEventListener('hashchange', readHash);
  update(() => true);
});
document.addEventListener('settled', () => {
  if (document.documentElement.dataset.ready) return;
  document.documentElement.dataset.ready = performance.now().toFixed(0);
  performance.mark('ready');
});
