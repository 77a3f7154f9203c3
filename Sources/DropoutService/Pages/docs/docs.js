// Writes the reference from the contract, /openapi.json: contents, routes by their tags, schemas.
import { h, inline, pretty, prose } from "./docs-dom.js";
import { Contract } from "./docs-schema.js";
import { key, tryForm } from "./docs-try.js";

const METHODS = ["get", "post"];
const byId = (id) => document.getElementById(id);

/** The operations in the order of the contract. */
function operations(contract) {
  return Object.entries(contract.document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => {
      const operation = item[method];
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((entry) => contract.resolved(entry));
      return { path, method: method.toUpperCase(), operation, parameters, id: operation.operationId };
    }),
  );
}

function section(contract, { path, method, operation, parameters, id }) {
  const content = operation.requestBody?.content ?? {};
  const json = content["application/json"];
  const shown = parameters.filter((parameter) => parameter.in !== "header");
  const headers = parameters.filter((parameter) => parameter.in === "header");
  const row = (parameter) =>
    contract.row(parameter.name, parameter.schema, {
      required: parameter.required,
      place: parameter.in,
      description: parameter.description ?? contract.resolved(parameter.schema)?.description,
    });
  return h(
    "section",
    { id, class: "operation", "aria-labelledby": `${id}-title` },
    h("h3", { id: `${id}-title` }, h("span", { class: `method ${method.toLowerCase()}` }, method), " ", h("code", {}, path)),
    prose(operation.summary),
    prose(operation.description),
    tryForm({ id, method, path, target: target(path, id), examples: json ? examplesOf(json) : null }),
    shown.length ? group("Parameters", shown.map(row), true) : null,
    json ? group("Fields of the body", [...named(json.schema), ...contract.fields(json.schema, true)], true) : null,
    Object.entries(content).filter(([type]) => type !== "application/json").map(([type, media]) =>
      h("p", { class: "media" }, "Also ", h("code", {}, type), ". ", inline(media.schema?.description ?? ""))),
    answers(contract, operation),
    headers.length ? group("Header fields of the request", headers.map(row)) : null,
  );
}

/** A link to the schema, if it has a name. A summary cannot have one, since it is a button itself. */
function named(schema) {
  const name = schema?.$ref?.split("/").at(-1);
  return name ? [h("p", { class: "meaning" }, h("a", { href: `#schema-${name}` }, name))] : [];
}

function examplesOf(media) {
  if (media.examples) return Object.fromEntries(Object.entries(media.examples).map(([name, example]) => [name, example.value]));
  return media.example === undefined ? {} : { example: media.example };
}

/** A path that can be asked: its parameters have values. */
function target(path, id) {
  const values = { model: "dropout", version: "1", name: id === "liveFile" ? "live.css" : "docs.css" };
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => values[name] ?? name);
  return id === "maskByQuery" ? `${filled}?shape=4,2&keep_prob=0.8&seed=42` : filled;
}

function group(title, rows, open = false) {
  const count = h("span", { class: "count" }, String(rows.filter((row) => row.classList.contains("field")).length));
  return h("details", { class: "group", open: open && rows.length <= 60 }, h("summary", {}, title, " ", count), rows);
}

function answers(contract, operation) {
  const rows = Object.entries(operation.responses).map(([status, entry]) => {
    const response = contract.resolved(entry);
    const types = Object.entries(response.content ?? {});
    const json = response.content?.["application/json"];
    const examples = json ? Object.values(examplesOf(json)) : [];
    const fields = json ? contract.fields(json.schema) : [];
    return h(
      "div",
      { class: "field" },
      h("p", { class: "head" }, h("code", { class: "name" }, status === "default" ? "others" : status), types.map(([type]) => h("span", { class: "type" }, type))),
      response.description ? h("p", { class: "meaning" }, inline(response.description)) : null,
      fields.length ? group("Fields of the answer", [...named(json.schema), ...fields]) : null,
      examples.length ? [h("p", { class: "meaning" }, "An example:"), h("pre", { tabindex: "0" }, pretty(examples[0]))] : null,
    );
  });
  return group("Answers", rows);
}

function schemaSection(contract, [name, schema]) {
  const fields = contract.fields(schema);
  return h(
    "section",
    { id: `schema-${name}`, class: "schema", "aria-labelledby": `schema-${name}-title` },
    h("h3", { id: `schema-${name}-title` }, h("code", {}, name)),
    prose(schema.description),
    fields.length ? fields : h("p", { class: "type" }, contract.type(schema)),
  );
}

function link(id, ...children) {
  return h("li", { "data-for": id }, h("a", { href: `#${id}` }, children));
}

/** Shows what has the text, and hides the rest. */
function find(text) {
  const wanted = text.trim().toLowerCase();
  for (const part of document.querySelectorAll(".operation, .schema")) {
    const title = part.querySelector("h3").textContent.toLowerCase();
    const names = [...part.querySelectorAll(".field[data-name]")];
    const found = names.filter((row) => row.dataset.name.toLowerCase().includes(wanted));
    const isShown = !wanted || title.includes(wanted) || found.length > 0;
    part.hidden = !isShown;
    for (const row of names) row.classList.toggle("found", wanted !== "" && found.includes(row));
    for (const entry of document.querySelectorAll(`[data-for="${part.id}"]`)) entry.hidden = !isShown;
  }
}

/** Opens what a link within the page leads to. */
function reveal() {
  const part = byId(decodeURIComponent(location.hash.slice(1)));
  if (!part) return;
  part.hidden = false;
  part.scrollIntoView();
}

function write(document_) {
  const contract = new Contract(document_);
  const { info, tags, components } = document_;
  const all = operations(contract);
  byId("version").textContent = info.version;
  byId("summary").textContent = info.summary;
  const main = byId("main");
  const contents = byId("contents");
  main.append(h("details", { class: "group about" }, h("summary", {}, "What all routes have in common"), prose(info.description)));
  for (const tag of tags) {
    const own = all.filter(({ operation }) => operation.tags?.includes(tag.name));
    main.append(h("h2", { id: `tag-${tag.name}` }, tag.name), ...prose(tag.description), ...own.map((one) => section(contract, one)));
    contents.append(
      h("details", { open: matchMedia("(min-width: 60rem)").matches && own.length <= 8 }, h("summary", {}, tag.name),
        h("ul", {}, own.map(({ id, method, path }) => link(id, h("span", { class: `method ${method.toLowerCase()}` }, method), " ", path)))),
    );
  }
  main.append(h("h2", { id: "schemas" }, "schemas"), ...Object.entries(components.schemas).map((entry) => schemaSection(contract, entry)));
  contents.append(h("details", {}, h("summary", {}, "schemas"), h("ul", {}, Object.keys(components.schemas).map((name) => link(`schema-${name}`, name)))));
}

async function start() {
  byId("state").textContent = "Reading the contract…";
  try {
    const response = await fetch(new URL("../openapi.json", import.meta.url));
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    write(await response.json());
    byId("state").textContent = "";
  } catch (error) {
    byId("state").textContent = `The contract could not be read: ${error.message}`;
    return;
  }
  byId("tools").hidden = false;
  byId("tools").addEventListener("submit", (event) => event.preventDefault());
  byId("find").addEventListener("input", (event) => find(event.target.value));
  byId("key").value = key.get();
  byId("key").addEventListener("input", (event) => key.set(event.target.value.trim()));
  addEventListener("hashchange", reveal);
  reveal();
}

await start();
