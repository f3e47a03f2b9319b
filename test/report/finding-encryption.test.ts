import { describe, expect, it } from 'vitest';
import { CERTIFICATE_PROBLEMS, TLS_WEAKNESSES } from '../../src/model/tls-problems.ts';
import type { Service } from '../../src/model/service.ts';
import type { Language } from '../../src/report/dates.ts';
import { servicesJson } from '../../src/report/json.ts';
import { buildView } from '../../src/report/view.ts';
import { finding, inputs, knowledge, service, snapshot } from './fixture.ts';
import { evidence } from './fixture-runs.ts';

function shown(extra: Partial<Service>, lang: Language): string {
  const vpn = service('203.0.113.4', 443, 'ssl-vpn', extra);
  const one = finding(vpn, 'B-01', { priority: 'P1', inputs: inputs(vpn) });
  const run = { ...snapshot, services: [vpn], findings: [one], changes: [] };
  return JSON.stringify(buildView({ snapshot: run, knowledge, evidence, lang }).findings);
}

describe('certificate and TLS in a finding', () => {
  it('are said in both languages', () => {
    const extra: Partial<Service> = {
      certificateProblems: ['expired', 'self-signed'],
      tlsWeaknesses: ['ssl3', 'rc4', 'static-rsa'],
    };
    const en = shown(extra, 'en');
    expect(en).toContain('The certificate: has expired, is signed by itself (nobody vouches for it).');
    expect(en).toContain('Outdated encryption that it accepts: SSL 3.0, RC4.');
    const ja = shown(extra, 'ja');
    expect(ja).toContain('証明書：期限が切れている、自己署名（第三者の証明がない）。');
    expect(ja).toContain('受け付ける古い暗号化：SSL 3.0、RC4。');
  });

  it('are not said where there is nothing, and where there is information alone', () => {
    for (const extra of [{}, { tlsWeaknesses: ['static-rsa', 'cbc-sha1'] as const }]) {
      expect(shown(extra as Partial<Service>, 'en')).not.toMatch(/Outdated encryption|The certificate:/);
    }
  });

  it('have a text for every id', () => {
    for (const lang of ['ja', 'en'] as const) {
      const text = shown(
        { certificateProblems: [...CERTIFICATE_PROBLEMS], tlsWeaknesses: [...TLS_WEAKNESSES] },
        lang,
      );
      for (const id of [...CERTIFICATE_PROBLEMS, 'ssl2', 'only-old-versions', 'no-secure-renegotiation'])
        expect(text).not.toContain(`"${id}"`);
      expect(text).toContain('RFC 5746');
    }
  });

  it('stand in the machine form, empty where there is nothing', () => {
    const [vpn] = snapshot.services;
    if (vpn === undefined) throw new Error('fixture');
    const given = { ...vpn, certificateProblems: ['expired' as const], jarm: 'x' };
    const [json, other] = servicesJson({ ...snapshot, services: [given, vpn] });
    expect(json).toMatchObject({ certificateProblems: ['expired'], tlsWeaknesses: [], jarm: 'x' });
    expect(other).toMatchObject({ certificateProblems: [], tlsServerForm: null, jarm: null });
  });
});
