// Requests to the server that sent this page.

/** A request that the server refused, or that it did not answer. `errors` has the places of the mistakes. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(
      problem.errors?.map((error) => `${error.pointer} ${error.detail}`.trim()).join('; ') ||
        problem.detail ||
        `HTTP ${status}`,
    );
    [this.status, this.errors] = [status, problem.errors ?? []];
  }
}

const tokenName = 'dropout-token';
let askForToken = null;

/** The key of the server, for this tab alone. */
export const token = {
  get: () => sessionStorage.getItem(tokenName) ?? '',
  set: (text) => sessionStorage.setItem(tokenName, text),
  /** Calls `ask()` if the server wants a key; the promise that it returns ends if there is a new one. */
  onMissing: (ask) => {
    askForToken = ask;
  },
};

/** The address of a path as people type it into a shell. */
export const address = (path) => new URL(path.replace(/^\//, ''), new URL('.', location.href)).href;

/**
 * Sends a question. Returns the answer and what to show of the request: `{answer, request: {path, body, milliseconds}}`.
 *
 * Without `body` the request is a GET. Lines of JSON come back as a list.
 */
export async function ask(path, body, signal) {
  const began = performance.now();
  const headers = {};
  if (body) headers['Content-Type'] = 'application/json';
  if (token.get()) headers.Authorization = `Bearer ${token.get()}`;
  const reply = await fetch(address(path), {
    method: body ? 'POST' : 'GET',
    headers,
    body: body && JSON.stringify(body),
    signal,
  });
  const text = await reply.text();
  if (reply.status === 401 && askForToken) {
    await askForToken(Boolean(token.get()));
    return ask(path, body, signal);
  }
  if (!reply.ok) throw new Refusal(reply.status, parsed(text));
  const isLines = reply.headers.get('Content-Type')?.startsWith('application/x-ndjson');
  const answer = isLines
    ? text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : JSON.parse(text);
  const broken = isLines && answer.find((line) => line.problem);
  if (broken) throw new Refusal(broken.problem.status, broken.problem);
  return { answer, request: { path, body, milliseconds: performance.now() - began } };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
