import { JsonElements, type JsonObject } from './json-elements.ts';

const MAX_OBJECTS = 50;

let last: { readonly head: string; readonly objects: readonly JsonObject[] } | undefined;

/**
 * The first JSON objects of a file, for telling what it is; of one that is longer than the head, as much as there is.
 *
 * @param head as `ImportFormat.recognises` gets it. Every format asks about the same one: the answer is kept.
 */
export function firstObjects(head: string): readonly JsonObject[] {
  if (last?.head !== head) last = { head, objects: readObjects(head) };
  return last.objects;
}

function readObjects(head: string): JsonObject[] {
  if (!head.includes('{')) return [];
  const objects: JsonObject[] = [];
  const elements = new JsonElements({
    object: (value) => {
      if (objects.length < MAX_OBJECTS) objects.push(value);
    },
    junk: () => undefined,
    broken: () => undefined,
  });
  elements.push(Buffer.from(head, 'latin1'));
  const partial = objects.length === 0 ? closed(head.slice(head.indexOf('{'))) : undefined;
  return partial === undefined ? objects : [partial];
}

/** A JSON text that was cut, without its last member and with every bracket closed; undefined when that is no JSON object. */
function closed(text: string): JsonObject | undefined {
  let ends = '';
  let inText = false;
  let escaped = false;
  let whole = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (inText) {
      if (escaped) escaped = false;
      else if (char === '\\') escaped = true;
      else if (char === '"') inText = false;
    } else if (char === '"') inText = true;
    else if (char === '{') ends = `}${ends}`;
    else if (char === '[') ends = `]${ends}`;
    else if (char === '}' || char === ']') ends = ends.slice(1);
    else if (char === ',') whole = `${at}:${ends}`;
    if (ends.length > 200) break;
  }
  const [end = '', brackets = ''] = whole.split(':');
  try {
    const value: unknown = JSON.parse(`${text.slice(0, Number(end))}${brackets}`);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}
