// What the checks ask about the page in the browser: `probe.name(...)`. Chromium loads this before the page's own files.

const select = (selector) => [...document.querySelectorAll(selector)];
const root = () => document.documentElement;

globalThis.probe = {
  /** Ends as soon as no panel waits for an answer, the present state is drawn, and the expression holds. */
  settled(done, holds = () => true) {
    const look = () => {
      // At the event itself, since a panel that plays asks again with the next frame.
      if (root().dataset.ready && root().dataset.pending === '0' && holds()) done(true);
      else document.addEventListener('settled', look, { once: true });
    };
    // A new size is drawn with the next frame.
    requestAnimationFrame(() => requestAnimationFrame(look));
  },

  /** Ends as soon as the element is shown. */
  shown(selector, done) {
    const element = document.querySelector(selector);
    if (!element.hidden) done(true);
    else new MutationObserver(() => element.hidden || done(true)).observe(element, { attributes: true });
  },

  /** Sets a control and says so as a person's choice does. */
  choose(selector, value) {
    const control = document.querySelector(selector);
    control.value = value;
    for (const name of ['input', 'change']) control.dispatchEvent(new Event(name, { bubbles: true }));
  },

  rows: (table) => [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent)),

  /** The texts of a table of the panel "step by step". */
  matrix: (key) => probe.rows(document.querySelector(`#tables [data-at="${key}.0.0"]`).closest('table')),

  /** The text of a request that a panel shows, in one of the languages. */
  request(panel, index, language) {
    const request = document.querySelector(`#${panel} .request`);
    const chosen = request.querySelector(`input[value="${language}"]`);
    chosen.checked = true;
    chosen.dispatchEvent(new Event('change'));
    const which = request.querySelector('select');
    which.selectedIndex = index;
    which.dispatchEvent(new Event('change'));
    return request.querySelector('pre').textContent;
  },

  counts: (place, parts) => parts.map((part) => select(`${place} ${part}`).length),

  /** The name and the value of each line of the forest's legend. */
  legend: () =>
    select('#forest-legend tr').map((row) => [
      row.querySelector('i').classList.item(row.querySelector('i').classList.length - 1),
      row.cells[1].textContent,
    ]),

  colours(canvas) {
    const { data } = document.getElementById(canvas).getContext('2d').getImageData(0, 0, 240, 240);
    const seen = new Set();
    for (let index = 0; index < data.length; index += 4) seen.add(data.slice(index, index + 3).join());
    return seen.size;
  },

  /** Everything that the page says and draws, apart from how long the requests took. */
  look() {
    const copy = document.body.cloneNode(true);
    for (const summary of copy.querySelectorAll('.request summary')) summary.remove();
    const drawings = [...copy.querySelectorAll('svg')].map((drawing) => drawing.outerHTML);
    const controls = select('input, select, textarea').map((control) => [control.id, control.value, control.checked]);
    return JSON.stringify([copy.textContent, drawings, controls, select('canvas').map((canvas) => canvas.toDataURL())]);
  },

  /**
   * The number of elements that Tab must reach: one of each group of radio buttons, one cell of each table, and whatever else takes an
   * input. `missed` has those that had no focus since.
   */
  tabbable() {
    const inputs = select('a[href], button, select, textarea, summary, input, [tabindex="0"]');
    const wanted = inputs.filter((one) => one.checkVisibility() && (one.type !== 'radio' || one.checked));
    const reached = new Set();
    document.addEventListener('focusin', (event) => reached.add(event.target));
    document.activeElement?.blur();
    probe.missed = () => wanted.filter((one) => !reached.has(one)).map((one) => one.outerHTML.slice(0, 120));
    return wanted.length;
  },

  /** Texts that are cut off, or that leave the window or their drawing. */
  clipped() {
    const found = [];
    for (const element of select('body *')) {
      if (!element.checkVisibility() || element.closest('.hidden, .skip, svg, pre, textarea, option')) continue;
      const box = element.getBoundingClientRect();
      const name = `${element.tagName}#${element.id}.${element.className}`;
      if (box.width && (box.right > innerWidth + 1 || box.left < -1)) found.push(`${name} leaves the window`);
      const isCut = getComputedStyle(element).overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
      if (isCut && element.tagName !== 'INPUT') found.push(`${name} is cut off`);
    }
    for (const text of select('svg text')) {
      const [box, place] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
      if (box.left < place.left - 1 || box.right > place.right + 1)
        found.push(`${text.textContent} leaves its drawing`);
    }
    return found;
  },

  /** Controls, tables, drawings and paragraphs that are over each other. */
  overlaps() {
    const kinds = ['button', 'table', 'p', '.choice', 'canvas', 'select', 'summary', 'svg', 'output', 'label'];
    const parts = select(kinds.map((kind) => `section ${kind}`).join()).filter((part) => part.checkVisibility());
    const boxes = parts.filter((part) => !part.closest('.hidden')).map((part) => [part, part.getBoundingClientRect()]);
    const found = [];
    for (const [index, [one, a]] of boxes.entries()) {
      for (const [other, b] of boxes.slice(index + 1)) {
        if (one.contains(other) || other.contains(one)) continue;
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > 1)
          found.push(`${one.tagName}.${one.className} over ${other.tagName}.${other.className}`);
      }
    }
    return found;
  },

  moving: () => select('*').filter((one) => Number.parseFloat(getComputedStyle(one).transitionDuration) > 0).length,

  /** What is wrong with the dictionary: texts without a language or with other places for values, names without a text, the number. */
  async dictionary(done) {
    const { texts } = await import(new URL('live/live-texts.js', location.href));
    const places = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort().join();
    const isWhole = (pair) => pair.length === 2 && pair.every(Boolean) && places(pair[0]) === places(pair[1]);
    const broken = Object.keys(texts).filter((name) => !isWhole(texts[name]));
    const used = select('[data-t], [data-t-label]').flatMap(({ dataset }) => [dataset.t, dataset.tLabel]);
    done([broken, used.filter((name) => name && !(name in texts)), Object.keys(texts).length]);
  },

  /** Loads what the policy must refuse. */
  trespass() {
    document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/' }));
    document.body.append(Object.assign(document.createElement('script'), { textContent: 'globalThis.broken = 1' }));
    return globalThis.broken ?? null;
  },
};
