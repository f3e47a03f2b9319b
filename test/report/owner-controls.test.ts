import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { answers } from './fixture-answers.ts';
import { many } from './fixture-runs.ts';
import { finding, inputs, knowledge, service, snapshot } from './fixture.ts';
import { control, controls } from './owner-views.ts';

describe('controls', () => {
  const [UPDATE, FACTOR, LIMIT, LOGS, INTEGRITY, EDR] = [0, 1, 2, 3, 4, 5];

  it('never takes what was not answered for a no', () => {
    for (const row of controls().rows)
      for (const at of [LOGS, INTEGRITY, EDR]) expect(row.cells[at]).toEqual({ state: 'unknown', from: '' });
    // A password alone, seen before log-in, does not show that nothing follows it.
    expect(control(controls(), 'B-02', FACTOR)).toBe('unknown: ');
    expect(control(controls(), 'B-02', UPDATE)).toBe('unknown: ');
  });

  it('says what is known from outside', () => {
    const plot = controls();
    expect(control(plot, 'B-11', FACTOR)).toBe('yes: seen from outside: accepts public keys only');
    expect(control(plot, 'B-03', UPDATE)).toBe('no: seen from outside: support has ended');
    expect(control(plot, 'B-07', LIMIT)).toBe('no: seen from outside: reached from 東京');
    expect(control(plot, 'B-10', LIMIT)).toBe('unknown: ');
  });

  it('says what was told, also that somebody does not know', () => {
    const plot = controls(snapshot, answers);
    expect(control(plot, 'B-07', FACTOR)).toBe('no: Answer: No');
    expect(control(plot, 'B-07', EDR)).toBe('unknown: Answer: Not known');
    expect(control(plot, 'B-07', LOGS)).toBe('no: Answer: No');
    expect(control(plot, 'B-02', LOGS)).toBe('yes: Answer: Yes');
    // Told of the site, for all that stands there.
    expect(control(plot, 'B-03', LOGS)).toBe('unknown: Answer: Not known');
  });

  it('does not let an answer hide what was seen', () => {
    expect(control(controls(snapshot, answers), 'B-02', LIMIT)).toBe(
      'no: seen from outside: reached from 東京. The answer says otherwise (Yes)',
    );
  });

  it('takes no vantage point for a stranger where sources are declared', () => {
    const key = snapshot.findings[0]?.subject ?? '';
    const declared = {
      key,
      owner: 'x',
      reason: 'y',
      until: '2027-01-01',
      state: 'as-declared' as const,
      allowedSources: ['192.0.2.1'],
    };
    expect(control(controls({ ...snapshot, expected: [declared] }), 'B-07', LIMIT)).toBe('unknown: ');
  });

  it('calls a limit measured, and a release fixed, only when they were', () => {
    const [vpn] = knowledge.products.values();
    if (vpn === undefined) throw new Error('no product');
    const compared = new Map(knowledge.products).set(vpn.id, {
      ...vpn,
      exploited: [
        {
          cve: 'CVE-2026-99999',
          ransomware: false,
          fixed: ['7.4.3'],
          source: 'vendor' as const,
          'code-execution': false,
          'used-by': [],
        },
      ],
    });
    const box = (certainty: 'confirmed' | 'inferred') =>
      service('203.0.113.1', 443, 'ssl-vpn', {
        identity: {
          productId: vpn.id,
          certainty: 'confirmed',
          version: { state: 'unknown' },
          matched: [],
          observations: [],
        },
        version: { state: 'known', value: '7.4.3', certainty, how: 'title' },
      });
    const of = (one: ReturnType<typeof box>): Snapshot => ({
      ...snapshot,
      services: [one],
      findings: [finding(one, 'B-01', { inputs: inputs(one, { reach: 'some' }) })],
    });
    const known = { ...knowledge, products: compared };
    const sure = controls(of(box('confirmed')), undefined, 'en', known);
    expect(control(sure, 'B-01', UPDATE)).toBe(
      'yes: seen from outside: version 7.4.3 lies outside the releases known to be attacked',
    );
    expect(control(sure, 'B-01', LIMIT)).toBe(
      'yes: seen from outside: one vantage point got in, another did not',
    );
    expect(control(controls(of(box('inferred')), undefined, 'en', known), 'B-01', UPDATE)).toBe('unknown: ');
    // Nothing to compare with.
    expect(control(controls(of(box('confirmed'))), 'B-01', UPDATE)).toBe('unknown: ');
  });

  it('is bounded, and its text form says the same', () => {
    const plot = controls(many(300));
    expect(plot.rows).toHaveLength(40);
    expect(plot.note).toMatch(/\d+ more doors left out/);
    expect(plot.text.rows).toHaveLength(40);
    expect(plot.text.head).toHaveLength(7);
    for (const row of plot.text.rows) expect(row).toHaveLength(7);
  });
});
