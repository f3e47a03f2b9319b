import type { Facts } from '../../../model/facts.ts';
import { factsOfBanner } from '../../recorded/banner.ts';
import type { JsonObject } from '../json-elements.ts';
import { jsonFormat, type Verdict } from '../json-format.ts';
import { protocolOfService } from '../service-names.ts';
import { certificateOfBase64, tlsFacts } from './certificate.ts';
import { fieldOf, isObject, listOf, objectOf, portOf, textOf } from './fields.ts';
import { addressIn, observationOf, passiveOf, type Found } from './observe.ts';

/** masscan -oJ: one object for each address and port, `ports` being a list of one; and -oD: one object a line. */
export const masscanJson = jsonFormat({
  type: 'masscan',
  recognises: (value) =>
    isLine(value) || listOf(value, 'ports').some((port) => fieldOf(port, 'proto') !== undefined),
  // Old versions end their list so, which is no JSON; and people write remarks above it.
  writes: (text) => /^(?:\{\s*finished:\s*1\s*\}$|#|\/\/)/.test(text),
  read: ({ value, text }, context, give): Verdict => {
    const address = addressIn(textOf(value, 'ip'));
    if (address === undefined)
      return fieldOf(value, 'finished') === 1
        ? 'ignored'
        : { fault: 'this masscan record has no usable address (ip)' };
    if (!context.accepts(address)) return 'out-of-scope';
    const doors = isLine(value)
      ? [doorOfLine(value)]
      : listOf(value, 'ports').map((port) => doorOfPort(port));
    const known = doors.filter((door) => door !== undefined);
    if (known.length === 0) return { fault: 'this masscan record has no usable port' };
    const open = known.filter(({ isOpen }) => isOpen);
    for (const door of open) {
      const found: Found = {
        source: 'masscan',
        address,
        port: door.port,
        transport: door.transport,
        probe: door.banner === undefined ? 'port' : 'banner',
        ...(door.name === undefined ? {} : { protocol: protocolOfService(door.name, false) }),
        facts: factsOf(door),
        time: fieldOf(value, 'timestamp'),
        evidence: text,
      };
      give(observationOf(found, context));
    }
    return open.length === 0 ? 'ignored' : 'record';
  },
});

interface Door {
  readonly port: number;
  readonly transport: 'tcp' | 'udp' | 'unknown';
  readonly isOpen: boolean;
  /** What masscan takes the banner for. */
  readonly name?: string | undefined;
  readonly banner?: string | undefined;
}

function isLine(value: JsonObject): boolean {
  return fieldOf(value, 'rec_type') !== undefined;
}

function doorOfLine(value: JsonObject): Door | undefined {
  const port = portOf(value, 'port');
  const data = objectOf(value, 'data');
  if (port === undefined) return undefined;
  const isBanner = fieldOf(value, 'rec_type') === 'banner';
  return {
    port,
    transport: transportOf(value),
    isOpen: isBanner || fieldOf(data, 'status') === 'open',
    ...(isBanner
      ? { name: textOf(data, ['service_name', 'name']), banner: textOf(data, 'banner', MAX_BANNER) ?? '' }
      : {}),
  };
}

function doorOfPort(value: unknown): Door | undefined {
  const port = portOf(value, 'port');
  if (port === undefined || !isObject(value)) return undefined;
  const service = objectOf(value, 'service');
  return {
    port,
    transport: transportOf(value),
    isOpen: service !== undefined || fieldOf(value, 'status') === 'open',
    ...(service === undefined
      ? {}
      : { name: textOf(service, 'name'), banner: textOf(service, 'banner', MAX_BANNER) ?? '' }),
  };
}

function transportOf(value: JsonObject): Door['transport'] {
  const proto = fieldOf(value, 'proto');
  return proto === 'tcp' || proto === 'udp' ? proto : 'unknown';
}

const MAX_BANNER = 64 * 1024;

/** Banners that are the server's own bytes; the others are masscan's words about them. */
const OWN_WORDS = /^(?:ssh|ftp|smtp|pop|imap|vnc|unknown)$/;

function factsOf({ name = 'unknown', banner, port, transport }: Door): Facts {
  if (banner === undefined) return {};
  const passive = passiveOf({ module: name.slice(0, 300) });
  if (banner === '' || transport === 'udp') return { passive };
  if (name === 'X509') {
    const certificate = certificateOfBase64(banner);
    return certificate === undefined
      ? { passive }
      : { tls: tlsFacts({ certificates: [certificate] }), passive };
  }
  if (name === 'http' ? banner.startsWith('HTTP/') : OWN_WORDS.test(name)) {
    return { ...factsOfBanner(Buffer.from(banner, 'latin1'), port), passive };
  }
  return { greeting: { protocol: protocolOfService(name, false), text: banner.slice(0, 4096) }, passive };
}
