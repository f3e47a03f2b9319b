/** Between few large writes and many small ones. */
const CHUNK = 1024 * 1024;

/**
 * The text of `JSON.stringify(value, null, 1)` in pieces. In one, the snapshot of a large network takes more memory than all that
 * it is made of, and beyond 512 MB there is no such text.
 */
export function* jsonChunks(value: Readonly<Record<string, unknown>>): Generator<string> {
  let chunk = '';
  for (const piece of pieces(value)) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

/** Lists of the object itself element by element. */
function* pieces(value: Readonly<Record<string, unknown>>): Generator<string> {
  let before = '{\n ';
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    yield `${before}${JSON.stringify(key)}: `;
    before = ',\n ';
    if (!Array.isArray(field) || field.length === 0) yield indented(field, ' ');
    else {
      let open = '[\n  ';
      for (const element of field as readonly unknown[]) {
        yield `${open}${indented(element, '  ')}`;
        open = ',\n  ';
      }
      yield '\n ]';
    }
  }
  yield before === '{\n ' ? '{}' : '\n}';
}

/** No text in JSON holds a line break. */
function indented(value: unknown, by: string): string {
  const json = JSON.stringify(value ?? null, null, 1);
  return json.replaceAll('\n', `\n${by}`);
}
