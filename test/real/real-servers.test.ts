/** The main job against servers of Debian's packages: recognised, with the right version and security facts. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDaemons } from './support/command.ts';
import {
  packageVersion,
  startFreeRdpShadow,
  startNginx,
  startSshd,
  startTigerVnc,
  startXrdp,
  vncPasswordFile,
} from './support/real-servers.ts';
import { createWorkplace, listJson, scan, type JsonLine, type Workplace } from './support/sekisho.ts';

const VNC = '127.77.0.1';
const XRDP = { negotiate: '127.77.0.2', rdp: '127.77.0.3', tls: '127.77.0.4' } as const;
const SHADOW = '127.77.0.5';
const SSHD = '127.77.0.6';
const NGINX = '127.77.0.7';
const PORTS = [22, 80, 443, 3389, 5900, 5901, 5902, 15900];

interface ServiceLine extends JsonLine {
  readonly protocol: string;
  readonly class: string;
  readonly product: { readonly id: string } | null;
  readonly version: { readonly value: string | null };
  readonly authentication: { readonly kind: string; readonly facts: readonly string[] };
  readonly certificate: { readonly subject: string } | null;
  readonly priority: string | null;
}

describe('real servers', () => {
  const missing = ['Xtigervnc', 'Xvfb', 'nginx', 'sshd', 'xrdp', 'freerdp-shadow-cli'].filter(
    (name) => !['/usr/bin', '/usr/sbin'].some((folder) => existsSync(`${folder}/${name}`)),
  );
  if (process.getuid?.() !== 0 || missing.length > 0) {
    it('can be tested here', () => {
      expect.fail(
        `needs root and the packages of test/real/install.sh; missing: ${missing.join(', ') || 'root'}`,
      );
    });
    return;
  }

  const daemons = createDaemons();
  let work: Workplace;
  let services: Map<string, ServiceLine>;
  let findings: JsonLine[];
  const at = (address: string, port: number): ServiceLine => {
    const service = services.get(`${address}:${port}`);
    return service ?? expect.fail(`${address}:${port} is not among ${[...services.keys()].join(', ')}`);
  };

  beforeAll(async () => {
    work = createWorkplace();
    const stage = { daemons, folder: work.folder };
    const password = ['-rfbauth', vncPasswordFile(stage)];
    await Promise.all([
      startTigerVnc(stage, VNC, 5900, ['-SecurityTypes', 'None']),
      startTigerVnc(stage, VNC, 5901, ['-SecurityTypes', 'VncAuth', ...password]),
      startTigerVnc(stage, VNC, 5902, password),
      startTigerVnc(stage, VNC, 15900, ['-SecurityTypes', 'TLSNone,None', '-desktop', 'moved']),
      startXrdp(stage, XRDP.negotiate, 3389, 'negotiate'),
      startXrdp(stage, XRDP.rdp, 3389, 'rdp'),
      startXrdp(stage, XRDP.tls, 3389, 'tls'),
      startFreeRdpShadow(stage, SHADOW, 3389),
      startSshd(stage, SSHD, 22),
      startNginx(stage, NGINX),
    ]);
    work.writeOrganisation({
      sites: [{ id: 'hq', ranges: ['127.77.0.0/28'] }],
      probe: { ports: PORTS },
    });
    const ended = await scan(work);
    expect(ended.code, ended.stderr).toBe(20);
    const lines = (await listJson(work, 'services')) as ServiceLine[];
    services = new Map(lines.map((line) => [`${String(line['address'])}:${String(line['port'])}`, line]));
    findings = await listJson(work, 'findings');
  });

  afterAll(async () => {
    await daemons.endAll();
    work.remove();
  });

  it('finds every one and nothing else', () => {
    const expected = [
      ...[5900, 5901, 5902, 15_900].map((port) => `${VNC}:${port}`),
      ...Object.values(XRDP).map((address) => `${address}:3389`),
      `${SHADOW}:3389`,
      `${SSHD}:22`,
      `${NGINX}:80`,
      `${NGINX}:443`,
    ];
    expect([...services.keys()].toSorted()).toEqual(expected.toSorted());
  });

  it.each([
    [5900, 'none', 'vnc-none'],
    [15_900, 'none', 'vnc-none'],
    [5901, 'password', 'vnc-password'],
    [5902, 'password', 'vnc-password'],
  ])('Xtigervnc on %i: authentication %s', (port, kind, fact) => {
    const service = at(VNC, port);
    expect(service).toMatchObject({ protocol: 'vnc', class: 'vnc', role: 'door', authentication: { kind } });
    expect(service.authentication.facts).toContain(fact);
    expect(service.product?.id).toMatch(/^(vnc|tigervnc)$/);
  });

  it('names TigerVNC where its list of security types gives it away', () => {
    expect(at(VNC, 5902).product?.id).toBe('tigervnc');
  });

  it('puts an open screen first', () => {
    for (const port of [5900, 15_900]) {
      expect(at(VNC, port).priority).toBe('P1');
      const finding = findings.find((line) => line['address'] === VNC && line['port'] === port);
      expect(finding).toMatchObject({
        priority: 'P1',
        trace: 'T2',
        verdict: 'found',
        certainty: 'confirmed',
      });
    }
  });

  it.each(['negotiate', 'rdp'] as const)('names xrdp set to %s, without NLA', (layer) => {
    const service = at(XRDP[layer], 3389);
    expect(service).toMatchObject({ protocol: 'rdp', class: 'rdp', product: { id: 'xrdp' } });
    expect(service.authentication.facts).toContain('rdp-nla-not-required');
  });

  it('sees xrdp set to tls as RDP without NLA that refuses the old security', () => {
    const { class: kind, authentication, certificate } = at(XRDP.tls, 3389);
    expect(kind).toBe('rdp');
    expect(authentication.facts).toContain('rdp-nla-not-required');
    expect(authentication.facts).not.toContain('rdp-standard-security');
    expect(certificate?.subject).toContain('KS-TS01.corp.kakuu.example');
  });

  it('tells which RDP lets the old security through', () => {
    expect(at(XRDP.rdp, 3389).authentication.facts).toContain('rdp-standard-security');
    expect(at(XRDP.rdp, 3389).certificate).toBeNull();
  });

  it('sees that FreeRDP set to NLA requires it', () => {
    const { class: kind, authentication } = at(SHADOW, 3389);
    expect(kind).toBe('rdp');
    expect(authentication.facts).toContain('rdp-nla-required');
    expect(authentication.facts).not.toContain('rdp-standard-security');
  });

  it('names OpenSSH with the version of the package', () => {
    expect(at(SSHD, 22)).toMatchObject({
      protocol: 'ssh',
      class: 'ssh',
      product: { id: 'openssh', certainty: 'confirmed' },
      version: { state: 'known', value: packageVersion('openssh-server') },
    });
  });

  it.each([
    [80, 'http'],
    [443, 'https'],
  ])('names nginx on %i with the version of the package', (port, protocol) => {
    const service = at(NGINX, port);
    expect(service).toMatchObject({ protocol, class: 'web', product: { id: 'nginx' } });
    expect(service.version.value).toBe(packageVersion('nginx-light'));
    if (port === 443) expect(service.certificate?.subject).toContain('www.kakuu.example');
  });

  it('keeps the reports and the journal for their owner only', () => {
    for (const name of readdirSync(work.reports, { recursive: true, encoding: 'utf8' })) {
      expect(statSync(`${work.reports}/${name}`).mode & 0o077, name).toBe(0);
    }
  });
});
