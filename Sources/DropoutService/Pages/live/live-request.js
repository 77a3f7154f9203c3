// The requests of a panel as text that can be run: curl, Python, JavaScript.

import { address, token } from './live-api.js';
import { copy, el } from './live-dom.js';
import { t } from './live-texts.js';

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** JSON as Python writes it. */
function python(value) {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`;
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([name, member]) => `${JSON.stringify(name)}: ${python(member)}`)
      .join(', ')}}`;
  return JSON.stringify(value);
}

const isLines = (body) => body?.samples_format === 'ndjson';

/** A key is never in a text that is shared: its place is a variable of the shell. */
const languages = {
  curl: ({ path, body }) =>
    [
      `curl -s ${quoted(address(path))}`,
      ...(token.get() ? ['-H "Authorization: Bearer $DROPOUT_TOKEN"'] : []),
      ...(body ? ["-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body))}`] : []),
    ].join(' '),
  Python: ({ path, body }) =>
    [
      `import json${token.get() ? ', os' : ''}, urllib.request`,
      '',
      ...(body ? [`question = ${python(body)}`] : []),
      'request = urllib.request.Request(',
      `    ${JSON.stringify(address(path))},`,
      ...(body ? ['    json.dumps(question).encode(),'] : []),
      `    headers={"Content-Type": "application/json"${token.get() ? ', "Authorization": "Bearer " + os.environ["DROPOUT_TOKEN"]' : ''}})`,
      'with urllib.request.urlopen(request) as reply:',
      isLines(body) ? '    answer = [json.loads(line) for line in reply]' : '    answer = json.load(reply)',
      'print(answer)',
    ].join('\n'),
  JavaScript: ({ path, body }) =>
    [
      `const reply = await fetch(${JSON.stringify(address(path))}, {`,
      ...(body ? ['  method: "POST",'] : []),
      `  headers: {"Content-Type": "application/json"${token.get() ? ', "Authorization": "Bearer " + token' : ''}},`,
      ...(body ? [`  body: JSON.stringify(${JSON.stringify(body)}),`] : []),
      '});',
      isLines(body)
        ? 'const answer = (await reply.text()).trim().split("\\n").map(JSON.parse);'
        : 'const answer = await reply.json();',
      'console.log(answer);',
    ].join('\n'),
};

let chosen = 'curl';
const views = [];

/** The view of a panel's requests, in its element of the class `request`. */
export function requestView(section) {
  const name = section.id;
  const summary = el('summary');
  const which = el('select', { id: `${name}-which`, onchange: () => draw() });
  const whichField = el('div', { class: 'field' }, el('label', { for: `${name}-which` }), which);
  const tabs = el(
    'fieldset',
    { class: 'choice' },
    el('legend', { class: 'hidden' }),
    Object.keys(languages).map((language) =>
      el(
        'label',
        {},
        el('input', {
          type: 'radio',
          name: `${name}-language`,
          value: language,
          onchange: () => {
            chosen = language;
            redrawRequests();
          },
        }),
        language,
      ),
    ),
  );
  const button = el('button', { type: 'button', onclick: () => copy(button, code.textContent, t('copied')) });
  const code = el('pre', { tabindex: 0 });
  section
    .querySelector('.request')
    .append(el('details', {}, summary, el('div', { class: 'fields' }, whichField, tabs, button), code));
  let requests = [];

  function draw() {
    const request = requests[which.selectedIndex] ?? requests[0];
    whichField.firstChild.textContent = t('request-which');
    tabs.firstChild.textContent = t('request-language');
    button.textContent = t('copy');
    code.setAttribute('aria-label', t('request'));
    for (const input of tabs.querySelectorAll('input')) input.checked = input.value === chosen;
    whichField.hidden = requests.length < 2;
    if (!request) {
      summary.textContent = t('request');
      code.textContent = '';
      return;
    }
    summary.textContent = t('request-says', {
      path: `${request.body ? 'POST' : 'GET'} ${request.path}`,
      ms: request.milliseconds.toFixed(request.milliseconds < 10 ? 1 : 0),
    });
    code.textContent = languages[chosen](request);
  }
  views.push(draw);

  /** Shows the requests, each with its name. */
  return function show(list) {
    const index = which.selectedIndex;
    requests = list;
    which.replaceChildren(...list.map((request) => el('option', {}, request.name ?? request.path)));
    which.selectedIndex = Math.max(0, Math.min(index, list.length - 1));
    draw();
  };
}

/** Writes all views again, in another language or with a key. */
export function redrawRequests() {
  for (const view of views) view();
}
