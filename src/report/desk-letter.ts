/** The draft of a mail to a desk: the same form for the report and for what is shared, each with the facts that it may hold. */
import { showable } from '../lib/hostile-text.ts';
import type { Messages } from './messages/index.ts';

export interface LetterFacts {
  /** Empty: not to be named. */
  readonly organisation: string;
  /** What was seen, most urgent first, each a sentence that may stand alone. */
  readonly seen: readonly string[];
  /** Said when `seen` is empty. */
  readonly none: string;
  /** Urgent findings beyond `seen`. */
  readonly more: number;
  /** Number of a finding and the day since which it is known to be open. */
  readonly since: readonly { readonly id: string; readonly date: string }[];
  readonly checked: string;
  /** Empty: not to be named. */
  readonly vantage: string;
  readonly unknownVersions: number;
  readonly told: readonly string[];
  readonly tlp: string;
  readonly passingOn: 'yes' | 'no' | 'ask';
}

export interface Letter {
  /** One line without control characters: cannot become a second header. */
  readonly subject: string;
  readonly lines: readonly LetterLine[];
}

export interface LetterLine {
  readonly text: string;
  /** What the text announces; often nothing. */
  readonly items: readonly string[];
}

const TOLD_SHOWN = 6;

export function deskLetter(m: Messages, facts: LetterFacts): Letter {
  const say = m.desk.letter;
  const more = facts.more > 0 ? [say.others(facts.more)] : [];
  const since = facts.since.map(({ id, date }) => say.open(id, date)).join(m.listSeparator);
  const versions = facts.unknownVersions > 0 ? [say.unknownVersion(facts.unknownVersions)] : [];
  const seen = facts.seen.length === 0 ? facts.none : say.seen;
  const lines: (string | LetterLine)[] = [
    say.from(facts.organisation),
    { text: seen, items: [...facts.seen, ...more] },
    ...(since === '' ? [] : [`${say.since(since)}${m.stop}`]),
    say.checked(facts.checked, facts.vantage),
    say.done,
    say.kept,
    say.unknown(m.lines([say.unknownUse, ...versions])),
    say.told(facts.told.slice(0, TOLD_SHOWN).join(m.listSeparator)),
    m.lines([say.handling(facts.tlp), say.passing[facts.passingOn]]),
    say.reply,
  ];
  return {
    subject: showable(say.subject(facts.organisation), 120),
    lines: lines.map((line) => {
      const { text, items } = typeof line === 'string' ? { text: line, items: [] } : line;
      return { text: showable(text, 600), items: items.map((item) => showable(item, 400)) };
    }),
  };
}
