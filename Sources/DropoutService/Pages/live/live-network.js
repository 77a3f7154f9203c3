// The panel "network": the figure of the paper of 2014, with the units and weights of the example.

import { W1, W2, X } from './live-article.js';
import { byId, digits, svg } from './live-dom.js';
import { state } from './live-state.js';
import { shown } from './live-steps.js';
import { t } from './live-texts.js';

const largestWeight = Math.max(...[W1, W2].flat(2).map(Math.abs));

/**
 * A drawing of the network. `kept` has a number for each hidden unit, 0 if it is dropped. `values` are the texts in the units, layer
 * by layer; without them the drawing is small.
 */
export function figure(kept, { values, label }) {
  const isSmall = !values;
  const [width, height, radius] = isSmall ? [72, 52, 5] : [380, 250, 19];
  const layers = [X.length, kept.length, 1];
  const x = (layer) => radius + 3 + layer * (width / 2 - radius - 3);
  const y = (layer, unit) =>
    (height * (unit + 0.5)) / Math.max(...layers) +
    (height * (Math.max(...layers) - layers[layer])) / Math.max(...layers) / 2;
  const parts = [];
  for (const [layer, weights] of [W1, W2].entries()) {
    const edges = weights.flatMap((row, to) => row.map((weight, from) => ({ weight, from, to })));
    for (const { weight, from, to } of edges) {
      if (!kept[layer ? from : to]) continue;
      parts.push(
        svg('line', {
          class: 'edge',
          x1: x(layer),
          y1: y(layer, from),
          x2: x(layer + 1),
          y2: y(layer + 1, to),
          'stroke-width': isSmall ? 1 : 1 + (5 * Math.abs(weight)) / (layer ? 0.4 : largestWeight),
        }),
      );
    }
  }
  layers.forEach((count, layer) => {
    for (let unit = 0; unit < count; unit += 1) {
      const [cx, cy] = [x(layer), y(layer, unit)];
      const isDropped = layer === 1 && !kept[unit];
      parts.push(svg('circle', { class: isDropped ? 'unit dropped' : 'unit', cx, cy, r: radius }));
      if (isDropped)
        parts.push(
          svg('path', {
            class: 'cross',
            d: `M${cx - radius} ${cy - radius}l${2 * radius} ${2 * radius}m0 ${-2 * radius}l${-2 * radius} ${2 * radius}`,
          }),
        );
      else if (values) parts.push(svg('text', { x: cx, y: cy + 4, 'text-anchor': 'middle' }, values[layer][unit]));
    }
  });
  return svg(
    'svg',
    {
      class: isSmall ? 'network small' : 'network',
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': label,
    },
    parts,
  );
}

/** Draws the whole network and the one of the last pass, for the chosen example. */
export function updateNetwork() {
  const column = state.example - 1;
  const kept = shown.mask.map((row) => row[column]);
  const values = (units, output) => [
    X.map((row) => digits(row[column])),
    units.map((row) => digits(row[column], 4)),
    [digits(output, 4)],
  ];
  const names = kept.map((value, unit) => (value ? null : unit + 1)).filter(Boolean);
  const edges = kept.filter(Boolean).length * (X.length + 1);
  const all = kept.length * (X.length + 1);
  const output = digits(shown.output[0][column], 6);
  const says =
    shown.mode === 'eval'
      ? t('network-eval', { output })
      : t(names.length ? 'network-dropped' : 'network-none', {
          units: list(names),
          kept: kept.length - names.length,
          of: kept.length,
          edges,
          all,
          output,
        });
  byId('whole').replaceChildren(
    figure(
      kept.map(() => 1),
      { values: values(shown.whole.units, shown.whole.output[0][column]), label: t('network-whole-label', { all }) },
    ),
  );
  byId('thinned').replaceChildren(figure(kept, { values: values(shown.units, shown.output[0][column]), label: says }));
  byId('thinned-caption').textContent = t(shown.mode === 'eval' ? 'network-tested' : 'network-thinned');
  byId('network-says').textContent = says;
}

function list(names) {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${t('and')} ${names.at(-1)}`;
}
