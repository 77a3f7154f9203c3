// The form that sends a request and shows the answer.
import { h, pretty } from "./docs-dom.js";

/** The most characters of an answer that are shown. */
const SHOWN = 20000;
const KEY = "dropout-service-key";

/** The key that requests have. It is kept for this tab alone. */
export const key = {
  get: () => sessionStorage.getItem(KEY) ?? "",
  set: (value) => (value ? sessionStorage.setItem(KEY, value) : sessionStorage.removeItem(KEY)),
};

/** The root of the service, from the place of this file: /docs/docs-try.js. */
const ROOT = new URL("..", import.meta.url);

/** The form of an operation: its path and query, its body, and examples to choose from. */
export function tryForm({ id, method, path, target, examples }) {
  const address = h("input", { id: `${id}-target`, value: target, spellcheck: "false", autocomplete: "off", required: true });
  const isBody = examples !== null;
  const names = Object.keys(examples ?? {});
  const body = isBody ? h("textarea", { id: `${id}-body`, spellcheck: "false", rows: 6 }) : null;
  const fill = (name) => {
    body.value = name === undefined ? "{}" : pretty(examples[name]);
    body.rows = Math.min(Math.max(body.value.split("\n").length, 3), 16);
  };
  if (isBody) fill(names[0]);
  const choice = h("select", { id: `${id}-example`, on: { change: () => fill(choice.value) } }, names.map((name) => h("option", {}, name)));
  const output = h("div", { class: "answer", "aria-live": "polite" });
  const command = () => {
    const parts = ["curl", "-s", quoted(new URL(address.value.replace(/^\//, ""), ROOT).href)];
    if (key.get()) parts.push("-H", "'Authorization: Bearer '\"$KEY\"");
    if (isBody) parts.push("-H", "'Content-Type: application/json'", "-d", quoted(compact(body.value)));
    return parts.join(" ");
  };
  const send = async (event) => {
    event.preventDefault();
    output.replaceChildren(h("p", {}, "Asking…"));
    output.replaceChildren(...(await ask(method, address.value, isBody ? body.value : null)));
  };
  const copy = h("button", { type: "button", on: { click: () => copied(command(), copy) } }, "Copy as curl");
  return h(
    "form",
    { class: "try", on: { submit: send } },
    h("label", { for: address.id }, method === "GET" ? "Path and query" : "Path"),
    address,
    names.length > 1 ? [h("label", { for: choice.id }, "Example"), choice] : null,
    isBody ? [h("label", { for: body.id }, "Body"), body] : null,
    h("p", { class: "buttons" }, h("button", { type: "submit", class: "send" }, "Try it"), copy),
    output,
  );
}

/** Asks the service. The nodes that show its answer. */
async function ask(method, target, body) {
  const headers = { Accept: "application/json, */*;q=0.5" };
  if (key.get()) headers.Authorization = `Bearer ${key.get()}`;
  if (body !== null) headers["Content-Type"] = "application/json";
  const start = performance.now();
  try {
    const response = await fetch(new URL(target.replace(/^\//, ""), ROOT), { method, headers, body, cache: "no-store" });
    const text = await response.text();
    const time = performance.now() - start;
    const type = response.headers.get("Content-Type") ?? "no type";
    const line = `${response.status} ${response.statusText}, ${time.toFixed(1)} ms, ${type}`;
    return [h("p", { class: response.ok ? "good" : "bad" }, line), h("pre", { tabindex: "0" }, shown(text, type))];
  } catch (error) {
    return [h("p", { class: "bad" }, `The request could not be sent: ${error.message}`)];
  }
}

function shown(text, type) {
  let result = text;
  // A number that JavaScript would print otherwise is left as it came.
  if (type.includes("json") && text.length <= SHOWN) {
    try {
      const value = JSON.parse(text);
      if (JSON.stringify(value) === text.trim()) result = pretty(value);
    } catch {
      // Lines of JSON, or no JSON: as it came.
    }
  }
  return result.length > SHOWN ? `${result.slice(0, SHOWN)}\n… ${result.length - SHOWN} more characters` : result;
}

function compact(text) {
  return text.replaceAll(/\n\s*/g, " ").trim();
}

/** An argument for a shell. */
function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

async function copied(text, button) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Copying is not allowed";
  }
  button.addEventListener("blur", () => (button.textContent = label), { once: true });
}
