import { describe, expect, it } from 'vitest';
import { describeScan } from '../../src/cli/scan-summary.ts';
import type { SourceCoverage } from '../../src/model/snapshot.ts';
import { coverage, snapshot } from '../report/fixture.ts';

const WHOLE = { tornBytes: 0, corruptCount: 0, corruptLines: [], unknownKinds: {} };

function file(name: string, extra: Partial<SourceCoverage> = {}): SourceCoverage {
  return coverage({ source: 'nmap', file: name, looked: 3, ...extra });
}

function told(files: readonly SourceCoverage[]): string[] {
  return describeScan({ ...snapshot, coverage: [coverage(), ...files] }, [], WHOLE).split('\n');
}

describe('summary of a scan', () => {
  it('names each of a few files', () => {
    expect(told([file('a.xml'), file('b\u001b[31m.xml')]).slice(1, 3)).toEqual([
      'nmap, file a.xml: read whole, 3 addresses of the scope in it',
      expect.not.stringContaining('\u001b'),
    ]);
  });

  it('counts many, and still names the one with holes', () => {
    const files = Array.from({ length: 20 }, (_, week) => file(`week-${week}.xml`));
    const cut = file('cut.xml', { state: 'partial', reason: 'file-cut' });
    expect(told([...files, cut]).slice(1, 3)).toEqual([
      'nmap, file cut.xml: partial (file-cut), 3 addresses of the scope in it',
      '20 imported files: read whole',
    ]);
  });

  it('says that nothing was looked at, and only then', () => {
    const off = [coverage({ state: 'off', reason: 'passive', looked: 0 })];
    const blind = describeScan({ ...snapshot, coverage: off }, [], WHOLE);
    expect(blind).toContain('NOTHING WAS LOOKED AT');
    expect(told([]).join()).not.toContain('NOTHING');
  });
});
