// The controls at the top, the links to the panels, and sharing.

import { byId, copy, digits, el, isSettled } from './live-dom.js';
import { fresh, hash, set, state } from './live-state.js';
import { t } from './live-texts.js';

export const panels = ['steps', 'network', 'forest', 'training', 'library', 'verify'];
const playMilliseconds = 600;
/** Whatever a new draw ends: the article's draws and a mask by hand. */
const drawn = { draws: '', mask: '' };

const radios = (name) => document.querySelectorAll(`input[name="${name}"]`);

function onRadio(name, change) {
  for (const input of radios(name)) input.addEventListener('change', () => input.checked && change(input.value));
}

export function startControls() {
  byId('controls').addEventListener('submit', (event) => event.preventDefault());
  byId('keep').addEventListener('input', (event) => set({ keep: Number(event.target.value) }));
  byId('seed').addEventListener('change', (event) => {
    if (event.target.validity.valid && event.target.value) set({ seed: event.target.value, ...drawn });
    else event.target.reportValidity();
  });
  byId('step').addEventListener('change', (event) => {
    if (event.target.validity.valid && event.target.value) set({ step: Number(event.target.value), ...drawn });
    else event.target.reportValidity();
  });
  byId('dice').addEventListener('click', () =>
    set({ seed: String(crypto.getRandomValues(new Uint32Array(1))[0] % 1000000), step: 0, ...drawn }),
  );
  for (const name of ['lang', 'mode', 'scheme', 'forest']) onRadio(name, (value) => set({ [name]: value }));
  onRadio('draw', (value) => set({ draw: value, mask: '' }));
  onRadio('example', (value) => set({ example: Number(value) }));
  byId('next').addEventListener('click', next);
  byId('play').addEventListener('click', () => (timer ? stop() : start()));
  byId('reset').addEventListener('click', () => {
    stop();
    set({ ...fresh, lang: state.lang, hide: state.hide });
  });
  byId('article').addEventListener('click', () => {
    stop();
    if (state.draws === 'article' && !state.mask) set({ draws: '' });
    else set({ draws: 'article', mask: '', keep: 0.8, mode: 'train', scheme: 'inverted', draw: 'element', example: 2 });
  });
  byId('share-copy').addEventListener('click', (event) =>
    copy(event.currentTarget, new URL(hash(), location.href).href, t('copied')),
  );
  byId('hide').append(
    ...panels.map((name) =>
      el(
        'label',
        {},
        el('input', { type: 'checkbox', value: name, onchange: hideUnchecked }),
        el('span', { 'data-t': name }),
      ),
    ),
  );
  document
    .querySelector('nav')
    .append(
      ...panels.map((name) => el('a', { href: `#${name}`, 'data-t': name, onclick: (event) => go(event, name) })),
    );
  document
    .querySelector('.skip')
    .addEventListener('click', (event) => go(event, panels.find((name) => !hiddenPanels().includes(name)) ?? 'share'));
}

/** The hash is the state's, so a link to a panel moves the focus and not the hash. */
function go(event, name) {
  event.preventDefault();
  const target = byId(`${name}-title`) ?? byId(name);
  target.tabIndex = -1;
  target.focus();
  target.scrollIntoView();
}

function next() {
  set({ step: state.step >= 4294967295 ? 0 : state.step + 1, mode: 'train', ...drawn });
}

let timer = null;
function start() {
  timer = setInterval(() => isSettled() && next(), playMilliseconds);
  showPlaying();
  next();
}
function stop() {
  clearInterval(timer);
  timer = null;
  showPlaying();
}

function showPlaying() {
  byId('play').setAttribute('aria-pressed', String(Boolean(timer)));
  byId('play').textContent = t(timer ? 'stop' : 'play');
}

const hiddenPanels = () => state.hide.split(',').filter((name) => panels.includes(name));

function hideUnchecked() {
  set({ hide: [...document.querySelectorAll('#hide input:not(:checked)')].map((input) => input.value).join(',') });
}

/** Writes the state into the controls. */
export function showControls() {
  byId('keep').value = state.keep;
  const says = t('keep-says', { keep: digits(state.keep), rate: digits(1 - state.keep, 6) });
  byId('keep-says').textContent = says;
  byId('keep').setAttribute('aria-valuetext', says);
  byId('seed').value = state.seed;
  byId('step').value = state.step;
  for (const name of ['lang', 'mode', 'scheme', 'draw', 'example', 'forest'])
    for (const input of radios(name)) input.checked = input.value === String(state[name]);
  byId('article').setAttribute('aria-pressed', String(state.draws === 'article' && !state.mask));
  const hidden = hiddenPanels();
  for (const name of panels) {
    byId(name).hidden = hidden.includes(name);
    document.querySelector(`nav [data-t="${name}"]`).hidden = hidden.includes(name);
    document.querySelector(`#hide input[value="${name}"]`).checked = !hidden.includes(name);
  }
  showPlaying();
}
