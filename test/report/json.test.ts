import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FindingJson, ReportJson, ServiceJson } from '../../src/report/json-schema.ts';
import { findingsJson, renderJson, servicesJson } from '../../src/report/json.ts';
import { buildView } from '../../src/report/view.ts';
import { knowledge, snapshot } from './fixture.ts';
import { evidence, many, nothing } from './fixture-runs.ts';

describe('report/json', () => {
  it('gives one strict object per service', () => {
    const services = servicesJson(snapshot, knowledge);
    expect(z.array(z.strictObject(ServiceJson.shape)).parse(services)).toHaveLength(9);
    const vpn = services.find(({ key }) => key === '203.0.113.4:443/tcp');
    expect(vpn).toMatchObject({
      product: { id: 'example-vpn', name: 'ExampleVPN', vendor: 'Example', certainty: 'confirmed' },
      version: { state: 'unknown', value: null },
      priority: 'P1',
      spokenId: 'B-02',
      declared: 'as-declared',
    });
    expect(services.every((one) => Object.values(one).every((value) => value !== undefined))).toBe(true);
  });

  it('gives the most urgent finding of a service, and null where there is none', () => {
    const [finding] = snapshot.findings;
    if (finding === undefined) throw new Error('fixture');
    const two = {
      ...snapshot,
      findings: [{ ...finding, priority: 'P3' as const, spokenId: 'B-99' }, finding],
    };
    expect(servicesJson(two).find(({ key }) => key === finding.subject)?.spokenId).toBe('B-07');
    expect(servicesJson({ ...snapshot, findings: [] })[0]).toMatchObject({
      priority: null,
      findingKey: null,
    });
    expect(servicesJson(snapshot)[1]?.product).toMatchObject({ id: 'example-vpn', name: null });
  });

  it('gives one strict object per finding, most urgent first', () => {
    const findings = findingsJson(snapshot);
    expect(z.array(z.strictObject(FindingJson.shape)).parse(findings)).toHaveLength(9);
    expect(findings.map(({ priority }) => priority)).toEqual(
      findings.map(({ priority }) => priority).toSorted(),
    );
    expect(findings[0]).toMatchObject({ address: '203.0.113.10', port: 3389, site: { id: 'hq' } });
    expect(findingsJson({ ...snapshot, services: [] })[0]).toMatchObject({ address: null, port: null });
    expect(findingsJson(nothing)).toEqual([]);
  });

  it('publishes schemas', () => {
    for (const schema of [ServiceJson, FindingJson, ReportJson]) {
      expect(z.toJSONSchema(schema)).toMatchObject({ type: 'object' });
    }
  });

  it('writes the snapshot as it is', () => {
    const text = renderJson(buildView({ snapshot, knowledge, evidence, lang: 'ja' }));
    const { schema, ...rest } = ReportJson.parse(JSON.parse(text));
    expect(schema).toBe(1);
    expect(rest).toEqual(snapshot);
    expect(servicesJson(many(50))).toHaveLength(50);
  });

  it('gives a terminal nothing to obey, and its reader the same text', () => {
    const hostile = { ...snapshot, vantage: 'a\u009b5m\u202eb\u2028c\u001b' };
    const text = renderJson(buildView({ snapshot: hostile, knowledge, evidence, lang: 'ja' }));
    // oxlint-disable-next-line no-control-regex -- what must not stand there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/);
    expect(JSON.parse(text)).toMatchObject({ vantage: hostile.vantage });
  });
});
