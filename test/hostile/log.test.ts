import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLog } from '../../src/cli/log.ts';
import { CONTROLS } from './controls.ts';
import { PAYLOADS } from './payloads.ts';

it('writes one clean line for each thing that a stranger said, and keeps secrets out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-hostile-log-'));
  try {
    const file = join(folder, 'log.jsonl');
    const log = createLog({ file, verbose: false }).child({ source: 'probe' });
    const texts = PAYLOADS.flatMap(({ bytes }) => [bytes.toString('utf8'), bytes.toString('latin1')]);
    for (const text of texts) log.info({ destination: text, apiKey: 'S3CRET' }, text);
    const written = readFileSync(file, 'utf8');
    expect(written).not.toMatch(CONTROLS);
    expect(written).not.toContain('S3CRET');
    const lines = written.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(texts);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
