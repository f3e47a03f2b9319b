import { createReadStream } from 'node:fs';
import { AppError } from '../lib/app-error.ts';
import { LineSplitter } from '../lib/line-splitter.ts';
import { jsonLine, showable } from '../lib/hostile-text.ts';
import { readAnswers } from '../identify/match/answers.ts';
import { createMatcher, type Matcher, type NearMiss, type ProductMatch } from '../identify/match/match.ts';
import { type Knowledge } from '../model/knowledge.ts';
import { Sample } from '../model/product.ts';
import type { Certainty, ServiceClass } from '../model/service-class.ts';
import { factsOfSamples } from '../observe/recorded/samples.ts';
import { ExitCode } from './exit-code.ts';
import { readRecordedLine } from './recorded-line.ts';
import type { Terminal } from './terminal.ts';

/** What one recorded answer is; one JSON object a line with `--json`. */
export interface MatchLine {
  readonly id: string | null;
  /** Id of the product file; null when nothing is claimed, or only the plain server in `carrier`. */
  readonly product: string | null;
  readonly class: ServiceClass | null;
  readonly version: string | null;
  readonly certainty: Certainty | null;
  /** Facts that decided, strongest first: "login-page (strong)". */
  readonly because: readonly string[];
  /** The ordinary web or mail server that answers, when that is all that can be said. */
  readonly carrier: string | null;
  /** Other products that the answer fits as well, best first. */
  readonly others: readonly string[];
  /** "product: weak-only login-title", "product: denied root-script". */
  readonly nearMisses: readonly string[];
}

interface Line {
  /** From 1. */
  readonly number: number;
  /** undefined when the line is too long to be read. */
  readonly text: string | undefined;
}

/** A line that could not be read. */
export interface BrokenLine {
  readonly line: number;
  readonly error: string;
}

/** A recorded page of a megabyte in base64 with all its headers has room; nothing recorded of one answer is longer. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Who gives the wrong file wants one screen of complaints. */
const MOST_NAMED = 20;

interface MatchInput {
  readonly file: string;
  readonly json: boolean;
  readonly knowledge: Knowledge;
  readonly terminal: Terminal;
  /** Standard input, for the file "-". */
  readonly input: AsyncIterable<Uint8Array>;
}

/**
 * `sekisho match FILE|-`: names each recorded answer. One line in, one object or block out, in constant memory.
 *
 * @returns 30 when a line could not be read: the first are named on stderr, and the others are done all the same.
 * @throws AppError `no-file`
 */
export async function matchCommand({
  file,
  json,
  knowledge,
  terminal,
  input,
}: MatchInput): Promise<ExitCode> {
  const name = createNamer(knowledge);
  const output = buffered(terminal);
  let read = 0;
  let broken = 0;
  for await (const line of linesOf(file, input)) {
    if (line.text?.trim() === '') continue;
    const result = matchLine(line, name);
    if ('error' in result) {
      broken += 1;
      if (broken <= MOST_NAMED) terminal.say(`${nameOf(file)}:${result.line}: ${result.error}`);
    } else read += 1;
    if (json) output.write(jsonLine(result));
    else if (!('error' in result)) output.write(describe(result, knowledge));
  }
  output.end();
  if (broken > MOST_NAMED)
    terminal.say(`${nameOf(file)}: ${broken} lines could not be read, the first ${MOST_NAMED} are named.`);
  if (read + broken === 0)
    terminal.say('Nothing to match: expected one JSON object a line, see sekisho schema sample.');
  return broken > 0 ? ExitCode.incomplete : ExitCode.nothingNew;
}

function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file;
}

async function* linesOf(file: string, input: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const stream: AsyncIterable<Uint8Array> = file === '-' ? input : createReadStream(file);
  let lines: Line[] = [];
  let number = 0;
  const splitter = new LineSplitter(MAX_LINE_BYTES, (bytes) => {
    number += 1;
    lines.push({ number, text: bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8') });
  });
  const take = (): Line[] => {
    const taken = lines;
    lines = [];
    return taken;
  };
  try {
    for await (const chunk of stream) {
      splitter.push(chunk);
      yield* take();
    }
    splitter.end();
    yield* take();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new AppError(
      'no-file',
      `${file}: cannot be read (${message}). Give a file of JSON lines, or - for standard input.`,
    );
  }
}

type Namer = (sample: Sample) => MatchLine;

/** Reads one line and names it. */
export function matchLine({ number, text }: Line, name: Namer): MatchLine | BrokenLine {
  if (text === undefined) {
    return { line: number, error: `longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB: left out` };
  }
  const read = readRecordedLine(text);
  return read.ok ? name(read.sample) : { line: number, error: read.reason };
}

/** Matches samples one by one; compiles the products once. */
export function createNamer({ products, classes }: Knowledge): Namer {
  const matcher = createMatcher(products.values());
  // A plain web or mail server says nothing about the boundary: it is named as the carrier, never claimed as a product.
  const isPlain = ({ productId, generic }: ProductMatch): boolean => {
    const of = products.get(productId)?.class;
    return generic && of !== undefined && classes[of].role === 'other';
  };
  return (sample) => {
    const answers = readAnswers(factsOfSamples([sample]));
    const { matches, nearMisses } = matcher.explain(answers);
    const claimed = matches.filter((match) => !isPlain(match));
    const carrier = matches.find(isPlain)?.productId ?? null;
    const [first] = claimed;
    const rest = {
      carrier,
      others: claimed.slice(1).map(({ productId }) => productId),
      nearMisses: nearMisses.map(nearMissText),
    };
    const id = sample.id ?? null;
    if (first === undefined) {
      return { id, product: null, class: null, version: null, certainty: null, because: [], ...rest };
    }
    const { productId, certainty } = first;
    return {
      id,
      product: productId,
      class: products.get(productId)?.class ?? null,
      version: versionOf(matcher, productId, answers),
      certainty,
      because: factTexts(first, products),
      ...rest,
    };
  };
}

function versionOf(
  matcher: Matcher,
  productId: string,
  answers: Parameters<Matcher['match']>[0],
): string | null {
  const version = matcher.readVersion(productId, answers);
  return version.state === 'known' ? version.value : null;
}

function factTexts({ productId, facts }: ProductMatch, products: Knowledge['products']): string[] {
  const known = products.get(productId)?.facts ?? [];
  return facts.map((id) => `${id} (${known.find((fact) => fact.id === id)?.strength ?? ''})`);
}

function nearMissText({ productId, reason, facts }: NearMiss): string {
  return `${productId}: ${reason} ${facts.join(' ')}`;
}

/** Everything that comes from the answer (id, version) is made safe to show. */
function describe(line: MatchLine, { products }: Knowledge): string {
  const of = line.id === null ? '(no id)' : showable(line.id);
  const product = line.product === null ? undefined : products.get(line.product);
  const rows: string[] = [];
  if (product === undefined) {
    rows.push(`${of}: no product${line.carrier === null ? '' : ` (plain server: ${line.carrier})`}`);
  } else {
    const version = line.version === null ? 'version unknown' : `version ${showable(line.version)}`;
    rows.push(
      `${of}: ${product.id} — ${product.vendor} ${product.name} [${product.class}], ${version}, ${line.certainty}`,
    );
    rows.push(`  because    ${line.because.join(', ')}`);
  }
  if (line.others.length > 0) rows.push(`  fits also  ${line.others.join(', ')}`);
  if (line.nearMisses.length > 0) rows.push(`  near       ${line.nearMisses.join('; ')}`);
  return rows.join('\n');
}

const ROWS_AT_ONCE = 500;

/** A hundred thousand small writes cost more than the matching. */
function buffered(terminal: Terminal): { write(row: string): void; end(): void } {
  let rows: string[] = [];
  const flush = (): void => {
    if (rows.length > 0) terminal.result(rows.join('\n'));
    rows = [];
  };
  return {
    write(row) {
      rows.push(row);
      if (rows.length >= ROWS_AT_ONCE) flush();
    },
    end: flush,
  };
}
