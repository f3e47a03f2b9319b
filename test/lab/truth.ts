/** The ground truth of the laboratory (truth.yaml), checked, with the versions that are installed now. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** What a look from outside must learn about the security of a service. */
const SECURITY = [
  'nla-required',
  'nla-not-required',
  'old-rdp-security',
  'no-old-rdp-security',
  'no-password',
  'password',
  'strong-login',
  'not-open',
  'smb1',
  'no-smb1',
  'signing-required',
  'signing-not-required',
  'aggressive-mode',
  'no-aggressive-mode',
  'weak-proposal',
  'open-recursion',
  'no-recursion',
  'exported-to-everyone',
  'data-shown',
  'amplifier',
  'runs-commands',
  'anonymous',
  'clear-text',
  'old-tls',
  'directory-listing',
  'webdav',
  'status-page-open',
] as const;
export type Security = (typeof SECURITY)[number];

const Place = z
  .string()
  .regex(/^10\.88\.0\.\d+:\d+\/(?:tcp|udp)$/)
  .transform((text) => {
    const [, address = '', port = '', transport = ''] = /^(.+):(\d+)\/(.+)$/.exec(text) ?? [];
    return { key: text, address, port: Number(port), transport: transport as 'tcp' | 'udp' };
  });

const ServiceTruth = z
  .strictObject({
    at: Place,
    name: z.string(),
    protocol: z.union([z.string(), z.array(z.string())]).transform((one) => [one].flat()),
    product: z.string().nullable().default(null),
    or: z.array(z.string()).default([]),
    why: z.string().optional(),
    version: z.enum(['shown', 'hidden', 'optional']).default('hidden'),
    package: z.string().optional(),
    cut: z.string().optional(),
    security: z.array(z.enum(SECURITY)).default([]),
    silent: z.boolean().default(false),
    heavy: z.boolean().default(false),
  })
  .refine((one) => one.product !== null || one.why !== undefined, 'a product of null needs a reason (why)')
  .refine((one) => one.silent || one.package !== undefined, 'a service that answers needs its package');
export type ServiceTruth = z.infer<typeof ServiceTruth>;

const DeceiverTruth = z.strictObject({
  address: z.string(),
  does: z.string(),
  oddities: z.array(z.string()),
  atMost: z.number().optional(),
  finds: z.array(z.number()).default([]),
  seconds: z.number(),
  together: z.string().optional(),
});
export type DeceiverTruth = z.infer<typeof DeceiverTruth>;

const Truth = z.strictObject({ services: z.array(ServiceTruth), deceivers: z.array(DeceiverTruth) });
export type Truth = z.infer<typeof Truth>;

/** @throws ZodError when the file has a key or word that is not known */
export function readTruth(): Truth {
  return Truth.parse(parse(readFileSync(new URL('truth.yaml', import.meta.url), 'utf8')));
}

/** Ports where only deceivers stand, or nothing at all, so that "closed" is seen too. */
const OTHER_PORTS = [2000, 5060, 10_443, 7, 79, 1433, 1521, 5985, 6129, 9100, 9200, 27_017];

export function tcpPorts({ services, deceivers }: Truth): number[] {
  const ports = services.filter(({ at }) => at.transport === 'tcp').map(({ at }) => at.port);
  return [...new Set([...ports, ...deceivers.flatMap(({ finds }) => finds), ...OTHER_PORTS])].toSorted(
    (a, b) => a - b,
  );
}

export function udpPorts({ services }: Truth): number[] {
  const ports = services.filter(({ at }) => at.transport === 'udp').map(({ at }) => at.port);
  return [...new Set(ports)].toSorted((a, b) => a - b);
}

export function honestAddresses({ services }: Truth): string[] {
  const last = (address: string): number => Number(address.split('.').at(-1));
  return [...new Set(services.map(({ at }) => at.address))].toSorted((a, b) => last(a) - last(b));
}

/** The version that a service must show: of the installed package, or of one that install.sh took apart. @throws Error when absent */
export function trueVersion({ package: name, cut }: ServiceTruth): string | undefined {
  if (name === undefined) return undefined;
  const full = fullVersion(name);
  if (cut === undefined)
    return full
      .replace(/^\d+:/, '')
      .replace(/-[^-]*$/, '')
      .replace(/[+~].*$/, '');
  const found = new RegExp(cut).exec(full.replace(/^\d+:/, ''))?.[1];
  if (found === undefined) throw new Error(`${name}: version ${full} does not fit ${cut}`);
  return found;
}

function fullVersion(name: string): string {
  const apart = `/var/cache/sklab/${name}/version`;
  if (existsSync(apart)) return readFileSync(apart, 'utf8').trim();
  const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Version}', name], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`package ${name} is not installed: run test/lab/install.sh`);
  return stdout.trim();
}
