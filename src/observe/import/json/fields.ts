import type { JsonObject } from '../json-elements.ts';

/**
 * Fields of a JSON object from a stranger: a field of the wrong type counts as absent, and only its own fields are looked
 * at. Several names mean the first that is there: tools renamed their fields over the years.
 */

const MAX_TEXT = 2000;
const MAX_LIST = 1000;

export function fieldOf(value: unknown, ...names: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  for (const name of names) {
    const field: unknown = Object.hasOwn(value, name) ? (value as JsonObject)[name] : undefined;
    if (field !== undefined && field !== null) return field;
  }
  return undefined;
}

/** Not empty; cut at `max` characters. */
export function textOf(
  value: unknown,
  names: string | readonly string[],
  max = MAX_TEXT,
): string | undefined {
  const field = fieldOf(value, ...(typeof names === 'string' ? [names] : names));
  return typeof field === 'string' && field !== '' ? field.slice(0, max) : undefined;
}

export function objectOf(value: unknown, ...names: readonly string[]): JsonObject | undefined {
  const field = fieldOf(value, ...names);
  return isObject(field) ? field : undefined;
}

/** At most 1000 elements. */
export function listOf(value: unknown, ...names: readonly string[]): readonly unknown[] {
  const field = fieldOf(value, ...names);
  return Array.isArray(field) ? (field as unknown[]).slice(0, MAX_LIST) : [];
}

/** The texts of a list, or a lone text as a list of one. */
export function textsOf(value: unknown, ...names: readonly string[]): string[] {
  const field = fieldOf(value, ...names);
  const all: readonly unknown[] = Array.isArray(field) ? field : [field];
  return all
    .filter((text) => typeof text === 'string' && text !== '')
    .slice(0, 200)
    .map((text) => String(text).slice(0, 300));
}

/** A number, or a text that is one. */
export function integerOf(value: unknown, ...names: readonly string[]): number | undefined {
  const field = fieldOf(value, ...names);
  const number = typeof field === 'string' && /^-?\d{1,15}$/.test(field) ? Number(field) : field;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** 1 to 65535, as number or text. */
export function portOf(value: unknown, ...names: readonly string[]): number | undefined {
  const port = integerOf(value, ...names);
  return port !== undefined && port >= 1 && port <= 65_535 ? port : undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
