import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/lib/strict-yaml.ts';
import { unknownIds } from '../../src/model/answers.ts';
import { findAnswers, readAnswers } from '../../src/track/answers.ts';
import { findRun, type Run } from '../../src/track/store.ts';

let root = '';
let run: Run;
let own = '';
let all = '';

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'sekisho-answers-'));
  const directory = join(root, 'example', '20261120T000000Z');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'journal.jsonl'), '');
  run = await findRun(root, 'example', '20261120T000000Z');
  own = join(directory, 'answers.yaml');
  all = join(root, 'example', 'answers.yaml');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function problems(text: string | Uint8Array): Promise<string> {
  writeFileSync(own, text);
  const error: unknown = await readAnswers(run).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).message.replaceAll(own, 'answers.yaml');
}

describe('track: answers of a run', () => {
  it('gives nothing when there is no file', async () => {
    expect(await readAnswers(run)).toBeUndefined();
    expect(await findAnswers(run)).toBeUndefined();
  });

  it('takes the file of the organisation, and before it that of the run', async () => {
    writeFileSync(all, 'findings: { B-07: { purpose: all } }');
    expect((await readAnswers(run))?.findings?.['B-07']?.purpose).toBe('all');
    writeFileSync(own, 'findings: { B-07: { owner: own } }');
    expect((await readAnswers(run))?.findings).toEqual({ 'B-07': { owner: 'own' } });
    expect(await findAnswers(run)).toBe(own);
  });

  it('looks in no folder above a run that lies in no organisation’s folder', async () => {
    const stray = join(root, 'a b', 'copy');
    mkdirSync(stray, { recursive: true });
    writeFileSync(join(stray, 'journal.jsonl'), '');
    writeFileSync(join(root, 'a b', 'answers.yaml'), 'sites: { hq: { line: x } }');
    expect(await readAnswers(await findRun(root, undefined, stray))).toBeUndefined();
  });

  it('reads what is empty as not answered, and never as a no', async () => {
    writeFileSync(
      own,
      'answered: { by: "", on: }\nfindings:\n  B-07:\n    purpose: "  "\n    may-close:\n    logs: { days: , off-box: unknown }\n    controls: { edr: }\n  B-08: { note: "" }\ntold: [{ who: "" }]\n',
    );
    expect(await readAnswers(run)).toEqual({ findings: { 'B-07': { logs: { 'off-box': 'unknown' } } } });
    writeFileSync(own, 'findings:\nsites:\n');
    expect(await readAnswers(run)).toEqual({});
  });

  it('names the place of every fault and what to do', async () => {
    expect(
      await problems(
        'findings:\n  B-07:\n    purpos: x\n    version: 7.10\n    opened-on: 20 Nov\n    may-close: maybe\n  b7: { note: x }\ntold:\n  - { who: "" }\n  - { who: 5 }\n',
      ),
    ).toBe(
      [
        'answers.yaml:3:5: findings.B-07.purpos: unknown key "purpos", did you mean "purpose"?; allowed here: purpose, opened-by, opened-on, owner, patched-by, version, may-close, closing-decided-by, logs, controls, persons, organisations, sources, accounts, behind, ticket, note',
        'answers.yaml:4:14: findings.B-07.version: expected text, found 7.1: put it in quotes, like "7.10"',
        'answers.yaml:5:16: findings.B-07.opened-on: expected a date as YYYY-MM-DD, found "20 Nov"',
        'answers.yaml:6:16: findings.B-07.may-close: "maybe" is not allowed; allowed: yes, no, unknown',
        'answers.yaml:7:3: findings.b7: the key is not allowed: write the number of a finding as the report prints it, like "B-07"',
        'answers.yaml:9:12: told[0].who: missing: write text here',
        'answers.yaml:10:12: told[1].who: expected text, found 5: put it in quotes, like "7.10"',
      ].join('\n'),
    );
    expect(await problems('findings:\n  B-07:\n    purpose: "C:\\log"\n')).toContain(
      'answers.yaml:3:17: not valid YAML',
    );
  });

  it('refuses what no person wrote by hand', async () => {
    expect(await problems('x'.repeat(1_000_001))).toContain('at most 1000000 are read');
    for (const deep of ['[', '{a: ', '- ', '? ', ' '])
      expect(await problems(deep.repeat(100_000))).toContain('nested too deeply');
    expect(await problems(`a: &a [x]\n${'b: [*a, *a]\n'.repeat(100)}`)).not.toBe('');
    expect(await problems(Uint8Array.of(0x83, 0x65, 0x83, 0x58))).toContain('not UTF-8');
  });

  it('waits for no pipe and reads no folder', async () => {
    mkdirSync(own);
    await expect(readAnswers(run)).rejects.toThrow(/answers\.yaml:1:1: this is no file/);
    rmSync(own, { recursive: true });
    execFileSync('mkfifo', [own]);
    await expect(readAnswers(run)).rejects.toThrow(/this is no file/);
  });

  it('keeps to what the file says of itself, whatever its keys are called', async () => {
    writeFileSync(own, 'sites:\n  __proto__: { line: x }\n  constructor: { line: y }\n');
    const answers = await readAnswers(run);
    expect(Object.getPrototypeOf(answers?.sites)).toBe(Object.prototype);
    expect(Object.hasOwn(answers?.sites ?? {}, 'constructor')).toBe(true);
  });
});

describe('model: ids that a run does not have', () => {
  it('are listed in the order of the file', () => {
    const ids = unknownIds(
      { findings: { 'B-99': {}, 'B-07': {}, 'A-01': {} }, sites: { old: {}, hq: {} } },
      { findings: [{ spokenId: 'B-07' }], sites: [{ id: 'hq' }] },
    );
    expect(ids).toEqual({ findings: ['B-99', 'A-01'], sites: ['old'] });
  });
});
