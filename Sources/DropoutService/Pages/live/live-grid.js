// Tables of numbers whose cells can be reached with the arrow keys and say where they come from.

import { digits, el, tint } from './live-dom.js';

/**
 * A table of cells.
 *
 * `says(i, j)` is the arithmetic of a cell, `from(i, j)` are the cells that it is made of: table, row and column. `dropped` has true
 * for each cell that is struck through. With `click(i, j)` the cells are buttons, whose names are `label(i, j)`. `most` is the value
 * with the strongest colour; without it there are no colours.
 */
export function grid(key, caption, rows, { most, dropped, says, from, click, label }) {
  const cell = (value, i, j) => {
    const isOff = Boolean(dropped?.[i][j]);
    const text = isOff ? el('s', {}, digits(value)) : digits(value);
    const at = { 'data-at': `${key}.${i}.${j}` };
    const pressed = { type: 'button', 'aria-pressed': String(!isOff), 'aria-label': label?.(i, j) };
    const inside = click ? el('button', { ...at, ...pressed, onclick: () => click(i, j) }, text) : text;
    const td = el('td', { class: isOff ? 'off' : null, ...(click ? {} : { ...at, tabindex: i + j ? -1 : 0 }) }, inside);
    if (most) td.style.backgroundColor = tint(value, most);
    explanations.set(click ? inside : td, () => [
      `${caption.split(' = ')[0]} [${i + 1}, ${j + 1}]: ${says(i, j)}`,
      from?.(i, j) ?? [],
    ]);
    return td;
  };
  const body = rows.map((row, i) =>
    el(
      'tr',
      {},
      row.map((value, j) => cell(value, i, j)),
    ),
  );
  return el(
    'table',
    { class: click ? 'matrix pressable' : 'matrix', role: 'grid', onkeydown: move },
    el('caption', {}, caption),
    el('tbody', {}, body),
  );
}

/** What each cell says, and the cells that it is made of. */
const explanations = new WeakMap();

/**
 * Replaces the tables of `box`. The cell that had the focus keeps it, and says in `place` what it is now. Without one `place` has the
 * hint.
 */
export function showGrids(box, tables, place, hint) {
  const focused = document.activeElement?.closest('[data-at]');
  const at = box.contains(focused) ? focused.dataset.at : null;
  box.replaceChildren(...tables);
  const say = (event) => {
    const cell = event.target.closest?.('[data-at]') ?? event.target.querySelector?.('[data-at]');
    const [text, from] = explanations.get(cell)?.() ?? [];
    if (!text) return;
    place.textContent = text;
    for (const marked of box.querySelectorAll('.from')) marked.classList.remove('from');
    for (const [table, row, column] of from) {
      box.querySelector(`[data-at="${table}.${row}.${column}"]`)?.closest('td').classList.add('from');
    }
  };
  place.textContent = hint;
  for (const table of tables) {
    table.addEventListener('focusin', say);
    table.addEventListener('mouseover', say);
  }
  box.querySelector(`[data-at="${at}"]`)?.focus();
}

const directions = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function move(event) {
  const direction = directions[event.key];
  if (!direction) return;
  const [key, i, j] = event.target.dataset.at.split('.');
  const next = event.currentTarget.querySelector(
    `[data-at="${key}.${Number(i) + direction[0]}.${Number(j) + direction[1]}"]`,
  );
  if (!next) return;
  event.preventDefault();
  // Tab reaches one cell of a table: the one that had the focus last.
  if (next.tagName === 'TD') [event.target.tabIndex, next.tabIndex] = [-1, 0];
  next.focus();
}
