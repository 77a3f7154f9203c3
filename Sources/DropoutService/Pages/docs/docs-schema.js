// What a schema says, in words: its type, its bounds, its default and its fields.
import { h, inline } from "./docs-dom.js";

/** The contract, with what its references name. */
export class Contract {
  constructor(document) {
    this.document = document;
  }

  /** The schema, parameter or response itself, or what its `$ref` names. What is beside `$ref` wins. */
  resolved(node) {
    if (!node?.$ref) return node;
    const path = node.$ref.split("/").slice(1).map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
    const { $ref, ...beside } = node;
    return { ...this.resolved(path.reduce((part, name) => part[name], this.document)), ...beside };
  }

  /** The default of a schema or of one of its alternatives, as JSON. */
  defaultOf(schema) {
    if (!schema) return undefined;
    if ("default" in schema) return JSON.stringify(schema.default);
    const parts = schema.$ref ? [this.resolved({ $ref: schema.$ref })] : (schema.anyOf ?? []);
    return parts.map((part) => this.defaultOf(part)).find((value) => value !== undefined);
  }

  /** The type of a field that may be left out: null in a question means that, so it is not named. */
  typeInQuestion(schema) {
    if (!schema.anyOf) return this.type(schema);
    const parts = schema.anyOf.filter((part) => part.type !== "null");
    return this.type(parts.length === 1 ? parts[0] : { ...schema, anyOf: parts });
  }

  /** The type of a schema, as nodes. A named schema with fields or alternatives is a link to it. */
  type(schema) {
    if (!schema || Object.keys(schema).length === 0) return ["anything"];
    if (schema.$ref) {
      const target = this.resolved({ $ref: schema.$ref });
      if (isSimple(target)) return this.type(target);
      const name = schema.$ref.split("/").at(-1);
      return [h("a", { href: `#schema-${name}` }, name)];
    }
    if ("const" in schema) return [h("code", {}, JSON.stringify(schema.const))];
    if (schema.enum) return schema.enum.flatMap((value, index) => [index ? ", " : "", h("code", {}, value === "" ? '""' : String(value))]);
    if (schema.anyOf) {
      const isNull = (part) => part.type === "null";
      const shown = schema.anyOf.filter((part) => !isNull(part)).map((part) => this.type(part));
      const nodes = shown.flatMap((part, index) => [index ? " or " : "", ...part]);
      return schema.anyOf.some(isNull) ? [...nodes, " or null"] : nodes;
    }
    if (schema.type === "array") return ["list", ...sizes(schema), ...(schema.items ? [" of ", ...this.type(schema.items)] : [])];
    if (schema.type === "string" && schema.format === "binary") return ["bytes"];
    if (schema.type === "object") return ["object"];
    return [schema.type ?? "anything", ...bounds(schema)];
  }

  /** The fields of an object, each as a row. */
  fields(schema, isQuestion = false) {
    const target = this.resolved(schema);
    const required = new Set(target?.required ?? []);
    return Object.entries(target?.properties ?? {}).map(([name, field]) => {
      const shown = field.$ref ? this.resolved({ $ref: field.$ref }) : field;
      const description = field.description ?? shown?.description;
      return this.row(name, field, { required: required.has(name), description, isQuestion });
    });
  }

  /** A field or a parameter: its name, type, default and meaning. */
  row(name, schema, { required, description, place, isQuestion = false }) {
    const value = this.defaultOf(schema);
    return h(
      "div",
      { class: "field", "data-name": name },
      h(
        "p",
        { class: "head" },
        h("code", { class: "name" }, name),
        place ? h("span", { class: "place" }, place) : null,
        required ? h("span", { class: "required" }, "required") : null,
        h("span", { class: "type" }, isQuestion ? this.typeInQuestion(schema) : this.type(schema)),
        value === undefined ? null : h("span", { class: "default" }, "default ", h("code", {}, value)),
      ),
      description ? h("p", { class: "meaning" }, inline(description)) : null,
    );
  }
}

/** Whether a named schema says more by its content than by its name. */
function isSimple(schema) {
  if (schema.type === "array") return !schema.prefixItems && isSmall(schema.items ?? {});
  return !schema.properties && !schema.anyOf && (schema.enum?.length ?? 0) <= 12;
}

function isSmall(schema) {
  return schema.$ref !== undefined || (schema.type !== undefined && schema.type !== "object");
}

function bounds(schema) {
  const low = schema.minimum ?? schema.exclusiveMinimum;
  const high = schema.maximum ?? schema.exclusiveMaximum;
  const parts = [];
  if (low !== undefined && high !== undefined) parts.push(`${number(low)} to ${number(high)}`);
  else if (low !== undefined) parts.push(schema.exclusiveMinimum === undefined ? `from ${number(low)}` : `above ${number(low)}`);
  else if (high !== undefined) parts.push(`up to ${number(high)}`);
  if (schema.multipleOf) parts.push(`a multiple of ${schema.multipleOf}`);
  if (schema.pattern?.includes("[0-9]")) parts.push("of digits");
  return parts.map((part) => ` ${part}`);
}

function sizes({ minItems, maxItems }) {
  if (minItems !== undefined && minItems === maxItems) return [` of ${minItems}:`];
  if (minItems && maxItems) return [` (${minItems} to ${maxItems})`];
  return [];
}

/** A number in digits, and a power of two as one. */
function number(value) {
  const power = Math.log2(value + 1);
  if (value >= 1e6 && Number.isInteger(Math.log10(value))) return `10^${Math.log10(value)}`;
  return value > 2 ** 31 && Number.isInteger(power) ? `2^${power} - 1` : value >= 2 ** 63 ? "2^64 - 1" : String(value);
}
