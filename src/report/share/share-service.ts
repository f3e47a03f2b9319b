import type { Product } from '../../model/product.ts';
import type { Service } from '../../model/service.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Sharing } from './build.ts';
import { standsAlone, type OwnWords } from './own-words.ts';
import { plainVersion } from './plain-version.ts';
import type { SharedIdentity, SharedProduct, SharedService } from './shared-record.ts';
import { commonProtocol } from './vocabulary.ts';

const CVE = /^CVE-\d{4}-\d{4,}$/;
const MOST = 50;

export function shareService(service: Service, sharing: Sharing): SharedService {
  const { treat, moment, snapshot } = sharing;
  const host = sharing.hostOf(service.address);
  const site = snapshot.sites.find(({ id }) => id === service.siteId);
  const product = productOf(service, sharing);
  const version = versionOf(service, sharing);
  return {
    id: `${host}:${service.port}/${service.transport}`,
    host,
    ...(site !== undefined && /^[A-Z]{2}$/.test(site.country) ? { country: site.country } : {}),
    network: networkOf(site),
    port: service.port,
    transport: service.transport,
    protocol: commonProtocol(service.protocol),
    class: service.class,
    role: service.role,
    ...(product === undefined ? {} : { product }),
    ...(version === undefined ? {} : { version }),
    authentication: { kind: service.authentication.kind, facts: [...service.authentication.facts] },
    tlsVersions: TLS_VERSIONS.filter((one) => service.tlsVersions.includes(one)),
    certificateProblems: [...(service.certificateProblems ?? [])],
    tlsWeaknesses: [...(service.tlsWeaknesses ?? [])],
    concerns: [...(service.concerns ?? [])],
    oddities: [...service.oddities],
    webRisks: [...new Set((service.webRisks ?? []).map(({ risk }) => risk))],
    campaignPaths: campaignPaths(service, sharing),
    passiveCves: service.passiveVulns.filter((one) => CVE.test(one)).slice(0, MOST),
    seen: newest(service.sightings).map(({ source, status, first, last }) => ({
      source,
      status,
      first: moment(first),
      last: moment(last),
    })),
    ...(service.exposure === undefined
      ? {}
      : { open: { first: moment(service.exposure.first), last: moment(service.exposure.last) } }),
    ...(treat('hosts') === 'keep' ? { identity: identityOf(service) } : {}),
  };
}

const TLS_VERSIONS = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/** No more is known of the network than what kind of connection point the organisation says it is. */
function networkOf(site: Snapshot['sites'][number] | undefined): SharedService['network'] {
  if (site === undefined) return 'unknown';
  return site.kind === 'cloud' || site.kind === 'mobile-line' ? site.kind : 'premises';
}

/** One look of each source, so that neither vantage points nor files are told. */
function newest(sightings: Service['sightings']): Service['sightings'] {
  const bySource = new Map<string, Service['sightings'][number]>();
  for (const one of sightings) {
    const known = bySource.get(one.source);
    if (known === undefined || known.last < one.last) bySource.set(one.source, one);
  }
  return [...bySource.values()].toSorted((a, b) => (a.source < b.source ? -1 : 1));
}

/** Under the names of the published product files, never under words of the answer. */
function productOf({ identity }: Service, { published, own, treat }: Sharing): SharedProduct | undefined {
  const product: Product | undefined =
    identity === undefined ? undefined : published.products.get(identity.productId);
  if (identity === undefined || product === undefined) return undefined;
  const { id, name, vendor } = product;
  if (treat('names') !== 'keep' && standsIn(`${id} ${name} ${vendor}`, own)) return undefined;
  return { id, name, vendor, certainty: identity.certainty };
}

function versionOf({ version }: Service, { own, treat }: Sharing): SharedService['version'] {
  if (version.state === 'unknown') return undefined;
  const { value, certainty } = version;
  if (treat('names') === 'keep') return { value, certainty };
  const plain = plainVersion(value);
  return plain === undefined || own.has(plain) ? undefined : { value: plain, certainty };
}

/** Of a text that is public. */
function standsIn(text: string, own: OwnWords): boolean {
  return own.find(text).some((span) => standsAlone(text, span));
}

/** As the published list writes them: the same path under another id, or another text, is not taken over. */
function campaignPaths(
  { indicators }: Service,
  { published, own, treat }: Sharing,
): SharedService['campaignPaths'] {
  return (indicators?.answers ?? []).slice(0, MOST).flatMap((answer) => {
    const known = published.indicatorPaths?.find(({ id }) => id === answer.id);
    if (known === undefined || (treat('names') !== 'keep' && standsIn(`${known.id} ${known.path}`, own)))
      return [];
    const { id, method, path, source } = known;
    return [{ id, method, path, status: answer.status, source: source.url }];
  });
}

function identityOf(service: Service): SharedIdentity {
  const { certificate, label, tlsServerForm, jarm, page } = service;
  return {
    address: service.address,
    names: service.names.slice(0, MOST),
    ...(label === undefined ? {} : { label }),
    ...(certificate === undefined
      ? {}
      : {
          certificate: {
            sha256: certificate.sha256,
            subject: certificate.subject,
            issuer: certificate.issuer,
            serial: certificate.serial,
            ...(certificate.notBefore === undefined ? {} : { notBefore: certificate.notBefore }),
            ...(certificate.notAfter === undefined ? {} : { notAfter: certificate.notAfter }),
            names: certificate.names.slice(0, MOST),
          },
        }),
    ...(tlsServerForm === undefined ? {} : { tlsServerForm }),
    ...(jarm === undefined ? {} : { jarm }),
    ...(page === undefined ? {} : { pageSha256: page.bodySha256 }),
    said: (service.said ?? []).slice(0, MOST).map(([name, value]) => [name, value]),
  };
}
