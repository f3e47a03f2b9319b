import type { Facts, SshFacts, TlsFacts } from '../../../model/facts.ts';
import { describeHostKey, parseIdentification } from '../../probe/tcp/ssh/packets.ts';
import type { JsonObject } from '../json-elements.ts';
import { jsonFormat, type Verdict } from '../json-format.ts';
import { certificateDate, certificateOf, certificateOfBase64, tlsFacts, tlsVersion } from './certificate.ts';
import { fieldOf, integerOf, isObject, listOf, objectOf, portOf, textOf, textsOf } from './fields.ts';
import { addressIn, hostNames, observationOf, passiveOf } from './observe.ts';
import { answerFacts, protocolName } from './zgrab2-answers.ts';
import { headerPairs, webFacts, type ToldAnswer } from './web.ts';

/** zgrab2: one target a line, one or more modules in it. Only a module that was answered by its protocol shows an open port. */
export const zgrab2 = jsonFormat({
  type: 'zgrab2',
  recognises: (value) =>
    textOf(value, ['ip', 'domain']) !== undefined &&
    Object.values(objectOf(value, 'data') ?? {}).some((module) => textOf(module, 'status') !== undefined),
  read: ({ value, text }, context, give): Verdict => {
    // The line about the whole run, which stands last.
    if (fieldOf(value, 'statuses', 'zgrab_cli_parameters') !== undefined) return 'ignored';
    const domain = textOf(value, 'domain');
    const address = addressIn(textOf(value, 'ip'), domain);
    const modules = Object.entries(objectOf(value, 'data') ?? {}).filter(([, module]) => isObject(module));
    if (address !== undefined && !context.accepts(address)) return 'out-of-scope';
    const answered = modules.filter(([, module]) => ANSWERED.has(textOf(module, 'status') ?? ''));
    if (address === undefined) {
      return modules.length > 0 && answered.length === 0
        ? 'ignored'
        : { fault: 'this zgrab2 record has no usable address (ip)' };
    }
    if (modules.length === 0) return { fault: 'this zgrab2 record holds no module (data)' };
    const looks = answered.map(([name, module]) => ({ name, module, port: portOfModule(module) }));
    if (looks.some(({ port }) => port === undefined)) {
      return { fault: 'this zgrab2 record does not say on which port: it was written by an old version' };
    }
    for (const { name, module, port } of looks) {
      if (port === undefined) continue;
      const protocol = (textOf(module, 'protocol', 60) ?? name.slice(0, 60)).toLowerCase();
      const facts = factsOf(protocol, objectOf(module, 'result') ?? {}, port);
      const passive = passiveOf({ hostnames: hostNames(domain), module: name.slice(0, 300) });
      give(
        observationOf(
          {
            source: 'zgrab2',
            address,
            port,
            transport: UDP.has(protocol) ? 'udp' : 'tcp',
            probe: protocol,
            ...(TOLD_BY_FACTS.has(protocol) ? {} : { protocol: protocolName(protocol) }),
            facts: { ...facts, passive },
            time: fieldOf(module, 'timestamp'),
            evidence: text,
          },
          context,
        ),
      );
    }
    return looks.length === 0 ? 'ignored' : 'record';
  },
});

/** application-error: the protocol answered, with an error of its own. Everything else does not even prove a port. */
const ANSWERED: ReadonlySet<string> = new Set(['success', 'application-error']);
/** What was spoken is told by the answer, not by the module. */
const TOLD_BY_FACTS: ReadonlySet<string> = new Set(['http', 'banner', 'jarm']);
const UDP: ReadonlySet<string> = new Set(['ntp', 'bacnet', 'dnp3-udp', 'ipmi']);

function portOfModule(module: unknown): number | undefined {
  const stated = portOf(module, 'port');
  if (stated !== undefined) return stated;
  const url = objectOf(objectOf(objectOf(objectOf(module, 'result'), 'response'), 'request'), 'url');
  const scheme = textOf(url, 'scheme');
  const host = textOf(url, 'host');
  if (host === undefined || (scheme !== 'http' && scheme !== 'https') || !URL.canParse(`${scheme}://${host}`))
    return undefined;
  const { port } = new URL(`${scheme}://${host}`);
  return port === '' ? (scheme === 'https' ? 443 : 80) : Number(port);
}

function factsOf(protocol: string, result: JsonObject, port: number): Facts {
  const tls = tlsOf(result);
  const common = tls === undefined ? {} : { tls };
  if (protocol === 'http' || protocol === 'https') return { ...common, ...httpOf(result) };
  if (protocol === 'ssh') return { ...common, ...sshOf(result) };
  if (protocol === 'jarm') {
    const jarm = textOf(result, 'fingerprint', 62);
    return { tls: tlsFacts({ certificates: [], jarm }) };
  }
  return { ...common, ...answerFacts(protocol, result, port) };
}

function httpOf(result: JsonObject): Facts {
  const last = objectOf(result, 'response');
  const answers = [...listOf(result, 'redirect_response_chain').slice(0, 5), last].flatMap(
    (one) => answerOf(one) ?? [],
  );
  if (answers.length === 0) return {};
  const url = objectOf(objectOf(last, 'request'), 'url');
  const isSecure =
    textOf(url, 'scheme') === 'https' || objectOf(objectOf(last, 'request'), 'tls_log') !== undefined;
  const host = textOf(objectOf(last, 'request'), 'host') ?? textOf(url, 'host') ?? '';
  return { http: webFacts(isSecure ? 'https' : 'http', host, answers) };
}

function answerOf(response: unknown): ToldAnswer | undefined {
  const status = integerOf(response, 'status_code');
  if (status === undefined || status < 100 || status > 999) return undefined;
  const request = objectOf(response, 'request');
  const url = objectOf(request, 'url');
  const query = textOf(url, 'raw_query');
  const headers = objectOf(response, 'headers');
  const unknown = listOf(headers, 'unknown').flatMap((one) =>
    textsOf(one, 'value').map((value): [string, string] => [
      (textOf(one, 'key') ?? '').replaceAll('_', '-'),
      value,
    ]),
  );
  return {
    method: textOf(request, 'method', 20),
    path: `${textOf(url, 'path') ?? '/'}${query === undefined ? '' : `?${query}`}`,
    status,
    headers: [...headerPairs(headers).filter(([name]) => name !== 'unknown'), ...unknown],
    body: textOf(response, 'body', 256 * 1024) ?? '',
    bytes: Math.max(0, integerOf(response, 'content_length') ?? 0),
  };
}

function sshOf(result: JsonObject): Facts {
  const banner = textOf(objectOf(result, 'server_id'), 'raw', 510) ?? textOf(result, 'banner', 510);
  const parts = banner === undefined ? undefined : parseIdentification(banner.trimEnd());
  if (parts === undefined) return {};
  const offer = objectOf(result, 'server_key_exchange');
  const kex: SshFacts['kex'] = {
    keyExchange: textsOf(offer, 'kex_algorithms'),
    hostKey: textsOf(offer, 'host_key_algorithms'),
    encryption: textsOf(offer, 'server_to_client_ciphers'),
    mac: textsOf(offer, 'server_to_client_macs'),
    compression: textsOf(offer, 'server_to_client_compression'),
  };
  const shown = textOf(objectOf(objectOf(result, 'key_exchange'), 'server_host_key'), 'raw', 10_000);
  const key = shown === undefined ? undefined : describeHostKey(Buffer.from(shown, 'base64'));
  return {
    ssh: { ...parts, ...(offer === undefined ? {} : { kex }), hostKeys: key === undefined ? [] : [key] },
  };
}

/** The handshake stands in `handshake_log`, in `tls` of a mail module, or in `tls_log` of a web request. */
function tlsOf(result: JsonObject): TlsFacts | undefined {
  const request = objectOf(objectOf(result, 'response'), 'request');
  const log = objectOf(request, 'tls_log') ?? objectOf(result, 'tls') ?? result;
  const handshake = objectOf(log, 'handshake_log');
  if (handshake === undefined) return undefined;
  const hello = objectOf(handshake, 'server_hello');
  const shown = objectOf(handshake, 'server_certificates');
  const certificates = [objectOf(shown, 'certificate'), ...listOf(shown, 'chain').slice(0, 8)].flatMap(
    (one) =>
      certificateOfBase64(textOf(one, 'raw', 100_000)) ?? parsedCertificate(objectOf(one, 'parsed')) ?? [],
  );
  return tlsFacts({
    version: tlsVersion(
      textOf(objectOf(hello, 'supported_versions', 'selected_version') ?? objectOf(hello, 'version'), [
        'name',
        'selected_version',
      ]),
    ),
    cipher: textOf(objectOf(hello, 'cipher_suite'), 'name', 100),
    certificates,
  });
}

function parsedCertificate(parsed: JsonObject | undefined): ReturnType<typeof certificateOf> | undefined {
  if (parsed === undefined) return undefined;
  const validity = objectOf(parsed, 'validity');
  return certificateOf({
    sha256: textOf(parsed, 'fingerprint_sha256', 64),
    subject: textOf(parsed, 'subject_dn'),
    issuer: textOf(parsed, 'issuer_dn'),
    notBefore: certificateDate(textOf(validity, 'start')),
    notAfter: certificateDate(textOf(validity, 'end')),
    names: textsOf(parsed, 'names'),
    keyType: textOf(objectOf(objectOf(parsed, 'subject_key_info'), 'key_algorithm'), 'name', 30),
    selfSigned: fieldOf(objectOf(parsed, 'signature'), 'self_signed') === true,
  });
}
