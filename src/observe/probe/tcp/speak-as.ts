import type { Connection } from '../connection.ts';
import type { ProbeContext, ProbeResult } from '../probe.ts';
import type { GreetingKind } from './greeting/classify.ts';
import { probeGreeting } from './greeting/probe.ts';
import { probeSsh } from './ssh/probe.ts';
import { probeTelnet } from './telnet/probe.ts';
import { probeVnc } from './vnc/probe.ts';

/** The conversation that fits a greeting, in plain text or inside TLS. Closes `connection`. */
export async function speakAs(
  context: ProbeContext,
  connection: Connection,
  kind: GreetingKind,
  isInsideTls = false,
): Promise<ProbeResult> {
  switch (kind) {
    case 'ssh':
      return probeSsh(context, connection);
    case 'rfb':
      return probeVnc(context, connection);
    case 'telnet': {
      const result = await probeTelnet(context, connection);
      // "telnet" stands for clear text; inside TLS it is not.
      return isInsideTls ? { ...result, protocol: 'tls' } : result;
    }
    case 'ftp':
    case 'smtp':
    case 'pop3':
    case 'imap':
    case 'mysql':
    case 'text':
      return probeGreeting(context, connection, kind, isInsideTls);
  }
}
