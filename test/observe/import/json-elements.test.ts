import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonElements } from '../../../src/observe/import/json-elements.ts';

interface Seen {
  readonly kind: string;
  readonly line: number;
  readonly what: unknown;
}

/** What comes out when the bytes are given in chunks of these sizes, in turn. */
function cut(
  content: string | Uint8Array,
  sizes: readonly number[] = [1 << 20],
): { seen: Seen[]; unfinished: boolean } {
  const bytes = Buffer.from(content as string);
  const seen: Seen[] = [];
  const elements = new JsonElements({
    object: (value, text, line, envelope) => {
      expect(JSON.parse(text)).toEqual(value);
      seen.push({ kind: envelope ? 'envelope' : 'object', line, what: text });
    },
    junk: (text, line) => seen.push({ kind: 'junk', line, what: text }),
    broken: (line, why) => seen.push({ kind: 'broken', line, what: why }),
  });
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    elements.push(bytes.subarray(at, at + size));
    at += size;
  }
  const { unfinished } = elements;
  elements.end(false);
  return { seen, unfinished };
}

const kinds = (content: string): string[] => cut(content).seen.map(({ kind, line }) => `${kind} ${line}`);

describe('JsonElements', () => {
  it('takes one object a line, with commas, blanks, carriage returns and lists around', () => {
    const text = '\r\n{"a":1}\r\n  {"a":2} ,\n,\n[\n{"a":3}\n,{"a":4},\n]\n[{"a":5},{"a":6}]{"a":7}';
    const { seen, unfinished } = cut(text);
    expect(seen.map(({ what }) => what)).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => `{"a":${n}}`));
    expect(seen.map(({ line }) => line)).toEqual([2, 3, 6, 7, 9, 9, 9]);
    expect(unfinished).toBe(false);
  });

  it('takes objects over several lines and lists in lists', () => {
    expect(kinds('[\n  {\n    "a": [\n      {}\n    ]\n  },\n  {\n    "b": "}{"\n  }\n]')).toEqual([
      'object 2',
      'object 7',
    ]);
    expect(kinds('[[{"a":1}],[{"a":2}]]')).toEqual(['object 1', 'object 1']);
    expect(kinds('{\n"a": [\n{\n"b": 1\n}\n]\n}\n{\n"c": 1\n}')).toEqual(['object 1', 'object 8']);
  });

  it('gives the elements of a list named matches one by one, and the object around it at the end', () => {
    const { seen } = cut(
      '{"total": 2, "matches": [{"a": {"matches": [1]}},\n{"a":2}], "more": true}\n{"a":3}',
    );
    expect(seen).toEqual([
      { kind: 'object', line: 1, what: '{"a": {"matches": [1]}}' },
      { kind: 'object', line: 2, what: '{"a":2}' },
      { kind: 'envelope', line: 1, what: '{"total": 2, "matches": [], "more": true}' },
      { kind: 'object', line: 3, what: '{"a":3}' },
    ]);
    expect(kinds('{"a":", \\"matches\\":","b":[{"c":1}]}')).toEqual(['object 1']);
  });

  it('keeps integers that a number cannot hold', () => {
    expect(cut('{"serial":123456789012345678901234567890}').seen[0]?.what).toContain(
      '123456789012345678901234567890',
    );
  });

  it('goes on behind lines that are no JSON', () => {
    expect(kinds('[INF] one\n{"a":1}\n[1,2]\ntext {"b":1}\n{"a":2} tail\n')).toEqual([
      'junk 1',
      'object 2',
      'junk 3',
      'junk 4',
      'object 5',
      'junk 5',
    ]);
  });

  it.each([
    ['a text that does not end', '{"a":"x\n{"b":1}\n'],
    ['a bracket that does not end', '{"a":{"x":1}\n{"b":1}\n'],
    ['a list that does not end', '{"a":[{"x":1}\n{"b":1}\n'],
    ['what is not JSON', '{a:1}\n{"b":1}\n'],
    ['over several lines', '  {\n    "a": {\n  },\n  {"b":1}\n'],
  ])('names %s and takes the next', (_name, text) => {
    expect(cut(text).seen.map(({ kind }) => kind)).toEqual(['broken', 'object']);
  });

  it('tells when the bytes end inside an object or a list', () => {
    expect(cut('{"a":1}\n{"b":').unfinished).toBe(true);
    expect(kinds('{"a":1}\n{"b":')).toEqual(['object 1', 'broken 2']);
    expect(cut('[{"a":1},').unfinished).toBe(true);
    expect(cut('{"matches":[{"a":1}]').unfinished).toBe(true);
  });

  it('names an object that is too long without holding it', () => {
    const seen: string[] = [];
    const elements = new JsonElements({
      object: (_value, text) => seen.push(text),
      junk: () => seen.push('junk'),
      broken: (line, why) => seen.push(`${line} ${why}`),
    });
    elements.push(Buffer.from('{"a":1}\n{"a":"'));
    const part = Buffer.alloc(1024 * 1024, 0x61);
    for (let index = 0; index < 33; index += 1) elements.push(part);
    elements.push(Buffer.from('"}\n{"a":2}'));
    elements.end(false);
    expect(seen).toEqual(['{"a":1}', '2 this record is longer than 33554432 bytes', '{"a":2}']);
  });

  const fragment = fc.constantFrom(
    '{"a":1}',
    '{"b":{"c":[1,{"d":"}"}]}}',
    '{\n  "a": 2\n}',
    '{"matches":[{"x":1},{"y":"]"}],"total":2}',
    '{"matches" :\n [\n{"x":1}\n]}',
    '[',
    ']',
    '{',
    '}',
    ',',
    '"',
    '\\',
    '\n',
    '\r\n',
    ' ',
    '[INF] log',
    'text',
    '\u0000',
    'é',
    '"a":',
    '[]',
    '[{"q":1}]',
  );

  it('gives the same whatever the chunks', () => {
    fc.assert(
      fc.property(
        fc.array(fragment, { maxLength: 25 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        (parts, sizes) => {
          const text = parts.join('');
          expect(cut(text, sizes)).toEqual(cut(text));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('never throws, and gives each object of a clean file once, in order', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void cut(bytes, [7])),
      { numRuns: 500 },
    );
    const value = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 });
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 8 }),
        fc.constantFrom(0, 2),
        fc.boolean(),
        (values, indent, inList) => {
          const plain = values.filter((one) => !('matches' in one));
          const texts = plain.map((one) => JSON.stringify(one, undefined, indent));
          const text = inList ? JSON.stringify(plain, undefined, indent) : texts.join('\n');
          const { seen, unfinished } = cut(text, [5, 64]);
          expect(unfinished).toBe(false);
          expect(seen.map(({ what }) => JSON.parse(String(what)) as unknown)).toEqual(
            texts.map((one) => JSON.parse(one) as unknown),
          );
        },
      ),
    );
  });
});
