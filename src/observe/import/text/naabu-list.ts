import { showable } from '../../../lib/hostile-text.ts';
import type { ImportFormat, ImportOutput, ImportContext } from '../format.ts';
import { addressIn, observationOf } from '../json/observe.ts';
import { readLines } from './lines.ts';
import { portNumber } from '../scan-observation.ts';

/** What naabu prints when it is asked for nothing else: "192.0.2.1:443", "[2001:db8::1]:443". Many tools do, so it must be said. */
export const naabuList: ImportFormat = {
  type: 'naabu',
  recognises: () => false,
  open: (context, output) =>
    readLines(output, (line, number) => readPlace(line.trim(), number, context, output)),
};

const LOG = /^(?:\[|projectdiscovery\.io|[\s_/\\|.'`,()<>-]+$)/;

function readPlace(line: string, number: number, context: ImportContext, output: ImportOutput): void {
  const [, host = '', digits] = /^(\[[\da-f:.]{2,45}\]|[^\s:]{1,255}):(\d{1,5})$/i.exec(line) ?? [];
  const [address, port] = [addressIn(host), portNumber(digits)];
  if (address === undefined || port === undefined || port === 0) {
    if (digits === undefined && LOG.test(line)) return output.ignored();
    return output.fault(
      number,
      `this is no address with a port such as "192.0.2.1:443": "${showable(line, 60)}"`,
    );
  }
  if (!context.accepts(address)) return output.outOfScope();
  output.observation(
    observationOf(
      {
        source: 'naabu',
        address,
        port,
        transport: 'tcp',
        probe: 'port',
        facts: {},
        time: undefined,
        evidence: line,
      },
      context,
    ),
  );
  output.record();
}
