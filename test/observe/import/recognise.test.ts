import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../../src/observe/import/formats.ts';
import { HEAD_BYTES } from '../../../src/observe/import/recognise.ts';
import { FIXTURES } from './import-of.ts';

/** What a fixture is, by the beginning of its name. */
const TYPES: readonly (readonly [string, string])[] = [
  ['host_', 'shodan'],
  ['banner_', 'shodan'],
  ['export_', 'shodan'],
  ['search_', 'shodan'],
  ['stream_', 'shodan'],
];

describe('recognition', () => {
  const names = readdirSync(FIXTURES).filter(
    (name) => !/^assets|^certificate|-empty|nmap-malformed/.test(name),
  );

  it.each(names)('%s is recognised by its own format and by no other', (name) => {
    const bytes = readFileSync(join(FIXTURES, name));
    const plain = name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    const head = plain.subarray(0, HEAD_BYTES).toString('latin1');
    const found = FORMATS.filter((format) => format.type !== 'ledger' && format.recognises(head)).map(
      ({ type }) => type,
    );
    const expected = TYPES.find(([start]) => name.startsWith(start))?.[1] ?? name.split(/[-_.]/)[0];
    expect(found).toEqual([expected]);
  });

  it('leaves what the weakest format would take to all others first', () => {
    expect(FORMATS.at(-1)?.type).toBe('ledger');
  });
});
