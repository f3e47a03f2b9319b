import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readShodanKey } from '../../src/cli/secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'sekisho-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function keyFile(text: string): string {
  const path = join(folder, 'key');
  writeFileSync(path, text);
  return path;
}

describe('the Shodan key', () => {
  it('is what stands in the file, whatever its line ends', () => {
    expect(readShodanKey({}, keyFile('KEY123\r\n'))).toBe('KEY123');
    expect(readShodanKey({ SHODAN_API_KEY_FILE: keyFile(' KEY123 \n\n') }, undefined)).toBe('KEY123');
  });

  it.each([
    ['', 'is empty'],
    ['KEY123\nKEY456\n', 'holds more than the key'],
    ['SHODAN_API_KEY: KEY123', 'holds more than the key'],
  ])('is never guessed, and never printed: %j', (text, said) => {
    let message = '';
    try {
      readShodanKey({}, keyFile(text));
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(said);
    expect(message).not.toContain('KEY123');
  });
});
