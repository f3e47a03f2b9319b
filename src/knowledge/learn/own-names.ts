import type { Scope } from '../../model/scope.ts';

/** What must not leave the organisation with a product file: its names, hosts and addresses, and any address or mail at all. */
export interface OwnNames {
  /** Whether the text names the organisation, a host or address of it, or any address or mail address whatever. */
  areIn(text: string): boolean;
}

const SHORTEST = 3;
const ADDRESS =
  /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}|[0-9a-f]{1,4}::[0-9a-f]/i;
const MAIL = /[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}/;

/**
 * @param heard names that the service itself gave away: certificate names, host names in redirects and greetings.
 */
export function createOwnNames(scope: Scope, address: string, heard: readonly string[]): OwnNames {
  const { id, organisation, sites } = scope;
  const names = [
    id,
    ...Object.values(organisation),
    ...sites.flatMap(({ name, hosts }) => [...Object.values(name), ...hosts]),
    ...heard,
    address,
  ];
  const texts = new Set(names.flatMap(withParents).map((name) => name.toLowerCase()));
  const own = [...texts].filter((name) => name.length >= SHORTEST);
  return {
    areIn(text) {
      const lower = text.toLowerCase();
      return own.some((name) => lower.includes(name)) || ADDRESS.test(text) || MAIL.test(text);
    },
  };
}

/** "vpn.example.co.jp" also names "example.co.jp" and its first label alone; a wildcard is its domain. */
function withParents(name: string): string[] {
  const plain = name.replace(/^\*\./, '');
  if (!/^[\w-]+(?:\.[\w-]+)+$/.test(plain)) return [plain];
  const labels = plain.split('.');
  const domain = labels.slice(1).join('.');
  return labels.length > 2 ? [plain, domain, labels[1] ?? ''].filter((one) => !isPublic(one)) : [plain];
}

/** Second-level labels under which everybody registers: naming them names nobody. */
const PUBLIC = new Set([
  'co',
  'ne',
  'or',
  'go',
  'ac',
  'ed',
  'lg',
  'gr',
  'ad',
  'com',
  'net',
  'org',
  'jp',
  'local',
  'lan',
  'internal',
]);

function isPublic(name: string): boolean {
  return name.split('.').every((label) => PUBLIC.has(label));
}
