import type { HttpFacts } from '../../../model/facts.ts';
import { TCP_QUESTIONS } from '../protocols/tcp.ts';
import type { TcpQuestion } from '../question.ts';

/** listen: for a server that speaks first, with TLS beside it · tls, web, rdp: ask · a question of one protocol. */
export type Attempt = 'listen' | 'tls' | 'web' | 'rdp' | TcpQuestion;

const RDP_PORTS: ReadonlySet<number> = new Set([3388, 3390, 3391, 3392, 33_899]);
const TLS_PORTS: ReadonlySet<number> = new Set([
  465, 636, 853, 989, 990, 992, 993, 994, 995, 1311, 2083, 2087, 2096, 2376, 3269, 4433, 5061, 5671, 5986,
  6697, 8006, 8140, 8333, 8531, 8834, 9444, 10_443, 55_000,
]);
const WEB_PORTS: ReadonlySet<number> = new Set([
  80, 81, 82, 83, 88, 591, 2082, 2095, 2375, 3000, 3128, 5000, 5601, 5800, 5984, 5985, 6080, 7001, 7080, 7547,
  7780, 8000, 8001, 8008, 8010, 8030, 8069, 8080, 8081, 8082, 8085, 8086, 8088, 8089, 8090, 8161, 8180, 8200,
  8280, 8500, 8530, 8888, 8889, 9000, 9001, 9080, 9090, 9091, 9200, 10_000, 15_672, 50_000,
]);
/** Implicit TLS for protocols in which the server speaks first. */
const TLS_GREETING_PORTS: ReadonlySet<number> = new Set([465, 563, 989, 990, 992, 993, 994, 995, 6697]);

/**
 * Raw printing (HP JetDirect and its like): whatever is sent there comes out on paper. Such a port is only listened to,
 * never spoken to; nmap leaves the same ports out of its version detection.
 */
export function mustNotSpeak(port: number): boolean {
  return port >= 9100 && port <= 9107;
}

/** The order in which questions are asked. A port number decides this and nothing else. */
export function planFor(port: number): readonly Attempt[] {
  const likely = TCP_QUESTIONS.filter(({ ports }) => ports.includes(port));
  if (port % 10_000 === 3389 || RDP_PORTS.has(port)) return ['rdp', 'listen', 'tls', 'web', ...likely];
  if (port % 1000 === 443 || TLS_PORTS.has(port)) return ['tls', 'listen', 'web', 'rdp', ...likely];
  if (WEB_PORTS.has(port)) return ['web', 'listen', 'tls', 'rdp', ...likely];
  return [...likely, 'listen', 'tls', 'web', 'rdp'];
}

/** Questions that the plan of this port leaves out, asked where nothing else was understood. */
export function otherQuestions(port: number): readonly TcpQuestion[] {
  return TCP_QUESTIONS.filter(({ ports, elsewhere }) => elsewhere === 'ask' && !ports.includes(port));
}

/** Inside TLS: questions to ask before anything else. */
export function likelyInsideTls(port: number): readonly TcpQuestion[] {
  return TCP_QUESTIONS.filter(
    ({ ports, tlsPorts }) => ports.includes(port) || tlsPorts?.includes(port) === true,
  );
}

/** What may share the port of a TLS server. */
export function besideTls(port: number): readonly TcpQuestion[] {
  return TCP_QUESTIONS.filter(
    (question) => question.besideTls === true && (port % 1000 === 443 || question.ports.includes(port)),
  );
}

/** What may stand beside this web server. */
export function besideWeb(web: HttpFacts): readonly TcpQuestion[] {
  return TCP_QUESTIONS.filter((question) => question.besideWeb?.(web) === true);
}

/** Inside TLS: listen for a greeting before asking as a web client. */
export function isGreetingLikely(port: number): boolean {
  return TLS_GREETING_PORTS.has(port);
}
