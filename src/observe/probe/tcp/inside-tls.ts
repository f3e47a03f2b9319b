import { errorText } from '../../../lib/app-error.ts';
import type { TlsFacts } from '../../../model/facts.ts';
import type { Evidence } from '../../../model/observation.ts';
import type { ProbeContext, ProbeResult } from '../probe.ts';
import { classifyGreeting, isHttpAnswer } from './greeting/classify.ts';
import { hear } from './hear.ts';
import { askWeb } from './http/ask-web.ts';
import { isGreetingLikely, likelyInsideTls } from './plan.ts';
import { receivedFirst } from './received-first.ts';
import { askQuestion, questionFor, withBeside } from './ask-question.ts';
import { speakAs } from './speak-as.ts';
import type { TlsLook } from './tls/look.ts';
import { openTls } from './tls/open.ts';

/** What speaks inside TLS: a mail or file server that greets, or a web server; "tls" when neither. */
export async function lookInsideTls(
  context: ProbeContext,
  { facts: tls, evidence }: TlsLook,
): Promise<ProbeResult> {
  const found = await lookFor(context, tls);
  if (found === undefined) return { protocol: 'tls', status: 'open', facts: { tls }, evidence };
  return { ...found, facts: { tls, ...found.facts }, evidence: [...evidence, ...found.evidence] };
}

async function lookFor(context: ProbeContext, tls: TlsFacts): Promise<ProbeResult | undefined> {
  switch (tls.handshake) {
    case 'complete':
      return lookFurther(context, tls.alpn);
    case 'refused':
      // Where our hello found nothing in common, a protocol of this port may: NRPE speaks TLS without any certificate.
      return tryLikely(context, []);
    case 'certificate-only':
      return undefined;
  }
}

async function lookFurther(
  context: ProbeContext,
  alpn: string | undefined,
): Promise<ProbeResult | undefined> {
  // A web server has chosen its protocol in the handshake; where it has not, the port tells what is likelier.
  const isWeb = alpn !== undefined || !isGreetingLikely(context.port);
  const seen: Evidence[] = [];
  const steps = isWeb ? [tryLikely, tryWeb, tryGreeting] : [tryLikely, tryGreeting, tryWeb];
  try {
    for (const step of steps) {
      const result = await step(context, seen);
      if (result !== undefined) return result;
    }
    return { protocol: 'tls', status: 'open', facts: {}, evidence: seen };
  } catch (error) {
    // The certificate has been seen; what stands behind it has not.
    return { protocol: 'tls', status: 'open', facts: {}, evidence: seen, note: errorText(error) };
  }
}

async function tryWeb(context: ProbeContext): Promise<ProbeResult | undefined> {
  const web = await askWeb(context, 'https');
  if (web === undefined) return undefined;
  const result: ProbeResult = {
    protocol: 'https',
    status: 'open',
    facts: { http: web.facts },
    evidence: web.evidence,
  };
  return withBeside(context, result, true);
}

/** The protocols whose port this is. */
async function tryLikely(context: ProbeContext, seen: Evidence[]): Promise<ProbeResult | undefined> {
  for (const question of likelyInsideTls(context.port)) {
    const { result, evidence } = await askQuestion(context, question, { isTls: true });
    if (result !== undefined) return result;
    seen.push(...evidence);
  }
  return undefined;
}

async function tryGreeting(context: ProbeContext, seen: Evidence[]): Promise<ProbeResult | undefined> {
  const connection = await openTls(context, await context.dial());
  const { received } = await hear(connection, context.greetingTimeoutMs, context.answerTimeoutMs);
  const kind = isHttpAnswer(received) ? undefined : classifyGreeting(received);
  const question = kind === undefined || kind === 'text' ? questionFor(received) : undefined;
  if (question !== undefined) {
    const first = receivedFirst(connection, received);
    const { result, evidence } = await askQuestion(context, question, { first, isTls: true });
    if (result !== undefined) return result;
    seen.push(...evidence);
    return undefined;
  }
  if (kind !== undefined) return speakAs(inside(context), receivedFirst(connection, received), kind, true);
  if (received.length > 0) seen.push(connection.evidence('greeting inside tls'));
  connection.close();
  return undefined;
}

/** More connections of the same conversation are inside TLS too. */
function inside(context: ProbeContext): ProbeContext {
  return { ...context, dial: async () => openTls(context, await context.dial()) };
}
