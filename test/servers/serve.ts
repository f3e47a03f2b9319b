/**
 * Starts servers as a process of its own, for network namespaces: `node --import tsx serve.ts SPEC.json`. Prints "ready",
 * on SIGTERM one JSON line with what clients did, and ends.
 */
import { readFileSync } from 'node:fs';
import type { Listening, Place } from './listening.ts';
import { startDns, type DnsOptions } from './dns.ts';
import { startRdp, type RdpOptions } from './rdp.ts';
import { companySite } from './sites.ts';
import { startSsh } from './ssh.ts';
import { startVnc, type VncOptions } from './vnc.ts';
import { redirectTo, startWeb } from './web.ts';

export type ServerSpec =
  | ({ readonly kind: 'company' } & Place)
  | ({ readonly kind: 'ssh' } & Place)
  | ({ readonly kind: 'redirect'; readonly to: string } & Place)
  | ({ readonly kind: 'rdp' } & RdpOptions)
  | ({ readonly kind: 'vnc' } & VncOptions)
  | ({ readonly kind: 'dns' } & DnsOptions);

/** What `serve` prints when it ends: place → events. */
export type Witnessed = Readonly<
  Record<string, { readonly accepted: number; readonly events: readonly string[] }>
>;

function start(spec: ServerSpec): Promise<Listening> {
  switch (spec.kind) {
    case 'company':
      return startWeb({ ...spec, ...companySite() });
    case 'ssh':
      return startSsh(spec);
    case 'redirect':
      return startWeb({ ...spec, pages: {}, otherwise: redirectTo(spec.to) });
    case 'rdp':
      return startRdp(spec);
    case 'vnc':
      return startVnc(spec);
    case 'dns':
      return startDns(spec);
  }
}

const specs = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as ServerSpec[];
const servers = await Promise.all(specs.map(start));
process.once('SIGTERM', () => {
  const witnessed: Witnessed = Object.fromEntries(
    servers.map(({ host, port, accepted, events }) => [`${host}:${port}`, { accepted: accepted(), events }]),
  );
  process.stdout.write(`${JSON.stringify(witnessed)}\n`, () => process.exit(0));
});
process.stdout.write('ready\n');
