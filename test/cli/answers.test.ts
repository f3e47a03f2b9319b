import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeAnswersCommand } from '../../src/cli/answers.ts';
import { ExitCode } from '../../src/cli/exit-code.ts';
import { parse } from 'yaml';
import { writeSnapshot } from '../../src/track/store.ts';
import { finding, knowledge, service, snapshot } from '../report/fixture.ts';
import { sekisho } from './command.ts';

const RUN = '20261120T000000Z';
let reports = '';
let folder = '';
let own = '';
let all = '';

beforeEach(async () => {
  reports = mkdtempSync(join(tmpdir(), 'sekisho-answers-'));
  folder = join(reports, 'kakuu', RUN);
  own = join(folder, 'answers.yaml');
  all = join(reports, 'kakuu', 'answers.yaml');
  mkdirSync(folder, { recursive: true });
  const gone = finding(service('203.0.113.6', 21, 'file-transfer'), 'B-06');
  await writeSnapshot(join(folder, 'snapshot.json'), {
    ...snapshot,
    register: [
      {
        ...gone,
        class: 'file-transfer',
        state: 'closed',
        misses: 2,
        appearance: {},
      },
    ],
  });
});
afterEach(() => rmSync(reports, { recursive: true, force: true }));

const run = async (...argv: string[]) =>
  sekisho(['answers', ...argv, '--reports', reports], { XDG_DATA_HOME: join(reports, 'no-data') });

/** Without loading the knowledge that is shipped, which takes seconds. */
async function write(reference: string, options: { readonly allRuns?: boolean } = {}): Promise<string> {
  const said: string[] = [];
  await writeAnswersCommand(reference, { reports, ...options }, () => knowledge, {
    result: (text) => void said.push(text),
    say: (text) => void said.push(text),
    isInteractive: false,
  });
  return said.join('\n');
}

describe('sekisho answers', () => {
  it('writes a file beside the run that only its owner may read, and says what comes next', async () => {
    const said = await write('latest');
    expect(said).toContain(`Wrote ${own}.`);
    expect(said).toContain('sekisho answers latest --check');
    expect(statSync(own).mode & 0o777).toBe(0o600);
    const file = parse(readFileSync(own, 'utf8')) as { findings: object };
    expect(Object.keys(file.findings)).toContain('B-07');
  });

  it('never overwrites what somebody has written', async () => {
    writeFileSync(own, 'mine');
    const { code, stderr } = await run(RUN);
    expect(code).toBe(ExitCode.usage);
    expect(stderr).toContain('is there already and is left as it is');
    expect(readFileSync(own, 'utf8')).toBe('mine');
  });

  it('writes one for all runs of the organisation, and says which of two counts', async () => {
    expect(await write('latest', { allRuns: true })).toContain(`Wrote ${all}.`);
    expect(existsSync(own)).toBe(false);
    expect(await write(RUN)).toContain(`Beside it there is ${all}: only the file beside the run counts`);
  });

  it('has no other runs to write for when the run lies anywhere', async () => {
    const stray = join(reports, 'a b', 'copy');
    mkdirSync(stray, { recursive: true });
    writeFileSync(join(stray, 'snapshot.json'), readFileSync(join(folder, 'snapshot.json')));
    const { code, stderr } = await run(stray, '--all-runs');
    expect(code).toBe(ExitCode.usage);
    expect(stderr).toContain('Leave out --all-runs');
    expect(await write(stray)).toContain(`Wrote ${join(stray, 'answers.yaml')}.`);
  });
});

describe('sekisho answers --check', () => {
  it('reads the empty file that it wrote as no answer at all', async () => {
    await write('latest');
    const { code, stdout } = await run('--check');
    expect(code).toBe(ExitCode.nothingNew);
    expect(stdout).toBe(
      `${own} can be read.\nIt answers: no findings, no sites.\nEvery number and site in it is one of this run.`,
    );
  });

  it('says what it holds and what this run does not have', async () => {
    writeFileSync(
      own,
      'findings:\n  B-07: { purpose: x }\n  B-06: { note: x }\n  Z-99: { note: x }\nsites:\n  hq: { line: x }\n  old: { line: x }\ntold: [{ who: IPA }]\nmanagement: { may-tell: yes }\n',
    );
    expect((await run('--check')).stdout.split('\n').slice(1)).toEqual([
      'It answers: 3 findings (B-07, B-06, Z-99), 2 sites (hq, old), management, 1 told.',
      'Not open in this run, so not in its report: B-06',
      'Not a finding of this run: Z-99',
      'Not a site of this run: old',
    ]);
  });

  it('names the place of a fault, with the code for a wrong file', async () => {
    writeFileSync(all, 'findings:\n  B-07:\n    may-close: perhaps\n');
    const { code, stderr } = await run('--check');
    expect(code).toBe(ExitCode.usage);
    expect(stderr).toBe(
      `${all}:3:16: findings.B-07.may-close: "perhaps" is not allowed; allowed: yes, no, unknown`,
    );
  });

  it('says how to get a file when there is none', async () => {
    const { code, stderr } = await run('--check');
    expect(code).toBe(ExitCode.usage);
    expect(stderr).toContain('Write one with "sekisho answers latest"');
  });
});
