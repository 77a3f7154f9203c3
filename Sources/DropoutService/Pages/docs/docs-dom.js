// Elements of the page. Texts of the contract are set as text, never as markup.

/** An element with attributes and children. `on` has listeners, and children that are null are left out. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null));
  return element;
}

/** A text of the contract, in which a part between backquotes is code, as paragraphs. */
export function prose(text) {
  return (text ?? "").trim().split(/\n\n+/).filter(Boolean).map((paragraph) => h("p", {}, inline(paragraph)));
}

/** The same within a line. */
export function inline(text) {
  return text.replaceAll(/\s+/g, " ").split("`").map((part, index) => (index % 2 ? h("code", {}, part) : part));
}

/** JSON broken over lines, with a list of numbers in one line. */
export function pretty(value, indent = "") {
  const isPlain = (item) => item === null || typeof item !== "object";
  if (isPlain(value)) return JSON.stringify(value);
  const inner = indent + "  ";
  if (Array.isArray(value)) {
    if (value.every((item) => isPlain(item) || (Array.isArray(item) && item.every(isPlain)))) {
      const line = JSON.stringify(value).replaceAll(/,(?=[^"]*(?:"[^"]*"[^"]*)*$)/g, ", ");
      if (indent.length + line.length <= 96) return line;
    }
    return value.length ? `[\n${value.map((item) => inner + pretty(item, inner)).join(",\n")}\n${indent}]` : "[]";
  }
  const members = Object.entries(value);
  if (!members.length) return "{}";
  const lines = members.map(([name, item]) => `${inner}${JSON.stringify(name)}: ${pretty(item, inner)}`);
  return `{\n${lines.join(",\n")}\n${indent}}`;
}
