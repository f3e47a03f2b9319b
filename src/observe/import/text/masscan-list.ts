import { parseAddress } from '../../../lib/address.ts';
import { showable } from '../../../lib/hostile-text.ts';
import { factsOfText, protocolOfFacts } from '../escaped-banner.ts';
import type { ImportContext, ImportFormat, ImportOutput } from '../format.ts';
import {
  NO_DATE,
  epochDate,
  portNumber,
  recordEvidence,
  scanObservation,
  scanStatus,
} from '../scan-observation.ts';
import { protocolOfService } from '../service-names.ts';
import { readLines } from './lines.ts';

/** "open tcp 80 10.99.0.3 1795201692", "banner tcp 22 10.99.0.2 1795201746 ssh SSH-2.0-…" */
const LINE = /^(open|closed|banner) ([a-z]{3,8}) (\d{1,5}) (\S{2,45}) (\d{1,11})(?: (\S{1,40}) (.*))?$/;
/** What it shows while it runs: "Discovered open port 80/tcp on 10.99.0.3", "Banner on port 22/tcp on 10.99.0.2: [ssh] SSH-2.0-…" */
const SHOWN = /^Discovered (open|closed) port (\d{1,5})\/([a-z]{3,8}) on ([\da-fA-F.:]{2,45})\s*$/;
const SHOWN_BANNER =
  /^Banner on port (\d{1,5})\/([a-z]{3,8}) on ([\da-fA-F.:]{2,45}): \[([^\]\s]{1,40})\] (.*)$/;
/** Its progress and its greeting, when standard error went into the same file. */
const NOISE = /^(?:rate:|Starting masscan|Initiating |Scanning \d|\[[+-]\]|\s*-- forced options)/;

/** `masscan -oL`, or what it showed on the screen: one statement a line. */
export const masscanList: ImportFormat = {
  type: 'masscan',
  recognises: (head) =>
    /^\s*(?:#masscan\s|#?\s*(?:open|closed|banner) (?:tcp|udp) \d{1,5} [0-9A-Fa-f.:]+ \d{6,11}\b|Starting masscan )/.test(
      head,
    ) ||
    /^(?:Discovered (?:open|closed)|Banner on) port \d{1,5}\/[a-z]{3,8} on [0-9A-Fa-f.:]+/m.test(
      head.slice(0, 4096),
    ),
  open: (context, output) =>
    readLines(output, (line, number) => {
      // The progress is written over itself, so a statement may stand behind it in the same line.
      const said = line.slice(line.lastIndexOf('\r') + 1);
      if (NOISE.test(said)) output.ignored();
      else if (!said.startsWith('#')) readLine(said, number, context, output);
    }),
};

interface Statement {
  readonly word: string;
  readonly transport: string;
  readonly port: string;
  readonly address: string;
  readonly seconds?: string | undefined;
  readonly name?: string | undefined;
  readonly banner?: string | undefined;
}

function statementOf(line: string): Statement | undefined {
  const list = LINE.exec(line);
  if (list !== null) {
    const [, word = '', transport = '', port = '', address = '', seconds, name, banner] = list;
    return { word, transport, port, address, seconds, name, banner };
  }
  const shown = SHOWN.exec(line);
  if (shown !== null) {
    const [, word = '', port = '', transport = '', address = ''] = shown;
    return { word, transport, port, address };
  }
  const [, port, transport = '', address = '', name, banner] = SHOWN_BANNER.exec(line) ?? [];
  return port === undefined ? undefined : { word: 'banner', transport, port, address, name, banner };
}

function readLine(line: string, number: number, context: ImportContext, output: ImportOutput): void {
  const statement = statementOf(line);
  const [port, address] = [portNumber(statement?.port), parseAddress(statement?.address ?? '')];
  if (statement === undefined || port === undefined || address === undefined) {
    return output.fault(
      number,
      `this is no line of masscan -oL such as "open tcp 80 192.0.2.1 1795201692": "${showable(line, 60)}"`,
    );
  }
  const { word, transport, seconds, name, banner = '' } = statement;
  const status = scanStatus(word === 'banner' ? 'open' : word, undefined);
  if (status === undefined || (transport !== 'tcp' && transport !== 'udp')) return output.ignored();
  if (!context.accepts(address)) return output.outOfScope();
  const facts = word === 'banner' ? factsOfText(banner, port) : {};
  const dated = epochDate(seconds, context.collectedAt);
  output.observation(
    scanObservation(
      'masscan',
      {
        address: address.text,
        port,
        transport,
        status,
        observedAt: dated ?? context.observedAt,
        protocol: protocolOfFacts(facts) ?? protocolOfService(name, false),
        facts,
        evidence: [recordEvidence('masscan line', line)],
        probe: word === 'banner' ? 'banner' : 'scan',
        note: dated === undefined ? NO_DATE : undefined,
      },
      context,
    ),
  );
  output.record();
}
