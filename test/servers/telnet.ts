import { listen, pause, readSome, type Listening, type Place } from './listening.ts';

export interface TelnetOptions extends Place {
  /** Text before the prompt, e.g. the name of the device. */
  readonly greeting?: string;
  readonly prompt?: string;
}

const IAC = 255;
const SB = 250;
const SE = 240;
const [WILL, DO] = [251, 253];
const [ECHO, SUPPRESS_GO_AHEAD, TERMINAL_TYPE, WINDOW_SIZE] = [1, 3, 24, 31];

/** telnetd as it begins (RFC 854): asks for terminal type and window size, waits for the answers, then prompts for a name. */
export async function startTelnet(options: TelnetOptions): Promise<Listening> {
  return listen(options, async (socket, note) => {
    socket.write(Buffer.from([IAC, DO, TERMINAL_TYPE, IAC, DO, WINDOW_SIZE]));
    socket.write(Buffer.from([IAC, WILL, SUPPRESS_GO_AHEAD, IAC, WILL, ECHO]));
    // inetutils-telnetd prompts only after the client has answered; a client that never does gets it a little later.
    let prompted = false;
    const prompt = (): void => {
      if (!prompted && !socket.destroyed)
        socket.write(`${options.greeting ?? ''}\r\n${options.prompt ?? 'login: '}`);
      prompted = true;
    };
    void pause(400).then(prompt);
    for (;;) {
      const text = withoutCommands(await readSome(socket));
      prompt();
      if (text.length > 0) note(`telnet input ${JSON.stringify(text.toString('latin1').slice(0, 40))}`);
    }
  });
}

/** What a person would have typed: the bytes outside Telnet commands and sub-negotiations. */
function withoutCommands(bytes: Buffer): Buffer {
  const typed: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] !== IAC) {
      typed.push(bytes[at] ?? 0);
      at += 1;
    } else if (bytes[at + 1] === SB) {
      const end = bytes.indexOf(Buffer.from([IAC, SE]), at);
      at = end < 0 ? bytes.length : end + 2;
    } else at += (bytes[at + 1] ?? 0) >= WILL && bytes[at + 1] !== IAC ? 3 : 2;
  }
  return Buffer.from(typed);
}
