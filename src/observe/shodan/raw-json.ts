/**
 * The texts of the elements of a top-level array, cut out of a JSON text that is already known to be valid. Parsing and
 * writing again would lose what evidence is for: integers beyond 2^53 (certificate serials) and the source's own form.
 *
 * @param key property of the outermost object; the last one wins, as in JSON.parse.
 * @returns undefined when there is no such array.
 */
export function elementTexts(json: string, key: string): string[] | undefined {
  let found: string[] | undefined;
  let at = skipBlanks(json, 0);
  if (json[at] !== '{') return undefined;
  at = skipBlanks(json, at + 1);
  while (at < json.length && json[at] === '"') {
    const keyEnd = endOfValue(json, at);
    const name = json.slice(at + 1, keyEnd - 1);
    const colon = skipBlanks(json, keyEnd);
    const start = skipBlanks(json, colon + 1);
    const end = endOfValue(json, start);
    if (name === key) found = json[start] === '[' ? splitArray(json, start) : undefined;
    at = skipBlanks(json, end);
    if (json[at] !== ',') break;
    at = skipBlanks(json, at + 1);
  }
  return found;
}

function splitArray(json: string, open: number): string[] {
  const elements: string[] = [];
  let at = skipBlanks(json, open + 1);
  while (at < json.length && json[at] !== ']') {
    const end = endOfValue(json, at);
    elements.push(json.slice(at, end));
    at = skipBlanks(json, end);
    if (json[at] !== ',') break;
    at = skipBlanks(json, at + 1);
  }
  return elements;
}

function skipBlanks(json: string, from: number): number {
  let at = from;
  while (at < json.length && ' \t\r\n'.includes(json.charAt(at))) at += 1;
  return at;
}

/** Index after the value that begins at `start`; always moves forward. */
function endOfValue(json: string, start: number): number {
  const first = json[start];
  if (first === '"') return endOfString(json, start);
  if (first !== '{' && first !== '[') return endOfPlain(json, start);
  let depth = 0;
  let at = start;
  while (at < json.length) {
    const char = json[at];
    if (char === '"') {
      at = endOfString(json, at);
      continue;
    }
    if (char === '{' || char === '[') depth += 1;
    if (char === '}' || char === ']') depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return at;
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length) {
    const char = json[at];
    if (char === '"') return at + 1;
    at += char === '\\' ? 2 : 1;
  }
  return json.length;
}

function endOfPlain(json: string, start: number): number {
  let at = start;
  while (at < json.length && !',]} \t\r\n'.includes(json.charAt(at))) at += 1;
  return Math.max(at, start + 1);
}
