import { jsonFormat, type JsonFormat, type Verdict } from '../json-format.ts';
import { protocolOfService } from '../service-names.ts';
import { fieldOf, portOf, textOf, textsOf } from './fields.ts';
import { addressIn, hostNames, observationOf, passiveOf } from './observe.ts';

const OTHERS = [
  'url',
  'data',
  'template-id',
  'probe_status',
  'tls_version',
  'services',
  'rec_type',
  'ports',
  '_shodan',
];

/** naabu -json: one object for each open port, with product and version when it was started with -sV. */
export const naabuRecords: JsonFormat = {
  type: 'naabu',
  recognises: (value) =>
    textOf(value, ['ip', 'host']) !== undefined &&
    portOf(portField(value), 'port') !== undefined &&
    OTHERS.every((name) => !(name in value)),
  read: ({ value, text }, context, give): Verdict => {
    const host = textOf(value, 'host');
    const address = addressIn(textOf(value, 'ip'), host);
    const port = portOf(portField(value), 'port');
    if (address === undefined) return { fault: 'this naabu record has no usable address (ip)' };
    if (!context.accepts(address)) return 'out-of-scope';
    if (port === undefined) return { fault: 'this naabu record has no usable port' };
    const spoken = textOf(portField(value), ['protocol', 'proto'])?.toLowerCase();
    const product = textOf(value, 'product', 300);
    const version = textOf(value, 'version', 300);
    const cpe = textsOf(value, 'cpes', 'cpe').filter((name) => name.startsWith('cpe:'));
    const hostnames = hostNames(host);
    // Within the addresses of a network that serves pages for others.
    const tags = fieldOf(value, 'cdn') === true ? ['cdn'] : [];
    const says =
      product !== undefined || version !== undefined || cpe.length + hostnames.length + tags.length > 0;
    // By its port number alone every service has a name.
    const isAsked = fieldOf(value, 'method') === 'probed';
    give(
      observationOf(
        {
          source: 'naabu',
          address,
          port,
          transport: spoken === 'udp' ? 'udp' : 'tcp',
          probe: 'port',
          protocol: protocolOfService(
            isAsked ? textOf(value, 'name', 60) : undefined,
            fieldOf(value, 'tls') === true,
          ),
          facts: says
            ? {
                passive: passiveOf({
                  ...(product === undefined ? {} : { product }),
                  ...(version === undefined ? {} : { version }),
                  cpe,
                  tags,
                  hostnames,
                }),
              }
            : {},
          time: fieldOf(value, 'timestamp'),
          evidence: text,
        },
        context,
      ),
    );
    return 'record';
  },
};

export const naabu = jsonFormat(naabuRecords);

/** Version 2.1 wrote `port` as an object of its own: {"Port":80,"Protocol":0,"TLS":false}. */
function portField(value: unknown): unknown {
  const port = fieldOf(value, 'port');
  return typeof port === 'object' ? { port: fieldOf(port, 'Port', 'port') } : value;
}
