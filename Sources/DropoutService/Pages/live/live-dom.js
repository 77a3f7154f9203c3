// Small helpers: elements, numbers as text, copying, and work that is repeated if the state has changed meanwhile.

export const byId = (id) => document.getElementById(id);

const svgSpace = 'http://www.w3.org/2000/svg';

/** An element with attributes and children. A child is an element or a text; `null` is left out. */
export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same in a drawing. */
export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(svgSpace, name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A number for people: at most so many significant digits. */
export function digits(value, count = 8) {
  if (typeof value !== 'number') return String(value ?? '–');
  return String(Number(value.toPrecision(count))).replace('-', '−');
}

/** Copies a text and says so on the button for a moment. */
export async function copy(button, text, done) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure context there is no clipboard: a selection is what the browser can copy.
    const area = el('textarea', { readonly: true, class: 'hidden' });
    area.value = text;
    button.after(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    button.focus();
  }
  const usual = button.textContent;
  if (usual === done) return;
  button.textContent = done;
  setTimeout(() => {
    if (button.textContent === done) button.textContent = usual;
  }, 1500);
}

let pending = 0;

/** Whether all panels show the present state. Tests wait for the event `settled`. */
export const isSettled = () => pending === 0;

/** Counts work as pending until it ends. */
export async function pend(work) {
  pending += 1;
  document.documentElement.dataset.pending = pending;
  try {
    return await work();
  } finally {
    pending -= 1;
    document.documentElement.dataset.pending = pending;
    if (pending === 0) document.dispatchEvent(new Event('settled'));
  }
}

/**
 * A function that does `work`, never twice at the same time. Called again meanwhile, it repeats the work once at the end, so that
 * the last state is shown.
 */
export function latest(section, work, failed) {
  let running = false,
    again = false;
  return async function run() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    section.setAttribute('aria-busy', 'true');
    await pend(async () => {
      do {
        again = false;
        try {
          await work();
        } catch (error) {
          failed(error);
        }
      } while (again);
    });
    section.removeAttribute('aria-busy');
    running = false;
  };
}

/** A colour for a value in a table or of an edge: blue above 0, orange below, stronger if farther from 0. */
export function tint(value, most) {
  const share = Math.min(1, Math.abs(value) / (most || 1));
  const part = Math.round(share * 42);
  return `color-mix(in srgb, var(${value < 0 ? '--negative' : '--positive'}) ${part}%, transparent)`;
}
