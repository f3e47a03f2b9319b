import type { Candidate } from './snapshot.ts';

/**
 * How near a candidate stands to the organisation, told by its name alone: a host of a domain that the organisation file
 * names already, anything else, or a name that a cloud, a content network or an access line gives to what it lends.
 */
export type CandidateKin = 'own-domain' | 'other' | 'provider';

/** Candidates that a snapshot keeps; names that providers give to their lines are dropped first. */
export const MAX_CANDIDATES = 500;

/** Clouds, content networks and access lines whose names belong to the lender: the part that all of them end with. */
const PROVIDERS = [
  'akadns.net',
  'akamai.net',
  'akamaiedge.net',
  'akamaized.net',
  'akamaitechnologies.com',
  'amazonaws.com',
  'asahi-net.or.jp',
  'au-net.ne.jp',
  'awsglobalaccelerator.com',
  'azure.com',
  'azure.net',
  'azureedge.net',
  'azurefd.net',
  'azurewebsites.net',
  'bbexcite.jp',
  'bbiq.jp',
  'bbtec.net',
  'cdn77.org',
  'cloudapp.net',
  'cloudflare.com',
  'cloudflare.net',
  'cloudflaressl.com',
  'cloudfront.net',
  'commufa.jp',
  'comcast.net',
  'comcastbusiness.net',
  'contabo.host',
  'contaboserver.net',
  'digitaloceanspaces.com',
  'dion.ne.jp',
  'edgekey.net',
  'edgesuite.net',
  'eonet.ne.jp',
  'fastly.net',
  'fastlylb.net',
  'googleapis.com',
  'googleusercontent.com',
  'herokuapp.com',
  'hinet.net',
  'home.ne.jp',
  'hwclouds-dns.com',
  'iij.ad.jp',
  'iij4u.or.jp',
  'incapdns.net',
  'infoweb.ne.jp',
  'interq.or.jp',
  'jcom.ne.jp',
  'kagoya.net',
  'linode.com',
  'linodeusercontent.com',
  'mesh.ad.jp',
  'nttpc.ne.jp',
  'ocn.ne.jp',
  'odn.ne.jp',
  'odn.ad.jp',
  'onamae.com',
  'oraclecloud.com',
  'ovh.net',
  'plala.or.jp',
  'sakura.ne.jp',
  'secureserver.net',
  'seikyou.ne.jp',
  'so-net.ne.jp',
  'spmode.ne.jp',
  't-ipconnect.de',
  'trafficmanager.net',
  'ucom.ne.jp',
  'vectant.ne.jp',
  'vultrusercontent.com',
  'wakwak.ne.jp',
  'windows.net',
  'xserver.jp',
  'your-server.de',
  'zaq.ne.jp',
] as const;

/** Four numbers of an address in the name: a line's automatic name ("ec2-203-0-113-10…", "10.113.0.203.static…"). */
const ADDRESS_INSIDE =
  /(?<!\d)(?:25[0-5]|2[0-4]\d|[01]?\d{1,2})(?:[.-](?:25[0-5]|2[0-4]\d|[01]?\d{1,2})){3}(?!\d)/;

/** @param ownDomains see `domainsOf`. */
export function kinOf(
  { kind, value }: Pick<Candidate, 'kind' | 'value'>,
  ownDomains: ReadonlySet<string>,
): CandidateKin {
  if (kind === 'address') return 'other';
  if (ADDRESS_INSIDE.test(value)) return 'provider';
  if (ownDomains.has(domainOf(value))) return 'own-domain';
  return PROVIDERS.some((suffix) => value === suffix || value.endsWith(`.${suffix}`)) ? 'provider' : 'other';
}

/** The domains that host names lie under. */
export function domainsOf(names: Iterable<string>): Set<string> {
  return new Set([...names].map(domainOf));
}

/**
 * The part of a name that its owner registered, guessed without the Public Suffix List: two labels, or three under a country
 * whose second level is short ("example.co.jp"). Good enough to sort by, not to decide by.
 */
function domainOf(name: string): string {
  const labels = name.split('.');
  const [second = '', top = ''] = labels.slice(-2);
  return labels.slice(top.length === 2 && second.length <= 3 ? -3 : -2).join('.');
}
