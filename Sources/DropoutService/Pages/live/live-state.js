// The state of the page. It is whole in the hash of the URL, so that a link shares what the page shows.

/** Every part of the state with its value on a fresh page. The hash has those that differ. */
export const fresh = {
  lang: 'en',
  keep: 0.8,
  seed: '42',
  step: 0,
  mode: 'train',
  scheme: 'inverted',
  draw: 'element', // one draw for each element, or one for each unit
  draws: '', // 'article': the draws that the article prints, instead of a seed
  mask: '', // eight digits, the mask by hand
  example: 1,
  forest: 'seen',
  data: 'moons',
  noise: 0.3,
  width: 32,
  drop: 0.5,
  optimizer: 'adam',
  trained: 0,
  unsure: false,
  generator: 'torch-cpu',
  more: '',
  vin: '',
  vout: '',
  vrate: '0.2',
  vmode: 'train',
  vseed: '',
  checked: false,
  hide: '',
};

/** The values that a part may have, for parts that a hash from anywhere could set to something else. */
const allowed = {
  lang: ['en', 'zh'],
  mode: ['train', 'eval'],
  scheme: ['inverted', 'classic'],
  draw: ['element', 'unit'],
  draws: ['', 'article'],
  example: [1, 2],
  forest: ['seen', 'all', 'random'],
  data: ['moons', 'circles', 'spirals', 'xor'],
  width: [8, 16, 32, 64],
  optimizer: ['adam', 'sgd', 'adamw'],
  vmode: ['train', 'eval'],
};
const bounds = { keep: [0, 1], step: [0, 4294967295], noise: [0, 1], drop: [0, 0.95], trained: [0, 2000] };
const forms = { seed: /^\d{1,20}$/, mask: /^([01]{8})?$/ };

export const state = { ...fresh };
const listeners = [];

/** Calls `listener(changed)` after each change; `changed(name, ...)` says whether one of the parts has changed. */
export function onChange(listener) {
  listeners.push(listener);
}

/** Changes parts of the state, writes the hash and tells the panels. */
export function set(parts) {
  const names = Object.keys(parts).filter((name) => state[name] !== parts[name]);
  if (!names.length) return;
  Object.assign(state, parts);
  history.replaceState(null, '', hash());
  tell(names);
}

function tell(names) {
  const changed = (...asked) => asked.some((name) => names.includes(name));
  for (const listener of listeners) listener(changed);
}

/** The hash of the state; the address without a hash if the state is fresh. */
export function hash() {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(state))
    if (value !== start()[name]) query.set(name, value === true ? '1' : value === false ? '0' : value);
  const text = query.toString();
  return text ? `#${text}` : location.pathname + location.search;
}

/** Reads the hash. What it does not name, or names wrongly, is as on a fresh page. */
export function readHash() {
  const query = new URLSearchParams(location.hash.slice(1));
  const before = { ...state };
  Object.assign(state, start());
  for (const [name, text] of query) {
    const value = Object.hasOwn(fresh, name) ? read(name, text) : undefined;
    if (value !== undefined) state[name] = value;
  }
  const names = Object.keys(state).filter((name) => state[name] !== before[name]);
  if (names.length) tell(names);
}

/** A fresh page speaks the language of the browser. */
function start() {
  const chinese = (navigator.languages ?? [navigator.language])
    .find((tag) => /^(zh|en)/i.test(tag))
    ?.toLowerCase()
    .startsWith('zh');
  return { ...fresh, lang: chinese ? 'zh' : 'en' };
}

function read(name, text) {
  const usual = fresh[name];
  const value = typeof usual === 'number' ? Number(text) : typeof usual === 'boolean' ? text === '1' : text;
  if (typeof value === 'number' && !(Number.isFinite(value) && text.trim())) return undefined;
  if (allowed[name] && !allowed[name].includes(value)) return undefined;
  if (bounds[name] && !(value >= bounds[name][0] && value <= bounds[name][1])) return undefined;
  if ((name === 'step' || name === 'trained') && !Number.isInteger(value)) return undefined;
  if (forms[name] && !forms[name].test(value)) return undefined;
  return value;
}
