// Drawings of numbers: a chart with lines, bands and dots, and a map of a plane on a canvas.

import { digits, svg } from './live-dom.js';

/** Round numbers for an axis from `low` to `high`. */
function ticks(low, high, count) {
  const raw = (high - low) / count;
  const unit = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * unit).find((candidate) => candidate >= raw);
  const list = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step)
    list.push(Number(value.toPrecision(6)));
  return list;
}

/**
 * A chart as wide as its place. `x` and `y` are the ranges `[low, high]`. A series is `{class, points}` with points `[x, y]`, and has
 * `dots` or `band` (points `[x, low, high]`) if it is no line.
 */
export function chart({ width, height = 240, x, y, xLabel, series, label }) {
  const [left, right, top, bottom] = [44, 12, 8, 34];
  const toX = (value) => left + ((value - x[0]) / (x[1] - x[0] || 1)) * (width - left - right);
  const toY = (value) =>
    height - bottom - ((Math.max(y[0], Math.min(y[1], value)) - y[0]) / (y[1] - y[0] || 1)) * (height - top - bottom);
  const at = (px, py) => `${px.toFixed(1)} ${py.toFixed(1)}`;
  const parts = [];
  for (const value of ticks(y[0], y[1], 5)) {
    parts.push(svg('line', { class: 'tick', x1: left, x2: width - right, y1: toY(value), y2: toY(value) }));
    parts.push(svg('text', { x: left - 6, y: toY(value) + 4, 'text-anchor': 'end' }, digits(value, 4)));
  }
  for (const value of ticks(x[0], x[1], width < 420 ? 4 : 7))
    if (Number.isInteger(value))
      parts.push(svg('text', { x: toX(value), y: height - bottom + 15, 'text-anchor': 'middle' }, digits(value, 6)));
  parts.push(
    svg('text', { class: 'axis', x: (left + width - right) / 2, y: height - 4, 'text-anchor': 'middle' }, xLabel),
  );
  for (const { class: name, points, kind = 'line' } of series) {
    if (!points.length) continue;
    const last = points.at(-1)[1];
    // A line that leaves the chart runs along its edge, with its value.
    if (kind === 'line' && last > y[1])
      parts.push(svg('text', { x: width - right, y: top + 16, 'text-anchor': 'end' }, `↑ ${digits(last, 4)}`));
    if (kind === 'dots')
      parts.push(
        svg('path', { class: `dots ${name}`, d: points.map(([px, py]) => `M${at(toX(px), toY(py))}h0`).join('') }),
      );
    else if (kind === 'band')
      parts.push(
        svg('path', {
          class: `band ${name}`,
          d: `M${[...points.map(([px, low]) => at(toX(px), toY(low))), ...points.toReversed().map(([px, , high]) => at(toX(px), toY(high)))].join('L')}Z`,
        }),
      );
    else
      parts.push(
        svg('path', { class: `line ${name}`, d: `M${points.map(([px, py]) => at(toX(px), toY(py))).join('L')}` }),
      );
  }
  return svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label }, parts);
}

/** Paints `values`, rows from the top, with a colour `[red, green, blue]` each, then points `{x, y, isBlue}` from 0 to 1. */
export function map(canvas, side, colour, points) {
  const context = canvas.getContext('2d');
  const cell = canvas.width / side;
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      context.fillStyle = `rgb(${colour(row * side + column)
        .map(Math.round)
        .join(' ')})`;
      context.fillRect(Math.floor(column * cell), Math.floor(row * cell), Math.ceil(cell), Math.ceil(cell));
    }
  }
  for (const { x, y, isBlue } of points) {
    const [px, py] = [x * canvas.width, (1 - y) * canvas.height];
    context.beginPath();
    // Two shapes, since colours alone do not tell everybody the classes apart.
    if (isBlue) context.arc(px, py, 3.5, 0, 7);
    else context.rect(px - 3, py - 3, 6, 6);
    context.fillStyle = isBlue ? '#1d4ed8' : '#c2410c';
    context.fill();
    context.strokeStyle = '#fff';
    context.stroke();
  }
}
