import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/snapshot.ts';
import { outcomeOf } from '../../src/track/outcome.ts';
import { emptyCoverage } from './build.ts';

function change(
  kind: Change['kind'],
  priority: Change['priority'],
  priorityBefore?: Change['priority'],
): Change {
  return {
    kind,
    key: 'k',
    spokenId: 'B-01',
    subject: 's',
    class: 'rdp',
    priority,
    trace: 'T0',
    details: [],
    firstSeen: '2026-11-20T00:00:00Z',
    ...(priorityBefore === undefined ? {} : { priorityBefore }),
  };
}

const whole = [emptyCoverage('probe', 'complete'), emptyCoverage('shodan', 'off')];
const part = [emptyCoverage('probe', 'complete'), emptyCoverage('shodan', 'failed')];

describe('outcomeOf', () => {
  it.each([
    ['nothing', [], whole, true],
    ['new-p1', [change('new', 'P1')], whole, true],
    ['new-p1', [change('re-opened', 'P1')], part, false],
    ['new-p1', [change('raised', 'P1', 'P2')], whole, true],
    ['changed', [change('changed', 'P1')], whole, true],
    ['changed', [change('closed', 'P1')], whole, true],
    ['changed', [change('lowered', 'P4', 'P1')], whole, true],
    ['incomplete', [change('new', 'P2')], part, true],
    ['incomplete', [], whole, false],
    ['incomplete', [], [emptyCoverage('probe', 'partial')], true],
    ['incomplete', [change('not-checked', 'P2')], [emptyCoverage('probe', 'off')], true],
    // A file about other people's addresses says nothing about one's own.
    [
      'incomplete',
      [],
      [emptyCoverage('probe', 'off'), { ...emptyCoverage('nmap', 'complete'), looked: 0 }],
      true,
    ],
    ['changed', [change('new', 'P2')], whole, true],
    ['nothing', [change('new', 'P3')], whole, true],
    ['nothing', [change('not-checked', 'P1')], whole, true],
    ['changed', [change('not-seen', 'P2')], whole, true],
  ] as const)('%s', (outcome, changes, coverage, complete) => {
    expect(outcomeOf(changes, coverage, complete, 'P2')).toBe(outcome);
  });

  it('counts everything at fail-on P4', () => {
    expect(outcomeOf([change('expiring', 'P4')], whole, true, 'P4')).toBe('changed');
  });
});
